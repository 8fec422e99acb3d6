//! One trial that has ended.

use probity_trace::TraceSnapshot;

use super::outcome::Outcome;
use crate::stats::Tally;

/// One trial that has ended, with the trace that explains it.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct TrialRecord {
    /// The name of the case.
    pub case: String,
    /// The index among the trials of the case, from 0.
    pub index: u32,
    /// The seed of the trial.
    pub seed: u64,
    /// What the trial came to.
    pub outcome: Outcome,
    /// Everything the trial recorded, below a span named `probity.trial`.
    pub trace: TraceSnapshot,
}

/// Counts the outcomes of trials.
pub(super) fn tally(records: &[TrialRecord]) -> Tally {
    records.iter().fold(Tally::default(), |tally, record| {
        tally.plus(match record.outcome {
            Outcome::Passed => Tally::new(1, 0, 0),
            Outcome::Failed(_) => Tally::new(0, 1, 0),
            Outcome::NotGraded(_) => Tally::new(0, 0, 1),
        })
    })
}

/// Says why none of the trials could be graded: their number, and the reason of the first.
pub(super) fn why_not_graded(records: &[TrialRecord]) -> String {
    let first = records
        .iter()
        .find_map(|record| match &record.outcome {
            Outcome::NotGraded(reason) => Some(reason.as_str()),
            _ => None,
        })
        .unwrap_or("no trial ran");
    format!("none of {} trials could be graded, the first because: {first}", records.len())
}
