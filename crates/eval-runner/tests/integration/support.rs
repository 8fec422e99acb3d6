//! What several tests need.

use probity_eval_runner::{
    KMetricError, Outcome, Report, TaskTally, TrialError, TrialRecord, pass_at_k, stats::Tally,
};

/// Runs one trial and returns what it came to.
pub(crate) async fn outcome_of<F, Fut>(trial: F) -> Outcome
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<bool, TrialError>> + Send,
{
    let first = |records: Vec<TrialRecord>| records.into_iter().next().map(|record| record.outcome);
    match pass_at_k(1, 1, trial).await {
        Ok(metric) => first(metric.records),
        Err(KMetricError::NothingGraded { records }) => first(records),
        Err(error) => panic!("no trial ran: {error}"),
    }
    .expect("one trial ran")
}

/// Makes a report from (passed, failed, not graded) of each task.
pub(crate) fn report_of(tasks: &[(u64, u64, u64)]) -> Report {
    Report::new("agent", tallies(tasks)).expect("the tallies are valid")
}

/// Names tallies after their position.
pub(crate) fn tallies(tasks: &[(u64, u64, u64)]) -> Vec<TaskTally> {
    tasks
        .iter()
        .enumerate()
        .map(|(i, &(passed, failed, not_graded))| {
            TaskTally::new(format!("task {i}"), Tally::new(passed, failed, not_graded))
        })
        .collect()
}
