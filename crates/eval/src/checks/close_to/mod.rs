//! Checks that a number is near the expected one.

mod numbers;
mod tolerance;

use std::{fmt, marker::PhantomData};

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Deserializer, Serialize};

pub use self::{numbers::Numbers, tolerance::Tolerance};
use super::{error::CheckError, of_any::unbound, report::all_or_nothing};
use crate::pure_eval::PureEval;

/// Checks that the number in the artifact is close to this one.
///
/// The artifact is a number, a JSON value or a text; [`Numbers`] says what counts as a number in a
/// text. A text with several numbers fails, since it does not say which is meant, unless
/// [`first_number`](CloseTo::first_number) or [`last_number`](CloseTo::last_number) says it. NaN is close
/// to nothing, and what is infinite neither.
///
/// The type of the artifact is inferred. Where nothing tells it, write `close_to::<str>(..)`.
///
/// # Errors
///
/// Errs where the expected number is not finite, and where a tolerance is negative or not finite.
///
/// # Examples
///
/// ```
/// use probity_eval::{
///     PureEval as _, PureEvalExt as _,
///     checks::{Tolerance, close_to},
/// };
/// use probity_trace::TraceSnapshot;
///
/// let trace = TraceSnapshot::default();
/// let answer = close_to(18.0, Tolerance::absolute(0.5))?.last_number().scored();
/// assert!(answer.evaluate(&trace, "16 - 3 - 4 = 9 eggs, at 2 dollars each: $18.20")?.passed);
///
/// let scored = answer.evaluate(&trace, "I do not know.")?;
/// assert_eq!(scored.report.to_string(), "expected 18 give or take 0.5, found no number");
///
/// let ratio = close_to(0.25, Tolerance::relative(0.01))?.scored();
/// assert!(ratio.evaluate(&trace, &0.2501)?.passed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn close_to<A>(expected: f64, tolerance: Tolerance) -> Result<CloseTo<A>, InvalidNumber>
where
    A: Numbers + ?Sized,
{
    let expected_is_wrong = !expected.is_finite();
    let wrong = tolerance.numbers().into_iter().find(|(_, n)| !(n.is_finite() && *n >= 0.0));
    match wrong {
        _ if expected_is_wrong => Err(InvalidNumber::Expected(expected)),
        Some((which, number)) => Err(InvalidNumber::Tolerance { which, number }),
        None => Ok(CloseTo { expected, tolerance, which: Which::Only, artifact: PhantomData }),
    }
}

/// Check made by [`close_to`].
#[must_use = "evals do nothing unless evaluated"]
pub struct CloseTo<A: ?Sized> {
    expected: f64,
    tolerance: Tolerance,
    which: Which,
    artifact: PhantomData<fn(&A)>,
}

unbound!(CloseTo { expected, tolerance, which });

/// Which of several numbers counts.
#[derive(Clone, Copy, Debug)]
enum Which {
    Only,
    First,
    Last,
}

impl<A: ?Sized> CloseTo<A> {
    /// Takes the first of several numbers.
    pub fn first_number(mut self) -> Self {
        self.which = Which::First;
        self
    }

    /// Takes the last of several numbers, as is usual where a text reasons before it answers.
    pub fn last_number(mut self) -> Self {
        self.which = Which::Last;
        self
    }

    fn pick(&self, numbers: &[f64]) -> Option<f64> {
        match (self.which, numbers) {
            (Which::Only, [number]) => Some(*number),
            (Which::Only, _) => None,
            (Which::First, numbers) => numbers.first().copied(),
            (Which::Last, numbers) => numbers.last().copied(),
        }
    }
}

impl<A: Numbers + ?Sized> PureEval for CloseTo<A> {
    type Artifact = A;
    type Report = CloseToReport;
    type Error = CheckError;

    fn evaluate(&self, _: &TraceSnapshot, artifact: &A) -> Result<CloseToReport, CheckError> {
        let numbers = artifact.numbers();
        let found = self.pick(&numbers);
        let tolerance = self.tolerance.around(self.expected);
        let is_close = |found: f64| found.is_finite() && (found - self.expected).abs() <= tolerance;
        Ok(CloseToReport {
            passed: found.is_some_and(is_close),
            expected: self.expected,
            tolerance,
            found,
            count: numbers.len(),
        })
    }
}

/// Says which number given to [`close_to`] is none to compare with.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidNumber {
    /// The expected number is NaN or infinite.
    #[error("the expected number is {0}, not a finite number")]
    Expected(f64),
    /// A tolerance is negative, NaN or infinite.
    #[error("the {which} is {number}, not a finite number from 0 on")]
    Tolerance {
        /// Which tolerance it is.
        which: &'static str,
        /// The number.
        number: f64,
    },
}

