//! What several tests need.

use std::path::Path;

use probity_eval_runner::{
    KMetricError, Outcome, Report, TaskTally, TrialError, TrialRecord, pass_at_k, stats::Tally,
};
use serde::Deserialize;

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

#[derive(Deserialize)]
struct Table {
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    id: String,
    trials: String,
}

/// Reads a table of real counts, where the tables are beside the workspace.
pub(crate) fn real_counts(name: &str) -> Option<Vec<TaskTally>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/counts");
    let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
        println!("skipped: no {name} beside the workspace");
        return None;
    };
    let table: Table = serde_json::from_str(&text).expect("a table of counts");
    let count = |trials: &str, mark| trials.matches(mark).count() as u64;
    Some(
        table
            .tasks
            .into_iter()
            .map(|Task { id, trials }| {
                let [passed, failed, ungraded] = ['1', '0', 'E'].map(|mark| count(&trials, mark));
                TaskTally::new(id, Tally::new(passed, failed, ungraded))
            })
            .collect(),
    )
}

/// Converts a small count.
pub(crate) fn exact(count: u64) -> f64 {
    u32::try_from(count).expect("the counts of tests are small").into()
}
