//! A trial that panics or hangs is one failed trial, and its trace is kept.

use std::time::Duration;

use probity_eval_runner::{Failure, Outcome, Trial, TrialError, pass_at_k};

fn index() -> u32 {
    Trial::current().map_or(u32::MAX, |trial| trial.index())
}

#[tokio::test]
async fn a_panic_fails_its_own_trial_and_no_other() -> Result<(), TrialError> {
    let metric = pass_at_k(1, 1, || async {
        tracing::info!("started");
        tokio::task::yield_now().await;
        assert!(index() != 1, "trial {} went wrong", index());
        Ok(true)
    })
    .trials(4)
    .await?;
    assert_eq!((metric.passes, metric.tally.failed), (3, 1));
    let wrong = &metric.records[1];
    assert_eq!(wrong.outcome, Outcome::Failed(Failure::Panicked("trial 1 went wrong".to_owned())));
    assert!(wrong.trace.has_event_message("started"));
    Ok(())
}

#[tokio::test]
async fn a_panic_before_the_future_exists_is_caught_too() -> Result<(), TrialError> {
    let metric = pass_at_k(1, 1, || {
        assert!(index() != 0, "no future was made");
        async { Ok(true) }
    })
    .trials(2)
    .await?;
    let want = Failure::Panicked("no future was made".to_owned());
    assert_eq!(metric.records[0].outcome, Outcome::Failed(want));
    assert!(metric.records[1].outcome.is_passed());
    Ok(())
}

#[tokio::test]
async fn a_panicking_destructor_fails_its_own_trial_and_no_other() -> Result<(), TrialError> {
    struct Bomb(bool);
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(!self.0, "boom");
        }
    }
    let metric = pass_at_k(1, 1, || {
        // Held by the future until it is dropped, not by the code that runs in it.
        let bomb = Bomb(index() == 0);
        std::future::poll_fn(move |_| {
            let _held = &bomb;
            std::task::Poll::Ready(Ok(true))
        })
    })
    .trials(2)
    .await?;
    assert!(matches!(&metric.records[0].outcome, Outcome::Failed(Failure::Panicked(_))));
    assert!(metric.records[1].outcome.is_passed());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_trial_out_of_time_has_failed_and_keeps_its_trace() -> Result<(), TrialError> {
    let limit = Duration::from_secs(30);
    let metric = pass_at_k(1, 1, || async {
        let _step = tracing::info_span!("step").entered();
        tokio::time::sleep(if index() == 0 { Duration::MAX } else { limit / 2 }).await;
        Ok(true)
    })
    .trials(3)
    .timeout(limit)
    .await?;
    assert_eq!(metric.records[0].outcome, Outcome::Failed(Failure::OutOfTime(limit)));
    assert!(metric.records[0].trace.span_exists("step"));
    assert_eq!(metric.passes, 2);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_time_limit_of_a_trial_starts_when_the_trial_does() -> Result<(), TrialError> {
    let metric = pass_at_k(1, 1, || async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        Ok(true)
    })
    .trials(5)
    .concurrency(1)
    .timeout(Duration::from_secs(30))
    .await?;
    assert_eq!(metric.passes, 5);
    Ok(())
}

#[tokio::test]
async fn a_trial_that_never_lets_the_task_rest_still_runs_out_of_time() -> Result<(), TrialError> {
    let limit = Duration::from_millis(5);
    let metric = pass_at_k(1, 1, || async {
        // Always ready but for the task's budget, like a channel that is never empty.
        loop {
            tokio::task::coop::consume_budget().await;
        }
    })
    .timeout(limit)
    .await?;
    assert_eq!(metric.records[0].outcome, Outcome::Failed(Failure::OutOfTime(limit)));
    Ok(())
}
