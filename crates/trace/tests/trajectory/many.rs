//! A thousand trajectories at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::resume_unwind,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use probity_trace::{
    CaptureHandle, spawn, spawn_blocking,
    trajectory::{Tracer, Trajectory},
};
use serde_json::{Value, json};
use tokio::{
    runtime::Builder,
    sync::{
        mpsc::{UnboundedSender, unbounded_channel},
        watch,
    },
    task::JoinHandle,
};
use tracing::{Instrument as _, instrument::WithSubscriber as _};

use crate::{
    deadline::within_deadline,
    model::{answered, chat},
    stack::with_layer,
    tasks::yield_now,
};

const MANY: usize = 1_000;

/// Numbers that differ from seed to seed and not from run to run: `SplitMix64` (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// What one agent has asked, each question once.
#[derive(Default)]
struct Asked {
    count: AtomicUsize,
    /// Questions that were asked while the trajectory ran for sure.
    certain: Mutex<BTreeSet<String>>,
    /// Questions of tasks that nobody waited for, which may have come too late.
    possible: Mutex<BTreeSet<String>>,
}

impl Asked {
    /// Asks something that no one else asks, and returns it.
    fn ask(&self, sample: usize, history: &mut Vec<Value>) -> String {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let question = format!("s{sample} q{number}");
        history.push(json!({"role": "user", "content": question}));
        let answer = answered(&format!("to {question}"));
        chat(&Value::Array(history.clone()), &json!([answer]));
        history.push(answer);
        question
    }

    /// Asks in a task that someone may wait for.
    fn ask_elsewhere(&self, sample: usize) -> String {
        let question = self.ask(sample, &mut Vec::new());
        self.possible.lock().unwrap().insert(question.clone());
        question
    }

    fn ask_certainly(&self, sample: usize, history: &mut Vec<Value>) {
        let question = self.ask(sample, history);
        self.certain.lock().unwrap().insert(question);
    }
}

/// Asks in a task of its own, by one of the ways to carry a trajectory there. Returns what was asked, if
/// someone waited for it.
async fn ask_elsewhere(way: u64, sample: usize, asked: &Arc<Asked>) -> Option<String> {
    let own = Arc::clone(asked);
    let ask = move || own.ask_elsewhere(sample);
    let asks = ask.clone();
    let asking = async move {
        yield_now().await;
        asks()
    };
    match way {
        0 => spawn(asking).await.ok(),
        1 => spawn_blocking(ask).await.ok(),
        2 => tokio::spawn(asking.in_current_span().with_current_subscriber()).await.ok(),
        3 => {
            let handle = CaptureHandle::current()?;
            std::thread::spawn(move || handle.in_scope(ask)).join().ok()
        }
        4 => Some(asking.await),
        _ => {
            drop(spawn(asking));
            None
        }
    }
}

/// Works for a while, in its own task and in others, by every way to carry a trajectory.
async fn work(sample: usize, seed: u64, asked: Arc<Asked>, aborter: UnboundedSender<usize>) {
    let mut random = Random(seed);
    let mut history = Vec::new();
    for _ in 0..=random.below(5) {
        asked.ask_certainly(sample, &mut history);
        for _ in 0..random.below(3) {
            yield_now().await;
        }
        if let Some(question) = ask_elsewhere(random.below(6), sample, &asked).await {
            asked.certain.lock().unwrap().insert(question);
        }
        if random.below(20) == 0 {
            let nested = Tracer::new("other", "small").trajectory("nested").run_sync(|| ());
            assert_eq!(nested.unwrap_err().within(), sample.to_string());
        }
        match random.below(30) {
            // Raised without a message on standard error.
            0 => resume_unwind(Box::new("agent")),
            1 => {
                aborter.send(sample).unwrap();
                yield_now().await;
            }
            _ => {}
        }
    }
}

/// Polls a future so many times and then drops it.
struct GivesUp<F> {
    future: Option<Pin<Box<F>>>,
    patience: u64,
}

impl<F: Future> Future for GivesUp<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.patience = self.patience.saturating_sub(1);
        let Some(future) = self.future.as_mut() else { return Poll::Ready(None) };
        let polled = future.as_mut().poll(context);
        if polled.is_pending() && self.patience == 0 {
            self.future = None;
            return Poll::Ready(None);
        }
        polled.map(Some)
    }
}

/// How many trajectories ended in which way.
type Ends = BTreeMap<&'static str, usize>;

