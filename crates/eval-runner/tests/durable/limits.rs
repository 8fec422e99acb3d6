//! A run goes on whatever one trial does, and ends where it may not go on.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use probity_eval::{ModelError, RateLimiter, model::ModelErrorKind};
use probity_eval_runner::{
    Case, Failure, Outcome, Trial, TrialError,
    runner::{CancellationToken, Finished, Notice, Progress, Resume, Runner, Watch},
    store::{self, EndReason, OutcomeKind, TrialKey},
    suite::Suite,
};

use crate::support::{self, Folder, prices};

fn suite<F, Fut>(cases: u32, agent: F) -> Suite<u32, (), u32>
where
    F: Fn(Arc<Case<u32>>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<u32, TrialError>> + Send + 'static,
{
    Suite::new("limited", (0..cases).map(|case| Case::new(format!("{case}"), case)))
        .agent("1", agent)
}

/// Makes a model call, and lets what watches the spending look at it.
async fn model_call() {
    support::model_call();
    tokio::task::yield_now().await;
}

/// Remembers what was noticed.
#[derive(Clone, Default)]
struct Noticed(Arc<Mutex<Vec<Notice>>>);

impl Watch for Noticed {
    fn trial_ended(&self, _: &Finished, _: Progress) {}

    fn noticed(&self, notice: &Notice) {
        self.0.lock().unwrap().push(notice.clone());
    }
}

#[tokio::test]
async fn an_agent_that_uses_more_tokens_or_money_than_it_may_has_failed() {
    let agent = |case: Arc<Case<u32>>| async move {
        for _ in 0..case.input {
            model_call().await;
        }
        Ok(case.input)
    };
    let tokens = Runner::new().token_limit(250).run(suite(5, agent)).await.unwrap();
    assert_eq!((tokens.tally().passed, tokens.tally().failed), (3, 2));
    let Outcome::Failed(Failure::OverLimit(reason)) = &tokens.finished[4].outcome else {
        panic!("{:?}", tokens.finished[4].outcome);
    };
    assert_eq!(reason, "300 tokens were used, of 250 allowed");
    assert_eq!(tokens.finished[4].spent.tokens(), 300, "it ended there");
    let money =
        Runner::new().prices(prices()).cost_limit(0.015).run(suite(3, agent)).await.unwrap();
    assert_eq!((money.tally().passed, money.tally().failed), (2, 1));
    let cost = money.facts().await.unwrap().spent().known_cost_usd().unwrap();
    assert!((cost - 0.03).abs() < 1e-9, "{cost}");
}

#[tokio::test]
async fn the_cost_of_a_model_without_a_price_is_unknown_and_not_zero() {
    let agent = |_| async {
        model_call().await;
        Ok(1)
    };
    let run = Runner::new().run(suite(2, agent)).await.unwrap();
    let spent = run.facts().await.unwrap().spent();
    assert_eq!((spent.known_cost_usd(), spent.unpriced_calls, spent.tokens()), (None, 2, 200));
}

#[tokio::test]
async fn a_run_that_has_cost_what_it_may_begins_no_further_trial_and_goes_on_later() {
    let folder = Folder::new("cost");
    let store = store::open(&folder.place("runs.db")).await.unwrap();
    let agent = |_| async {
        model_call().await;
        Ok(1)
    };
    let runner = Runner::new().trials(20).concurrency(1).prices(prices()).store(store);
    let runner = runner.resume(Resume::Latest);
    let run = runner.clone().total_cost_limit(0.05).run(suite(2, agent)).await.unwrap();
    assert!((5..12).contains(&run.tally().passed), "{:?}", run.tally());
    assert_eq!(run.cancelled, 40 - run.tally().passed);
    let EndReason::Stopped(reason) = &run.end else { panic!("{:?}", run.end) };
    assert!(
        reason.starts_with("it has cost 0.0") && reason.ends_with("of 0.05 that it may"),
        "{reason}"
    );
    let same = runner.clone().total_cost_limit(0.05).run(suite(2, agent)).await.unwrap();
    assert_eq!(same.tally(), run.tally(), "what its store holds has a cost too");
    let whole = runner.run(suite(2, agent)).await.unwrap();
    assert_eq!((whole.tally().passed, whole.cancelled), (40, 0));
}

#[tokio::test]
async fn a_run_that_takes_longer_than_it_may_drops_what_is_under_way() {
    let agent = |case: Arc<Case<u32>>| async move {
        if case.input > 0 {
            std::future::pending::<()>().await;
        }
        Ok(1)
    };
    let runner = Runner::new().total_time_limit(Duration::from_millis(100));
    let run = runner.run(suite(3, agent)).await.unwrap();
    assert_eq!((run.tally().passed, run.cancelled), (1, 2));
    assert_eq!(run.end, EndReason::Stopped("it has taken 100ms, as long as it may".to_owned()));
}

#[tokio::test]
async fn a_run_that_is_drained_finishes_what_is_under_way_and_counts_no_attempt_of_the_rest() {
    let folder = Folder::new("drain");
    let store = store::open(&folder.place("runs.db")).await.unwrap();
    let token = CancellationToken::new();
    let drain = token.clone();
    let agent = move |case: Arc<Case<u32>>| {
        let drain = drain.clone();
        async move {
            drain.cancel();
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(case.input)
        }
    };
    let runner = Runner::new().trials(10).concurrency(4).store(Arc::clone(&store));
    let run = runner.drain_with(token).run(suite(10, agent)).await.unwrap();
    assert!((1..=4).contains(&run.tally().passed), "{:?}", run.tally());
    assert_eq!(run.end, EndReason::Interrupted);
    let states = store.states(run.run.unwrap(), &store::Page::first(1_000)).await.unwrap();
    let begun = states.iter().filter(|state| state.attempts > 0).count();
    assert_eq!(begun as u64, run.tally().passed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_panics_blocks_its_thread_or_leaks_tasks_does_not_end_the_run() {
    let agent = |case: Arc<Case<u32>>| async move {
        match case.input {
            0 => panic!("the agent broke"),
            1 => thread::sleep(Duration::from_millis(1_100)),
            2 => drop(tokio::spawn(std::future::pending::<()>())),
            _ => {}
        }
        Ok(case.input)
    };
    let watch = Noticed::default();
    let run = Runner::new().watch(watch.clone()).run(suite(20, agent)).await.unwrap();
    assert_eq!((run.tally().passed, run.tally().failed), (19, 1));
    let notices = watch.0.lock().unwrap();
    let texts: Vec<String> = notices.iter().map(ToString::to_string).collect();
    assert!(
        texts.iter().any(|text| text.contains("1 trial 0 held its thread for 1.1")),
        "{texts:?}"
    );
    let left = "1 task that an agent had spawned was still running when the run ended";
    assert!(texts.iter().any(|text| text == left), "{texts:?}");
}

#[tokio::test]
async fn waits_between_attempts_are_counted_and_told() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let agent = |_| async {
        let retry = Trial::current().ok_or("no trial is running")?;
        if CALLS.fetch_add(1, Ordering::Relaxed) < 2 {
            return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into());
        }
        Ok(retry.index())
    };
    let noticed = Noticed::default();
    let runner = Runner::new().retry_wait(Duration::from_millis(10)).watch(noticed.clone());
    let run = runner.run(suite(1, agent)).await.unwrap();
    assert_eq!((run.tally().passed, run.progress.retries), (1, 2));
    assert_eq!(run.progress.waited_for_trials, Duration::from_millis(30));
    let facts = run.facts().await.unwrap();
    assert_eq!(facts.cases[0].retries, 2);
    assert_eq!(facts.cases[0].outcomes().next(), Some((0, OutcomeKind::Passed)));
    assert_eq!(noticed.0.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_time_in_which_a_call_waits_for_its_turn_is_not_the_agent_s() {
    let suite = suite(1, |case| async move {
        let limiter = RateLimiter::current().expect("the run has one");
        let refused = ModelError::new(ModelErrorKind::RateLimited, "too many requests");
        let refused = refused.with_retry_after(Duration::from_secs(2));
        limiter.admit("acme", 0).await.failed(&refused);
        limiter.admit("acme", 0).await.accepted();
        Ok(case.input)
    });
    let limit = Duration::from_secs(1);
    let run = Runner::new().time_limit(limit).run(suite).await.unwrap();
    assert_eq!(run.tally().passed, 1, "{run:?}");
    let trial = run.finished.first().unwrap();
    assert!(trial.duration < limit && run.progress.waited.elapsed > limit, "{trial:?}");
}

/// Panics whenever it is told of a trial.
struct Panics;

impl Watch for Panics {
    fn trial_ended(&self, finished: &Finished, _: Progress) {
        panic!("on purpose, at {:?}", finished.trial);
    }
}

#[tokio::test]
async fn a_watch_that_panics_loses_no_trial() {
    let folder = Folder::new("panicking-watch");
    let store = store::open(&folder.place("runs.db")).await.unwrap();
    let suite = suite(10, |case| async move { Ok(case.input) });
    let run = Runner::new().trials(20).watch(Panics).store(store).run(suite).await.unwrap();
    assert_eq!((run.tally().passed, run.end), (200, EndReason::Complete));
}

#[tokio::test]
async fn attempts_that_failed_cost_what_they_cost() {
    let agent = |tries: Arc<AtomicU32>| {
        move |_| {
            let nth = tries.fetch_add(1, Ordering::Relaxed);
            async move {
                model_call().await;
                if nth % 3 == 2 {
                    Ok(1)
                } else {
                    Err(io::Error::from(io::ErrorKind::ConnectionReset).into())
                }
            }
        }
    };
    let runner = Runner::new().prices(prices()).retry_wait(Duration::ZERO).concurrency(1);
    let tries = Arc::<AtomicU32>::default();
    let run = runner.clone().run(suite(1, agent(Arc::clone(&tries)))).await.unwrap();
    let facts = run.facts().await.unwrap();
    assert_eq!((tries.load(Ordering::Relaxed), facts.spent().tokens()), (3, 300));
    assert!((facts.spent().known_cost_usd().unwrap() - 0.03).abs() < 1e-9);

    let tries = Arc::<AtomicU32>::default();
    let run =
        runner.total_cost_limit(0.045).run(suite(9, agent(Arc::clone(&tries)))).await.unwrap();
    assert!(matches!(run.end, EndReason::Stopped(_)), "{:?}", run.end);
    assert_eq!(tries.load(Ordering::Relaxed), 5, "the fifth call reached the limit");
    assert_eq!(run.tally().trials(), 1, "the second trial was not tried again");
}

#[tokio::test]
async fn a_limit_of_cost_that_cannot_count_a_call_says_so_once() {
    let agent = |case: Arc<Case<u32>>| async move {
        model_call().await;
        Ok(case.input)
    };
    let noticed = Noticed::default();
    let runner = Runner::new().total_cost_limit(0.001).watch(noticed.clone());
    let run = runner.run(suite(5, agent)).await.unwrap();
    assert_eq!(run.tally().passed, 5);
    let noticed = noticed.0.lock().unwrap();
    let [one @ Notice::Unpriced { .. }] = &noticed[..] else { panic!("{noticed:?}") };
    assert!(one.to_string().ends_with(
        "a model call has no known price, so the limits of cost do not count it; see --prices"
    ));
}

#[tokio::test]
async fn attempts_that_failed_are_kept_with_what_explains_them() {
    let folder = Folder::new("attempts");
    let store = store::open(&folder.place("runs.db")).await.unwrap();
    let tries = Arc::<AtomicU32>::default();
    let agent = move |_| {
        let nth = tries.fetch_add(1, Ordering::Relaxed);
        async move {
            tracing::info!(nth, "trying");
            if nth == 2 {
                Ok(1)
            } else {
                Err(io::Error::from(io::ErrorKind::ConnectionReset).into())
            }
        }
    };
    let runner = Runner::new().retry_wait(Duration::ZERO).store(Arc::clone(&store));
    let run = runner.run(suite(1, agent)).await.unwrap();
    let (run, key) = (run.run.unwrap(), TrialKey::new("0", 0));
    let trial = store.trial(run, &key).await.unwrap().unwrap();
    assert_eq!((&trial.summary.scores.outcome, trial.summary.attempts), (&Outcome::Passed, 3));
    let history = store.history(run, &key).await.unwrap();
    assert_eq!(history.len(), 2);
    for (past, nth) in history.iter().zip(0_u64..) {
        let Outcome::NotGraded(reason) = &past.summary.scores.outcome else { panic!("{past:?}") };
        assert!(reason.contains("connection reset"), "{reason}");
        let trace = &past.agent.as_ref().unwrap().trace;
        assert!(trace.event("trying").unwrap().field("nth").unwrap() == nth);
    }
}
