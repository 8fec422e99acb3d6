//! Where a trajectory sees what is recorded.

use futures::{executor::block_on, future::join};
use probity_trace::{
    CaptureHandle, CaptureLimits, capture, capture_sync, spawn, spawn_blocking,
    trajectory::{Sample, Tracer},
};
use tracing::{Instrument as _, dispatcher, info_span, instrument::WithSubscriber as _};

use crate::{
    model::{ask, ask_slowly, only, said},
    runtime::{current_thread, multi_thread},
    stack::with_layer,
};

#[test]
fn a_future_and_a_closure_run_as_trajectories_and_give_what_they_return() {
    let tracer = Tracer::new("echo", "small");
    let first = block_on(tracer.trajectory("async").run(ask_slowly("one"))).unwrap();
    let second = tracer.trajectory(2).run_sync(|| ask("two")).unwrap();

    assert_eq!((first.as_str(), second.as_str()), ("you said: one", "you said: two"));
    let run = tracer.finish();
    assert_eq!((run.task.as_str(), run.model.as_str()), ("echo", "small"));
    assert_eq!(run.trajectories[0].sample, Sample::from("async"));
    assert_eq!(run.trajectories[1].sample, Sample::from(2));
    assert_eq!(said(&run.trajectories[0]), ["user: one", "assistant: you said: one"]);
    assert_eq!(said(&run.trajectories[1]), ["user: two", "assistant: you said: two"]);
    assert!(run.trajectories.iter().all(|trajectory| trajectory.metadata.is_empty()));
}

#[test]
fn code_may_borrow_and_need_not_be_send() {
    let question = std::rc::Rc::new("borrowed".to_owned());
    let mut answers = Vec::new();
    let tracer = Tracer::new("echo", "small");
    block_on(tracer.trajectory(1).run(async { answers.push(ask_slowly(&question).await) }))
        .unwrap();
    assert_eq!(answers, ["you said: borrowed"]);
}

#[test]
fn a_subscriber_that_is_there_is_used() {
    dispatcher::with_default(&with_layer(), || {
        let tracer = Tracer::new("echo", "small");
        tracer.trajectory(1).run_sync(|| ask("one")).unwrap();
        assert_eq!(only(tracer.finish()).messages.len(), 2);
    });
}

#[test]
fn several_tracers_know_nothing_of_each_other() {
    let (one, other) = (Tracer::new("one", "small"), Tracer::new("other", "large"));
    one.trajectory(1).run_sync(|| ask("one")).unwrap();
    other.trajectory(1).run_sync(|| ask("other")).unwrap();
    assert_eq!(said(&only(one.finish()))[0], "user: one");
    assert_eq!(said(&only(other.finish()))[0], "user: other");
}

#[test]
fn clones_of_a_tracer_collect_into_the_same_run() {
    let tracer = Tracer::new("echo", "small");
    let clone = tracer.clone();
    std::thread::spawn(move || clone.trajectory(1).run_sync(|| ask("one")).unwrap())
        .join()
        .unwrap();
    assert_eq!(only(tracer.finish()).messages.len(), 2);
}

#[test]
fn tasks_and_threads_belong_to_the_trajectory_that_carried_them() {
    multi_thread().block_on(async {
        let tracer = Tracer::new("echo", "small");
        let work = async {
            spawn(ask_slowly("task")).await.unwrap();
            spawn_blocking(|| ask("pool")).await.unwrap();
            let handle = CaptureHandle::current().unwrap();
            std::thread::spawn(move || handle.in_scope(|| ask("thread"))).join().unwrap();
        };
        tracer.trajectory(1).run(work).await.unwrap();
        let asked = said(&only(tracer.finish()));
        let asked: Vec<&str> =
            asked.iter().filter_map(|said| said.strip_prefix("user: ")).collect();
        assert_eq!(asked, ["task", "pool", "thread"]);
    });
}

#[test]
fn tasks_that_carry_the_span_belong_to_it_under_a_subscriber() {
    let subscriber = with_layer();
    let _guard = dispatcher::set_default(&subscriber);
    let runtime = current_thread();
    let tracer = Tracer::new("echo", "small");
    let work = async {
        let task = ask_slowly("task").in_current_span().with_current_subscriber();
        tokio::spawn(task).await.unwrap();
    };
    runtime.block_on(tracer.trajectory(1).run(work)).unwrap();
    assert_eq!(said(&only(tracer.finish()))[0], "user: task");
}

