//! What errors say, once per error, and what is refused before any trial runs.

use std::{error::Error, time::Duration};

use probity_eval_runner::{
    Case, KMetricError, NotGraded, Outcome, RunTrialsError, SettingsError, TrialError, pass_at_k,
    pass_hat_k, run_trials,
};

/// The messages of an error and its sources.
fn chain(error: &dyn Error) -> Vec<String> {
    let mut chain = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        chain.push(error.to_string());
        source = error.source();
    }
    chain
}

async fn never() -> Result<bool, TrialError> {
    panic!("no trial may run");
}

#[tokio::test]
async fn impossible_metrics_are_refused_before_a_trial_runs() {
    let k_0 = pass_at_k(0, 0, never).trials(5).await.expect_err("k = 0");
    assert!(matches!(k_0, KMetricError::NoDraw));
    let beyond = pass_hat_k(5, never).trials(4).await.expect_err("k > trials");
    assert!(matches!(beyond, KMetricError::KBeyondTrials { k: 5, trials: 4 }));
    let required = pass_at_k(2, 3, never).await.expect_err("m > k");
    assert!(matches!(required, KMetricError::RequiredBeyondK { required: 3, k: 2 }));
    for error in [k_0, beyond, required] {
        assert_eq!(chain(&error).len(), 1);
    }
}

#[tokio::test]
async fn impossible_runs_are_refused_before_a_trial_runs() {
    let cases = [Case::new("twice", 1), Case::new("once", 2), Case::new("twice", 3)];
    let run = |cases, trials| async move { run_trials(cases, trials, |_| never()).await };
    assert!(matches!(run(&cases[..0], 1).await, Err(RunTrialsError::NoCases)));
    assert!(matches!(run(&cases[..1], 0).await, Err(RunTrialsError::NoTrials)));
    let twice = run(&cases, 1).await.expect_err("a duplicate");
    assert_eq!(chain(&twice), [r#"two cases are named "twice": results would be mixed up"#]);
}

#[tokio::test]
async fn no_concurrency_is_an_error_not_a_hang() {
    let error = pass_at_k(1, 1, never).concurrency(0).await.expect_err("nothing can run");
    assert!(matches!(error, KMetricError::Settings(SettingsError::NoConcurrency)));
    assert_eq!(chain(&error).len(), 2);
}

#[test]
fn a_time_limit_without_a_timer_is_an_error_not_a_panic() {
    let trials = pass_at_k(1, 1, never).timeout(Duration::from_secs(1));
    let error = futures::executor::block_on(trials.into_future()).expect_err("no timer");
    assert!(matches!(error, KMetricError::Settings(SettingsError::NoTimer)));

    let timerless = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let trials = pass_at_k(1, 1, never).timeout(Duration::from_secs(1));
    let error = timerless.block_on(trials.into_future()).expect_err("no timer");
    assert!(matches!(error, KMetricError::Settings(SettingsError::NoTimer)));
}

#[test]
fn without_a_time_limit_any_executor_will_do() {
    let trials = pass_at_k(2, 1, || async { Ok(true) });
    let metric = futures::executor::block_on(trials.into_future()).expect("a metric");
    assert_eq!(metric.passes, 2);
}

#[tokio::test]
async fn nothing_graded_is_an_error_that_keeps_the_trials() {
    let down = || async { Err(NotGraded::new("the sandbox is down").into()) };
    let error = pass_at_k(2, 1, down).trials(3).await.expect_err("nothing was graded");
    assert_eq!(
        chain(&error),
        ["none of 3 trials could be graded, the first because: the infrastructure failed: the \
          sandbox is down"]
    );
    let KMetricError::NothingGraded { records } = error else { panic!("{error:?}") };
    assert_eq!(records.len(), 3);
    assert!(records.iter().all(|record| record.outcome.is_not_graded()));

    let cases = [Case::new("a", ()), Case::new("b", ())];
    let error = run_trials(&cases, 2, |_| down()).await.expect_err("nothing was graded");
    let RunTrialsError::NothingGraded { run, .. } = error else { panic!("{error:?}") };
    assert_eq!(run.tally().not_graded, 4);
}

#[tokio::test]
async fn a_metric_error_passes_through_the_question_mark_of_a_trial() {
    let nested = crate::support::outcome_of(|| async {
        pass_at_k(0, 0, never).await?;
        Ok(true)
    });
    assert!(matches!(nested.await, Outcome::Failed(_)));
}
