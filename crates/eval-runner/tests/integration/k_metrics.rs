//! `pass_at_k` and `pass_hat_k`: what they run and what they say.

use probity_eval_runner::{KMetric, NotGraded, Trial, TrialError, pass_at_k, pass_hat_k, stats};

/// Passes the trials with an index below this.
fn passes(count: u32) -> Result<bool, TrialError> {
    Ok(Trial::current().ok_or("no trial is running")?.index() < count)
}

#[tokio::test]
async fn k_trials_run_unless_told_otherwise_and_the_metric_says_so() -> Result<(), TrialError> {
    let metric: KMetric = pass_at_k(10, 1, || async { passes(3) }).await?;
    assert_eq!((metric.k, metric.required, metric.trials, metric.passes), (10, 1, 10, 3));
    assert!(metric.is_one_draw());
    let text = metric.to_string();
    assert!(text.contains("at least 1 of 10"), "{text}");
    assert!(text.contains("pass@10"), "{text}");
    assert!(text.contains("one draw"), "{text}");
    assert!((metric.rate - 1.0).abs() < f64::EPSILON);
    Ok(())
}

#[tokio::test]
async fn more_trials_give_the_unbiased_estimate_and_the_range_of_one_task() -> Result<(), TrialError>
{
    let metric = pass_at_k(4, 2, || async { passes(13) }).trials(20).await?;
    assert!((metric.rate - stats::m_of_k(20, 13, 4, 2)?).abs() < f64::EPSILON);
    let range = stats::one_task_metric(20, 13, 4, 2, stats::Confidence::default())?;
    assert_eq!(metric.range, range);
    assert!(!metric.is_one_draw());
    let text = metric.to_string();
    assert!(text.starts_with("  at least 2 of 4"), "{text}");
    assert!(!text.contains("one draw"), "{text}");
    assert!(text.contains("\n  13 of 20 trials passed\n"), "{text}");
    assert!(text.contains("Range: 95%, for this task."), "{text}");
    Ok(())
}

#[tokio::test]
async fn all_of_k_is_required_with_the_hat() -> Result<(), TrialError> {
    let metric = pass_hat_k(2, || async { passes(3) }).trials(4).await?;
    assert_eq!((metric.k, metric.required), (2, 2));
    assert!((metric.rate - 0.5).abs() < f64::EPSILON);
    assert!(metric.to_string().contains("pass^2"));
    Ok(())
}

#[tokio::test]
async fn an_ungraded_trial_counts_as_failed_and_is_shown() -> Result<(), TrialError> {
    let metric = pass_hat_k(1, || async {
        if passes(1)? {
            return Err(NotGraded::new("rate limit").into());
        }
        Ok(true)
    })
    .trials(4)
    .await?;
    assert_eq!((metric.passes, metric.tally.not_graded), (3, 1));
    assert!((metric.rate - 0.75).abs() < f64::EPSILON);
    let text = metric.to_string();
    assert!(text.contains("1 not graded (counted as failures)"), "{text}");
    Ok(())
}

#[tokio::test]
async fn one_case_has_a_report_of_its_own_with_the_range_of_one_task() -> Result<(), TrialError> {
    let metric = pass_hat_k(5, || async { passes(15) }).trials(20).case("refund").await?;
    let report = metric.report("my-agent")?;
    let range = stats::one_task_metric(20, 15, 5, 5, stats::Confidence::default())?;
    let all_pass = report.metrics.get(1).expect("three headline metrics");
    assert_eq!((all_pass.k, all_pass.m, all_pass.range()), (5, 5, range));
    assert_eq!(report.tasks[0].id, "refund");
    let text = report.to_string();
    assert!(text.starts_with("my-agent   1 task × 20 trials   20 graded\n"), "{text}");
    assert!(text.contains("Ranges: 95%, for this task."), "{text}");
    assert!(!text.contains("rerun"), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_single_trial_is_one_draw_too() -> Result<(), TrialError> {
    let metric = pass_hat_k(1, || async { passes(1) }).await?;
    assert!(metric.is_one_draw());
    let want = "  one trial passes   100.0%   20.7 – 100.0
  1 of 1 trials passed
  Range: 95%, for this task. This is one draw, 0 or 1: as many trials ran as k.";
    assert_eq!(metric.to_string(), want);
    Ok(())
}

#[tokio::test]
async fn trait_objects_and_anyhow_like_errors_flow_through_the_question_mark() {
    let outcome = crate::support::outcome_of(|| async {
        let number: u32 = "not a number".parse()?;
        Ok(number > 0)
    });
    assert_eq!(outcome.await.to_string(), "failed: invalid digit found in string");
}