async fn run_all(tracer: &Tracer, asked: &[Arc<Asked>], seed: u64) -> Ends {
    let mut random = Random(seed);
    let (aborter, mut to_abort) = unbounded_channel();
    let gate = watch::Sender::new(false);
    let mut tasks = Vec::new();
    for (sample, asked) in asked.iter().enumerate() {
        let work = work(sample, random.below(u64::MAX), Arc::clone(asked), aborter.clone());
        let fails = random.below(10) == 0;
        let mut gate = gate.subscribe();
        let agent = async move {
            gate.wait_for(|is_open| *is_open).await.unwrap();
            work.await;
            if fails { Err("no answer") } else { Ok(()) }
        };
        let patience = if random.below(5) == 0 { 2 + random.below(8) } else { u64::MAX };
        let future = Some(Box::pin(tracer.trajectory(sample).try_run(agent)));
        let task = GivesUp { future, patience }.with_current_subscriber();
        tasks.push(tokio::spawn(task));
    }
    drop(aborter);
    let aborts: Vec<_> = tasks.iter().map(JoinHandle::abort_handle).collect();
    let aborting = tokio::spawn(async move {
        while let Some(sample) = to_abort.recv().await {
            aborts[sample].abort();
        }
    });
    // They are all under way before one of them does anything.
    while tracer.running() < MANY {
        tokio::task::yield_now().await;
    }
    gate.send_replace(true);
    let mut ends = Ends::new();
    for task in tasks {
        let end = match task.await {
            Ok(Some(Ok(Ok(())))) => "done",
            Ok(Some(Ok(Err(_)))) => "failed",
            Ok(Some(Err(nested))) => panic!("{nested}"),
            Ok(None) => "dropped",
            Err(error) if error.is_panic() => "panicked",
            Err(_) => "aborted",
        };
        *ends.entry(end).or_default() += 1;
    }
    aborting.await.unwrap();
    ends
}

/// Checks that a trajectory has what its agent asked and was answered, each once, and nothing else.
fn check(trajectory: &Trajectory, asked: &Asked, everything: &mut BTreeSet<String>) {
    let mut questions = BTreeSet::new();
    let mut answers = BTreeSet::new();
    for (position, message) in trajectory.messages.iter().enumerate() {
        assert_eq!(message.position(), position);
        let text = message.content().text();
        match message.role() {
            "user" => assert!(questions.insert(text), "twice: {message:?}"),
            "assistant" => {
                let question = text.strip_prefix("to ").unwrap().to_owned();
                assert!(answers.insert(question), "twice: {message:?}");
            }
            other => panic!("a message of {other}"),
        }
    }
    assert_eq!(questions, answers);
    let certain = asked.certain.lock().unwrap();
    let possible = asked.possible.lock().unwrap();
    assert!(questions.is_superset(&certain), "lost: {:?}", certain.difference(&questions));
    let unknown =
        questions.iter().find(|asked| !certain.contains(*asked) && !possible.contains(*asked));
    assert_eq!(unknown, None, "of another trajectory: {}", trajectory.sample);
    for question in questions {
        assert!(everything.insert(question), "in two trajectories: {}", trajectory.sample);
    }
}

fn a_thousand(seed: u64) {
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    let tracer = Tracer::new("echo", "small");
    let asked: Vec<Arc<Asked>> = (0..MANY).map(|_| Arc::default()).collect();
    let ends = runtime.block_on(run_all(&tracer, &asked, seed));
    // Tasks that nobody waits for are done after this.
    drop(runtime);

    println!("seed {seed}: {ends:?}");
    assert_eq!(tracer.running(), 0);
    let run = tracer.finish();
    let samples: BTreeSet<_> = run.trajectories.iter().map(|one| one.sample.clone()).collect();
    assert_eq!(samples.len(), run.trajectories.len(), "a trajectory is there twice");
    let mut kept = BTreeMap::<&str, usize>::new();
    let mut everything = BTreeSet::new();
    for trajectory in &run.trajectories {
        let number: usize = trajectory.sample.to_string().parse().unwrap();
        check(trajectory, &asked[number], &mut everything);
        let error_type = trajectory.metadata.get("error_type").and_then(Value::as_str);
        *kept.entry(error_type.unwrap_or("none")).or_default() += 1;
    }
    let count = |end: &str| ends.get(end).copied().unwrap_or_default();
    assert_eq!(kept.get("none"), ends.get("done"));
    assert_eq!(kept.get("&str"), ends.get("failed"));
    assert_eq!(kept.get("panic"), ends.get("panicked"));
    assert_eq!(run.trajectories.len(), MANY, "{kept:?}: {ends:?}");
    assert_eq!(kept.get("cancelled"), Some(&(count("dropped") + count("aborted"))));
    assert!(everything.len() > MANY, "{}", everything.len());
    for end in ["done", "failed", "dropped", "panicked", "aborted"] {
        assert!(count(end) > 0, "none {end}: {ends:?}");
    }
}

#[test]
fn a_thousand_trajectories_at_once_mix_lose_and_repeat_no_message() {
    within_deadline(|| {
        for seed in [1, 2_026] {
            a_thousand(seed);
        }
    });
}

#[test]
fn a_thousand_trajectories_keep_apart_under_a_subscriber_of_the_program_too() {
    within_deadline(|| {
        tracing::dispatcher::with_default(&with_layer(), || a_thousand(7));
    });
}
