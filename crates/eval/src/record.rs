//! What is left of one judged run: the outcome and the trace that explains it.

use std::ops::Deref;

use probity_trace::{RawTraceSnapshot, TraceSnapshot};

use crate::{score::Score, scored::Scored};

/// The outcome of a scored eval, with the trace that it judged.
///
/// Made by [`PureEvalExt::run`](crate::PureEvalExt::run) and [`EvalExt::run`](crate::EvalExt::run).
///
/// # Examples
///
/// ```
/// use probity_eval::{EvalRecord, Score, Scored};
/// use probity_trace::TraceSnapshot;
///
/// let scored = Scored::new(Score::ONE, "fine", Score::DEFAULT_PASS_MARK);
/// let record = EvalRecord::<_, String>::new(Ok(scored), TraceSnapshot::default());
/// assert!(record.passed());
/// assert_eq!(record.score(), Some(Score::ONE));
/// assert_eq!(record.error(), None);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "a record says whether the run passed"]
pub struct EvalRecord<R, E> {
    /// The scored report, or why there is none.
    pub outcome: Result<Scored<R>, E>,
    /// The trace that was judged.
    pub trace: TraceSnapshot,
}

impl<R, E> EvalRecord<R, E> {
    /// Joins an outcome and the trace that was judged.
    pub fn new(outcome: Result<Scored<R>, E>, trace: TraceSnapshot) -> Self {
        Self { outcome, trace }
    }

    /// Returns whether there is a score and it reached the pass mark.
    ///
    /// False also where the eval erred: ask [`error`](Self::error) to tell not graded from failed.
    pub fn passed(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|scored| scored.passed)
    }

    /// Returns the score, unless the eval erred.
    pub fn score(&self) -> Option<Score> {
        self.outcome.as_ref().ok().map(|scored| scored.score)
    }

    /// Returns the report, unless the eval erred.
    pub fn report(&self) -> Option<&R> {
        self.outcome.as_ref().ok().map(|scored| &scored.report)
    }

    /// Returns why the artifact was not graded, if it was not.
    pub fn error(&self) -> Option<&E> {
        self.outcome.as_ref().err()
    }

    /// Adds the raw entries of the same capture.
    pub fn into_raw(self, raw: RawTraceSnapshot) -> RawEvalRecord<R, E> {
        RawEvalRecord { record: self, raw }
    }
}

/// An [`EvalRecord`] with the raw entries of the same capture.
///
/// It dereferences to its record, so `trace`, `passed()` and the rest are there too.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "a record says whether the run passed"]
pub struct RawEvalRecord<R, E> {
    /// The record itself.
    pub record: EvalRecord<R, E>,
    /// The raw entries of the capture.
    pub raw: RawTraceSnapshot,
}

impl<R, E> RawEvalRecord<R, E> {
    /// Drops the raw entries.
    pub fn without_raw(self) -> EvalRecord<R, E> {
        self.record
    }
}

impl<R, E> Deref for RawEvalRecord<R, E> {
    type Target = EvalRecord<R, E>;

    fn deref(&self) -> &Self::Target {
        &self.record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(outcome: Result<f32, &'static str>) -> EvalRecord<(), &'static str> {
        let scored =
            outcome.map(|s| Scored::new(Score::new_clamped(s), (), Score::DEFAULT_PASS_MARK));
        EvalRecord::new(scored, TraceSnapshot::default())
    }

    #[test]
    fn passed_failed_and_not_graded_are_told_apart() {
        let table = [
            (Ok(0.9), true, Some(0.9), None),
            (Ok(0.1), false, Some(0.1), None),
            (Err("no judge"), false, None, Some("no judge")),
        ];
        for (outcome, passed, score, error) in table {
            let record = record(outcome);
            assert_eq!(record.passed(), passed, "{outcome:?}");
            assert_eq!(record.score().map(Score::value), score, "{outcome:?}");
            assert_eq!(record.error().copied(), error, "{outcome:?}");
            assert_eq!(record.report().is_some(), outcome.is_ok(), "{outcome:?}");
        }
    }

    #[test]
    fn raw_entries_come_and_go_and_leave_the_record_alone() {
        let raw = record(Ok(0.9)).into_raw(RawTraceSnapshot::default());
        assert!(raw.passed());
        assert_eq!(raw.without_raw().score(), record(Ok(0.9)).score());
    }
}
