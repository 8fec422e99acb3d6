//! The order of results, and how many trials run at a time.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use probity_eval_runner::{Case, DEFAULT_CONCURRENCY, Trial, TrialError, pass_at_k, run_trials};
use probity_trace::{SpanRef, ValueRef};

#[tokio::test(start_paused = true)]
async fn results_come_in_the_order_of_cases_and_trials_whoever_ends_first() -> Result<(), TrialError>
{
    let ended = RefCell::new(Vec::new());
    let cases = [Case::new("slow", 10_u64), Case::new("fast", 1)];
    let run = run_trials(&cases, 3, |case| {
        let ended = &ended;
        async move {
            let index = Trial::current().ok_or("no trial is running")?.index();
            let wait = case.input * u64::from(3 - index);
            tokio::time::sleep(Duration::from_secs(wait)).await;
            ended.borrow_mut().push((case.id.as_str(), index));
            Ok(true)
        }
    })
    .concurrency(6)
    .await?;
    let order: Vec<_> = run.trials().map(|trial| (trial.case.as_str(), trial.index)).collect();
    let want = [("slow", 0), ("slow", 1), ("slow", 2), ("fast", 0), ("fast", 1), ("fast", 2)];
    assert_eq!(order, want);
    assert_eq!(ended.into_inner()[0], ("fast", 2), "the last trial ended first");
    let per_case: Vec<_> = run.cases.iter().map(|case| (&*case.id, case.trials.len())).collect();
    assert_eq!(per_case, [("slow", 3), ("fast", 3)]);
    Ok(())
}

/// Runs 40 trials and returns the largest number that ran at the same time.
async fn most_at_once(concurrency: Option<usize>) -> Result<usize, TrialError> {
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let trials = pass_at_k(1, 1, || async {
        most.fetch_max(now.fetch_add(1, Relaxed) + 1, Relaxed);
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        now.fetch_sub(1, Relaxed);
        Ok(true)
    })
    .trials(40);
    match concurrency {
        Some(limit) => trials.concurrency(limit).await?,
        None => trials.await?,
    };
    Ok(most.load(Relaxed))
}

#[tokio::test]
async fn no_more_trials_run_at_a_time_than_told() -> Result<(), TrialError> {
    assert_eq!(most_at_once(Some(1)).await?, 1);
    assert_eq!(most_at_once(Some(3)).await?, 3);
    assert_eq!(most_at_once(Some(1_000)).await?, 40);
    assert_eq!(most_at_once(None).await?, DEFAULT_CONCURRENCY);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_free_place_is_taken_at_once_although_an_earlier_trial_still_runs()
-> Result<(), TrialError> {
    let started = tokio::time::Instant::now();
    pass_at_k(1, 1, || async {
        let index = Trial::current().ok_or("no trial is running")?.index();
        tokio::time::sleep(Duration::from_secs(if index == 0 { 10 } else { 1 })).await;
        Ok(true)
    })
    .trials(11)
    .concurrency(2)
    .await?;
    assert_eq!(started.elapsed().as_secs(), 10);
    Ok(())
}

#[tokio::test]
async fn concurrency_changes_nothing_but_speed() -> Result<(), TrialError> {
    let mut reports = Vec::new();
    for concurrency in [1, 4, 64] {
        let cases = ["a", "b", "c"].map(|id| Case::new(id, ()));
        let run = run_trials(&cases, 20, |_| async {
            let seed = Trial::current().ok_or("no trial is running")?.seed();
            for _ in 0..seed % 7 {
                tokio::task::yield_now().await;
            }
            Ok(seed % 3 == 0)
        })
        .concurrency(concurrency)
        .seed(11)
        .await?;
        reports.push(serde_json::to_string(&run.report("agent")?)?);
    }
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
    Ok(())
}

#[tokio::test]
async fn every_trial_has_a_trace_of_its_own() -> Result<(), TrialError> {
    let cases = [Case::new("a", 1_u64), Case::new("b", 2)];
    let run = run_trials(&cases, 2, |case| async {
        tokio::task::yield_now().await;
        tracing::info_span!("work", input = case.input).in_scope(|| tracing::info!("done"));
        Ok(true)
    })
    .seed(5)
    .await?;
    for trial in run.trials() {
        let anchor = trial.trace.span("probity.trial").expect("the trial's span");
        assert_eq!(anchor.field("case").and_then(ValueRef::as_str), Some(&*trial.case));
        assert_eq!(anchor.field("trial").and_then(ValueRef::as_u64), Some(trial.index.into()));
        assert_eq!(anchor.field("seed").and_then(ValueRef::as_u64), Some(trial.seed));
        let work: Vec<_> = trial.trace.spans("work").collect();
        assert_eq!(work.len(), 1, "only its own span");
        assert_eq!(work[0].parent().map(SpanRef::name), Some("probity.trial"));
    }
    Ok(())
}
