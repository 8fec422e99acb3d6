//! Checks how long the captured program took.

use std::{fmt, marker::PhantomData, time::Duration};

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use super::{error::CheckError, of_any::of_trace, report::all_or_nothing};

/// Checks that the captured program took at most this long, from the start of the capture to its end.
///
/// It errs for a trace that no capture made, such as [`TraceSnapshot::default`]. The duration of
/// single spans is asked for with [`span_count`](super::span_count).
///
/// The type of the artifact is inferred. Where nothing tells it, write `max_duration::<str>(..)`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::max_duration};
/// use probity_trace::testing::TraceBuilder;
///
/// let trace = TraceBuilder::new().wait(Duration::from_millis(1500)).build();
/// assert!(max_duration(Duration::from_secs(2)).scored().evaluate(&trace, "Paris")?.passed);
///
/// let scored = max_duration(Duration::from_secs(1)).scored().evaluate(&trace, "Paris")?;
/// assert_eq!(scored.report.to_string(), "expected at most 1s, found 1.5s");
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn max_duration<A: ?Sized>(limit: Duration) -> MaxDuration<A> {
    MaxDuration { limit, artifact: PhantomData }
}

/// Check made by [`max_duration`].
#[must_use = "evals do nothing unless evaluated"]
pub struct MaxDuration<A: ?Sized> {
    limit: Duration,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(MaxDuration { limit } -> MaxDurationReport);

impl<A: ?Sized> MaxDuration<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<MaxDurationReport, CheckError> {
        if trace.trace_id().is_none() {
            return Err(CheckError::NotRecorded { status: trace.status().clone() });
        }
        let found = trace.duration();
        Ok(MaxDurationReport { passed: found <= self.limit, limit: self.limit, found })
    }
}

/// Report of [`max_duration`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MaxDurationReport {
    /// Whether the program took no longer than the limit.
    pub passed: bool,
    /// How long it may take.
    pub limit: Duration,
    /// How long it took.
    pub found: Duration,
}

all_or_nothing!(MaxDurationReport);

impl fmt::Display for MaxDurationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected at most {:?}, found {:?}", self.limit, self.found)
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::testing::TraceBuilder;

    use super::*;
    use crate::PureEval as _;

    #[test]
    fn the_limit_itself_is_still_in_time() {
        let trace = TraceBuilder::new().wait(Duration::from_millis(20)).build();
        for (millis, passed) in [(19, false), (20, true), (21, true)] {
            let eval = max_duration(Duration::from_millis(millis));
            let report = eval.evaluate(&trace, "").unwrap();
            assert_eq!(report.passed, passed, "{report}");
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<MaxDurationReport>(&json).unwrap(), report);
        }
    }

    #[test]
    fn a_capture_without_spans_has_a_duration_and_no_capture_has_none() {
        let collected = probity_trace::capture_sync(|| ());
        assert!(max_duration(Duration::MAX).evaluate(&collected.trace, "").unwrap().passed);
        assert!(!max_duration(Duration::ZERO).evaluate(&collected.trace, "").unwrap().passed);
        let error =
            max_duration(Duration::MAX).evaluate(&TraceSnapshot::default(), "").unwrap_err();
        assert!(matches!(error, CheckError::NotRecorded { .. }), "{error}");
    }
}