/// Report of [`close_to`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CloseToReport {
    /// Whether the number is close to the expected one.
    pub passed: bool,
    /// The expected number.
    pub expected: f64,
    /// How far from it the number may be. JSON has no form for the infinite: it is written as none.
    #[serde(deserialize_with = "none_is_infinite")]
    pub tolerance: f64,
    /// The number; `None` if there is none, or if it is not clear which of several is meant.
    /// JSON has no form for NaN and the infinities: they are written as none.
    #[serde(default)]
    pub found: Option<f64>,
    /// How many numbers are in the artifact.
    pub count: usize,
}

all_or_nothing!(CloseToReport);

fn none_is_infinite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Option::deserialize(deserializer).map(|number| number.unwrap_or(f64::INFINITY))
}

impl fmt::Display for CloseToReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} give or take {}, found ", self.expected, self.tolerance)?;
        match (self.found, self.count) {
            (Some(found), 1) => write!(f, "{found}"),
            (Some(found), count) => write!(f, "{found} among {count} numbers"),
            (None, 0) => f.write_str("no number"),
            (None, count) => {
                write!(f, "{count} numbers, of which `first_number` or `last_number` takes one")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evaluate;

    #[track_caller]
    fn check(tolerance: Tolerance, found: f64, passed: bool) {
        let eval = close_to(-200.0, tolerance).unwrap();
        let report = eval.evaluate(&TraceSnapshot::default(), &found).unwrap();
        assert_eq!(report.passed, passed, "{tolerance:?} {found}");
    }

    #[test]
    fn a_number_on_the_edge_of_the_tolerance_is_close() {
        check(Tolerance::none(), -200.0, true);
        check(Tolerance::none(), -200.000_001, false);
        check(Tolerance::absolute(0.5), -199.5, true);
        check(Tolerance::absolute(0.5), -199.49, false);
        check(Tolerance::relative(0.01), -202.0, true);
        check(Tolerance::relative(0.01), -202.01, false);
        check(Tolerance::absolute(5.0).or_relative(0.01), -204.0, true);
        check(Tolerance::absolute(0.1), 200.0, false);
    }

    #[test]
    fn what_is_not_finite_is_close_to_nothing() {
        for found in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            check(Tolerance::absolute(f64::MAX), found, false);
        }
        let eval = close_to(1.0, Tolerance::relative(f64::MAX)).unwrap();
        assert!(!evaluate(&eval, "1e999").unwrap().passed);
    }

    #[test]
    fn what_cannot_be_compared_with_is_an_error_of_the_constructor() {
        let refused = |expected, tolerance| close_to::<str>(expected, tolerance).unwrap_err();
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = refused(number, Tolerance::none()).to_string();
            assert!(error.contains(&format!("{number}")), "{error}");
        }
        for number in [f64::NAN, f64::INFINITY, -0.1] {
            let error = refused(1.0, Tolerance::absolute(number)).to_string();
            assert!(error.starts_with(&format!("the absolute tolerance is {number}")), "{error}");
            let error = refused(1.0, Tolerance::none().or_relative(number)).to_string();
            assert!(error.starts_with(&format!("the relative tolerance is {number}")), "{error}");
        }
    }

    #[test]
    fn one_of_several_numbers_is_taken_only_where_it_is_said() {
        let only = close_to(2.0, Tolerance::none()).unwrap();
        let report = evaluate(&only, "1 and 2").unwrap();
        assert_eq!((report.passed, report.found, report.count), (false, None, 2));
        assert!(report.to_string().contains("found 2 numbers, of which"), "{report}");
        assert!(evaluate(&only.clone().last_number(), "1 and 2").unwrap().passed);
        assert!(!evaluate(&only.clone().first_number(), "1 and 2").unwrap().passed);
        let report = evaluate(&only.last_number(), "").unwrap();
        assert_eq!(report.to_string(), "expected 2 give or take 0, found no number");
    }

    #[test]
    fn json_brings_an_infinite_tolerance_back() {
        let eval = close_to(2.0, Tolerance::relative(f64::MAX)).unwrap();
        let report = eval.evaluate(&TraceSnapshot::default(), &3.0).unwrap();
        assert!(report.passed && report.tolerance.is_infinite());
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<CloseToReport>(&json).unwrap(), report);
    }

    #[test]
    fn json_brings_a_report_back_and_has_no_form_for_nan() {
        let eval = close_to(2.0, Tolerance::none()).unwrap();
        for (artifact, found) in [(2.5, Some(2.5)), (f64::NAN, None)] {
            let report = eval.evaluate(&TraceSnapshot::default(), &artifact).unwrap();
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<CloseToReport>(&json).unwrap().found, found);
        }
    }
}
