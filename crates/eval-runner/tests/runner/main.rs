//! Suites are run on all cores, and each trial has an outcome, whatever happens in it.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use probity_eval::{PureEvalExt as _, from_fn, pass_fail};
use probity_eval_runner::{
    Case, Failure, Outcome, Trial,
    runner::{CancellationToken, Finished, Progress, Runner},
    suite::{Answer, Suite, SuiteError, Verdict},
};

fn cases(count: i32) -> Vec<Case<i32, i32>> {
    (0..count).map(|n| Case::new(format!("case {n}"), n).with_expected(n * n)).collect()
}

/// A suite whose agent squares its input, judged by what is expected.
fn squares(count: i32) -> Suite<i32, i32, i32> {
    Suite::new("squares", cases(count))
        .agent("1", |case: Arc<Case<i32, i32>>| async move {
            tokio::task::yield_now().await;
            tracing::info_span!("squaring").in_scope(|| ());
            Ok(case.input * case.input)
        })
        .eval(
            "right",
            from_fn(|trace: &probity_trace::TraceSnapshot, answer: &Answer<i32, i32, i32>| {
                tracing::info!("judging");
                let right = answer.case.expected == Some(answer.artifact);
                Ok::<_, Infallible>(right && trace.span_exists("squaring"))
            })
            .scored_by(pass_fail(|right: &bool| *right))
            .lift(),
        )
}

/// A suite without evals.
fn plain<F, Fut>(count: i32, agent: F) -> Suite<i32, i32, i32>
where
    F: Fn(Arc<Case<i32, i32>>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<i32, probity_eval_runner::TrialError>> + Send + 'static,
{
    Suite::new("plain", cases(count)).agent("1", agent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_trial_is_there_once_in_order_with_its_traces_apart() {
    let run = Runner::new().trials(3).concurrency(5).seed(7).run(squares(4)).await.unwrap();
    let order: Vec<_> =
        run.finished.iter().map(|one| (one.trial.case().to_owned(), one.trial.index())).collect();
    let expected: Vec<_> =
        (0..4).flat_map(|case| (0..3).map(move |index| (format!("case {case}"), index))).collect();
    assert_eq!(order, expected);
    assert_eq!((run.tally().passed, run.cancelled), (12, 0));
    for one in &run.finished {
        assert_eq!(
            one.trace.roots().map(probity_trace::SpanRef::name).collect::<Vec<_>>(),
            ["probity.trial"]
        );
        assert!(!one.trace.has_event_message("judging"));
        assert!(one.eval_trace.as_ref().unwrap().has_event_message("judging"));
        assert!(matches!(one.judgments[0].verdict, Verdict::Scored { passed: true, .. }));
    }
    assert!(run.report().unwrap().to_string().contains("4 tasks × 3 trials"));
}

#[tokio::test]
async fn the_seeds_do_not_depend_on_what_runs_beside() {
    let seeds = |run: probity_eval_runner::runner::SuiteRun| {
        run.finished.iter().map(|one| one.trial.seed()).collect::<Vec<_>>()
    };
    let one = Runner::new().trials(2).concurrency(1).seed(7).run(squares(3)).await.unwrap();
    let many = Runner::new().trials(2).concurrency(6).seed(7).run(squares(3)).await.unwrap();
    assert_eq!(seeds(one), seeds(many));
}

#[tokio::test]
async fn a_trial_finds_itself() {
    let suite = plain(2, |case| async move {
        let trial = Trial::current().ok_or("no trial is running")?;
        assert_eq!(trial.case(), case.id);
        Ok(1)
    });
    assert_eq!(Runner::new().trials(2).run(suite).await.unwrap().tally().passed, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn panics_errors_and_lateness_are_outcomes_and_the_run_goes_on() {
    let suite = plain(4, |case| async move {
        match case.input {
            0 => panic!("out of cheese"),
            1 => Err("no idea".into()),
            2 => std::future::pending().await,
            _ => Ok(9),
        }
    });
    let run = Runner::new().time_limit(Duration::from_millis(50)).run(suite).await.unwrap();
    let outcomes: Vec<_> = run.finished.iter().map(|one| one.outcome.clone()).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Failed(Failure::Panicked("out of cheese".to_owned())),
            Outcome::Failed(Failure::Error("no idea".to_owned())),
            Outcome::Failed(Failure::OutOfTime(Duration::from_millis(50))),
            Outcome::Passed,
        ]
    );
}

#[tokio::test]
async fn the_closure_of_an_agent_belongs_to_its_trial_before_it_makes_a_future() {
    let suite = plain(2, |case| {
        tracing::info_span!("preparing").in_scope(|| ());
        assert_eq!(Trial::current().map(|trial| trial.case().to_owned()), Some(case.id.clone()));
        assert_ne!(case.input, 1, "this one cannot be prepared");
        async { Ok(1) }
    });
    let run = Runner::new().retry_wait(Duration::ZERO).run(suite).await.unwrap();
    assert!(run.finished[0].trace.span_exists("preparing"));
    assert_eq!(run.finished[0].outcome, Outcome::Passed);
    let Outcome::Failed(Failure::Panicked(said)) = &run.finished[1].outcome else {
        panic!("{:?}", run.finished[1].outcome);
    };
    assert!(said.contains("this one cannot be prepared"), "{said}");
    assert_eq!(run.finished[1].attempts, 1);
}

#[tokio::test]
async fn a_trial_whose_infrastructure_fails_is_tried_again_and_one_that_fails_is_not() {
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let suite = plain(1, move |_| {
        let nth = counted.fetch_add(1, Ordering::Relaxed);
        async move {
            match nth {
                0 | 1 => Err(io::Error::from(io::ErrorKind::ConnectionReset).into()),
                _ => Ok(1),
            }
        }
    });
    let runner = Runner::new().retry_wait(Duration::ZERO);
    let run = runner.clone().run(suite).await.unwrap();
    assert_eq!((run.tally().passed, run.finished[0].attempts), (1, 3));

    let suite = plain(1, |_| async { Err("wrong".into()) });
    assert_eq!(runner.clone().run(suite).await.unwrap().finished[0].attempts, 1);

    let suite = plain(1, |_| async { Err(io::Error::from(io::ErrorKind::TimedOut).into()) });
    let run = runner.max_attempts(2).run(suite).await.unwrap();
    assert_eq!((run.tally().not_graded, run.finished[0].attempts), (1, 2));
}

#[tokio::test]
async fn an_eval_that_errs_or_panics_leaves_the_trial_not_graded_and_the_agent_is_not_run_again() {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let suite = plain(1, move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Ok(1) }
    });
    let suite = suite
        .artifact_eval(
            "errs",
            from_fn(|_, _: &i32| Err::<bool, _>("no label"))
                .scored_by(pass_fail(|right: &bool| *right))
                .lift(),
        )
        .artifact_eval(
            "panics",
            from_fn(|_, _: &i32| -> Result<bool, Infallible> { panic!("bad eval") })
                .scored_by(pass_fail(|right: &bool| *right))
                .lift(),
        );
    let run = Runner::new().retry_wait(Duration::ZERO).run(suite).await.unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert_eq!(run.finished[0].outcome, Outcome::NotGraded("errs: no label".to_owned()));
    let Verdict::NotGraded { reason, .. } = &run.finished[0].judgments[1].verdict else {
        panic!("the second eval panicked");
    };
    assert_eq!(reason, "the eval panicked: bad eval");
}

#[tokio::test]
async fn a_cancelled_run_keeps_what_has_ended_and_counts_the_rest() {
    let token = CancellationToken::new();
    let stop = token.clone();
    let suite = plain(4, |case| async move {
        if case.input < 2 { Ok(1) } else { std::future::pending().await }
    });
    let runner = Runner::new().cancel_with(token).watch(move |_: &Finished, progress: Progress| {
        if progress.tally.passed == 2 {
            stop.cancel();
        }
    });
    let run = runner.run(suite).await.unwrap();
    assert_eq!((run.tally().passed, run.cancelled, run.finished.len()), (2, 2, 2));
}

#[tokio::test]
async fn what_has_ended_is_told_as_it_ends() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    let runner = Runner::new().concurrency(1).watch(move |one: &Finished, progress: Progress| {
        kept.lock().unwrap().push((one.trial.case().to_owned(), progress.planned));
    });
    runner.run(squares(2)).await.unwrap();
    assert_eq!(*told.lock().unwrap(), [("case 0".to_owned(), 2), ("case 1".to_owned(), 2)]);
}

