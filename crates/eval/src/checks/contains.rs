//! Checks that a text has another in it.

use std::fmt;

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use super::{error::CheckError, letters::Letters, report::all_or_nothing};
use crate::excerpt::Excerpt;
use crate::pure_eval::PureEval;

/// Checks that the artifact has this text in it, anywhere.
///
/// Several texts are joined by [`all_of`](crate::all_of) or [`any_of`](crate::any_of); that a text is
/// not there is [`not`](super::not)`(contains(..))`. Every artifact has the empty text in it.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::contains};
/// use probity_trace::TraceSnapshot;
///
/// let capital = contains("Paris").scored();
/// assert!(capital.evaluate(&TraceSnapshot::default(), "It is Paris.")?.passed);
///
/// let scored = capital.evaluate(&TraceSnapshot::default(), "It is Lyon.")?;
/// assert!(!scored.passed);
/// assert_eq!(scored.report.to_string(), r#"expected "Paris" in "It is Lyon.", found it 0 times"#);
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn contains(expected: impl Into<String>) -> Contains {
    Contains { expected: expected.into(), letters: Letters::AsWritten }
}

/// Check made by [`contains`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Contains {
    expected: String,
    letters: Letters,
}

impl Contains {
    /// Lets upper and lower case letters count as the same, in any alphabet.
    pub fn ignoring_case(mut self) -> Self {
        self.letters = Letters::IgnoringCase;
        self
    }
}

impl PureEval for Contains {
    type Artifact = str;
    type Report = ContainsReport;
    type Error = CheckError;

    fn evaluate(&self, _: &TraceSnapshot, artifact: &str) -> Result<ContainsReport, CheckError> {
        let (text, expected) = (self.letters.fold(artifact), self.letters.fold(&self.expected));
        let count = text.matches(&*expected).count();
        Ok(ContainsReport {
            passed: count > 0,
            expected: Excerpt::of(&self.expected),
            count,
            found: Excerpt::of(artifact),
        })
    }
}

/// Report of [`contains`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContainsReport {
    /// Whether the expected text is there.
    pub passed: bool,
    /// The expected text.
    pub expected: Excerpt,
    /// How often it is there, not counting what overlaps.
    pub count: usize,
    /// The artifact.
    pub found: Excerpt,
}

all_or_nothing!(ContainsReport);

impl fmt::Display for ContainsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = if self.count == 1 { "time" } else { "times" };
        let (expected, found) = (self.expected.quoted(), self.found.quoted());
        write!(f, "expected {expected} in {found}, found it {} {times}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evaluate;

    #[track_caller]
    fn check(contains: &Contains, artifact: &str, count: usize) {
        let report = evaluate(contains, artifact).unwrap();
        assert_eq!((report.count, report.passed), (count, count > 0), "{artifact:?}");
    }

    #[test]
    fn the_text_may_stand_anywhere() {
        let eval = contains("is");
        check(&eval, "is", 1);
        check(&eval, "This is it", 2);
        check(&eval, "IS", 0);
        check(&eval, "", 0);
    }

    #[test]
    fn case_is_left_out_only_where_it_is_said() {
        check(&contains("ΟΣ").ignoring_case(), "η οδός, ο δρόμος", 1);
        check(&contains("strasse").ignoring_case(), "HauptSTRAẞE straße", 2);
        check(&contains("🦀"), "🦀🦀", 2);
    }

    #[test]
    fn every_text_has_the_empty_text_in_it() {
        check(&contains(""), "", 1);
        assert!(evaluate(&contains(""), "some").unwrap().passed);
    }
}