#[test]
fn trajectories_that_run_at_once_on_one_task_keep_apart() {
    let tracer = Tracer::new("echo", "small");
    let talk = async |name: &str| {
        for turn in 0..3 {
            ask_slowly(&format!("{name} {turn}")).await;
        }
    };
    let both = join(tracer.trajectory("a").run(talk("a")), tracer.trajectory("b").run(talk("b")));
    let (a, b) = block_on(both);
    a.and(b).unwrap();
    for trajectory in tracer.finish().trajectories {
        assert_eq!(trajectory.messages.len(), 6);
        let name = trajectory.sample.to_string();
        assert!(said(&trajectory).iter().all(|said| said.contains(&name)), "{trajectory:?}");
    }
}

#[test]
fn what_is_said_outside_and_after_the_end_is_in_no_trajectory() {
    multi_thread().block_on(async {
        let tracer = Tracer::new("echo", "small");
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        ask("before");
        let late = tracer
            .trajectory(1)
            .run_sync(|| {
                ask("within");
                spawn(async {
                    gone.await.unwrap();
                    ask("late")
                })
            })
            .unwrap();
        go.send(()).unwrap();
        late.await.unwrap();
        ask("after");
        assert_eq!(said(&only(tracer.finish())), ["user: within", "assistant: you said: within"]);
    });
}

#[test]
fn finish_gives_each_trajectory_once_in_the_order_in_which_they_ended() {
    let tracer = Tracer::new("echo", "small");
    let mut slow = Box::pin(tracer.trajectory("slow").run(ask_slowly("slow")));
    assert_eq!(tracer.running(), 0, "nothing has begun yet");
    assert!(crate::tasks::poll_once(slow.as_mut()).is_pending());
    assert_eq!(tracer.running(), 1);
    tracer.trajectory("fast").run_sync(|| ask("fast")).unwrap();

    assert_eq!(only(tracer.finish()).sample, Sample::from("fast"));
    assert!(tracer.finish().is_empty());
    block_on(slow).unwrap();
    assert_eq!(tracer.running(), 0);
    assert_eq!(only(tracer.finish()).sample, Sample::from("slow"));
}

#[test]
fn a_run_can_be_put_into_the_order_of_its_samples() {
    let tracer = Tracer::new("echo", "small");
    for sample in [Sample::from("b"), 10.into(), "a".into(), 9.into()] {
        tracer.trajectory(sample).run_sync(|| ()).unwrap();
    }
    let mut run = tracer.finish();
    run.sort_by_sample();
    let samples: Vec<String> =
        run.trajectories.iter().map(|trajectory| trajectory.sample.to_string()).collect();
    assert_eq!(samples, ["9", "10", "a", "b"]);
}

#[test]
fn a_capture_around_a_trajectory_sees_what_the_agent_did() {
    let tracer = Tracer::new("echo", "small");
    let trial = capture_sync(|| tracer.trajectory(1).run_sync(|| ask("one")).unwrap());
    assert_eq!(trial.trace.genai().messages().len(), 2);
    assert_eq!(only(tracer.finish()).messages.len(), 2);
}

#[test]
fn a_capture_within_a_trajectory_keeps_what_it_records_unless_it_is_visible_outside() {
    let tracer = Tracer::new("echo", "small");
    block_on(tracer.trajectory(1).run(async {
        capture(ask_slowly("hidden")).await;
        capture(ask_slowly("visible")).visible_outside().await;
    }))
    .unwrap();
    assert_eq!(said(&only(tracer.finish())), ["user: visible", "assistant: you said: visible"]);
}

#[test]
fn what_limits_cut_is_a_gap() {
    let limits = CaptureLimits::default().with_max_spans(2);
    let tracer = Tracer::new("echo", "small").with_limits(limits);
    tracer.trajectory(1).run_sync(|| (ask("kept"), ask("dropped"))).unwrap();
    let trajectory = only(tracer.finish());
    assert_eq!(said(&trajectory), ["user: kept", "assistant: you said: kept"]);
    assert_eq!(trajectory.gaps[0].to_string(), "the capture dropped 1 span");
}

#[test]
fn a_trajectory_that_no_layer_saw_says_so() {
    let without_layer = tracing::Dispatch::new(tracing_subscriber::registry());
    dispatcher::with_default(&without_layer, || {
        let tracer = Tracer::new("echo", "small");
        tracer.trajectory(1).run_sync(|| info_span!("agent").in_scope(|| ask("one"))).unwrap();
        let trajectory = only(tracer.finish());
        assert!(trajectory.messages.is_empty());
        assert!(trajectory.gaps[0].reason.contains("no capture layer"), "{:?}", trajectory.gaps);
    });
}