#[tokio::test]
async fn a_suite_that_cannot_be_run_says_why() {
    let none = Suite::new("empty", cases(0)).agent("1", |_| async { Ok(1) });
    let error = Runner::new().run(none).await.unwrap_err();
    assert_eq!(error.to_string(), "suite \"empty\" has no cases");

    let twice = [Case::<_, i32>::new("a", 1), Case::new("a", 2)];
    let twice = Suite::new("twice", twice).agent("1", |_| async { Ok(1) });
    let error = twice.check().unwrap_err();
    assert!(matches!(&error, SuiteError::Duplicate { name, .. } if name == "a"));
    assert_eq!(error.to_string(), "two cases are named \"a\"; each needs a name of its own");
}

#[test]
fn fingerprints_tell_apart_what_was_run_from_how_it_was_judged() {
    let one = squares(2).fingerprints().unwrap();
    let same = squares(2).fingerprints().unwrap();
    assert_eq!(one, same);
    let judged = squares(2).artifact_eval(
        ("small", "2"),
        from_fn(|_, n: &i32| Ok::<_, Infallible>(*n < 10))
            .scored_by(pass_fail(|small: &bool| *small))
            .lift(),
    );
    let judged = judged.fingerprints().unwrap();
    assert_eq!((&judged.agent, &judged.cases), (&one.agent, &one.cases));
    assert_ne!(judged.evals, one.evals);
}
