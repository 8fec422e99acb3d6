//! Checks that a text is the expected one.

use std::fmt;

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use super::{error::CheckError, letters::Letters, report::all_or_nothing};
use crate::excerpt::Excerpt;
use crate::pure_eval::PureEval;

/// Checks that the artifact is exactly this text.
///
/// Texts are compared character by character: different Unicode forms of one letter are different.
/// For numbers there is [`close_to`](super::close_to), for JSON [`json_diff`](super::json_diff), for
/// texts that are nearly right [`edit_distance`](super::edit_distance).
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::exact};
/// use probity_trace::TraceSnapshot;
///
/// let capital = exact("Paris").ignoring_case().trimmed().scored();
/// assert!(capital.evaluate(&TraceSnapshot::default(), " paris\n")?.passed);
///
/// let scored = capital.evaluate(&TraceSnapshot::default(), "Lyon")?;
/// assert!(!scored.passed);
/// assert_eq!(scored.report.to_string(), r#"expected "Paris", found "Lyon""#);
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn exact(expected: impl Into<String>) -> Exact {
    Exact { expected: expected.into(), letters: Letters::AsWritten, is_trimmed: false }
}

/// Check made by [`exact`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Exact {
    expected: String,
    letters: Letters,
    is_trimmed: bool,
}

impl Exact {
    /// Lets upper and lower case letters count as the same, in any alphabet.
    pub fn ignoring_case(mut self) -> Self {
        self.letters = Letters::IgnoringCase;
        self
    }

    /// Leaves out white space at the beginning and the end of both texts.
    pub fn trimmed(mut self) -> Self {
        self.is_trimmed = true;
        self
    }

    fn is_same(&self, found: &str) -> bool {
        let form = |text| self.letters.fold(if self.is_trimmed { str::trim(text) } else { text });
        form(&self.expected) == form(found)
    }
}

impl PureEval for Exact {
    type Artifact = str;
    type Report = ExactReport;
    type Error = CheckError;

    fn evaluate(&self, _: &TraceSnapshot, artifact: &str) -> Result<ExactReport, CheckError> {
        Ok(ExactReport {
            passed: self.is_same(artifact),
            expected: Excerpt::of(&self.expected),
            found: Excerpt::of(artifact),
        })
    }
}

/// Report of [`exact`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExactReport {
    /// Whether the artifact is the expected text.
    pub passed: bool,
    /// The expected text.
    pub expected: Excerpt,
    /// The artifact.
    pub found: Excerpt,
}

all_or_nothing!(ExactReport);

impl fmt::Display for ExactReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected.quoted(), self.found.quoted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evaluate;

    #[track_caller]
    fn check(exact: &Exact, artifact: &str, passed: bool) {
        assert_eq!(evaluate(exact, artifact).unwrap().passed, passed, "{artifact:?}");
    }

    #[test]
    fn only_the_very_text_passes() {
        let eval = exact("Paris");
        check(&eval, "Paris", true);
        for other in ["", "paris", "Paris ", "Paris.", "Pari"] {
            check(&eval, other, false);
        }
        check(&exact(""), "", true);
        check(&exact(""), " ", false);
    }

    #[test]
    fn case_and_white_space_are_left_out_only_where_it_is_said() {
        check(&exact("Straße").ignoring_case(), "STRASSE", true);
        check(&exact("Paris").ignoring_case(), "Paris ", false);
        check(&exact("Paris\n").trimmed(), "\u{a0}Paris", true);
        check(&exact("Paris").trimmed(), "paris", false);
    }

    #[test]
    fn unicode_forms_are_not_made_equal() {
        check(&exact("é"), "e\u{301}", false);
    }

    #[test]
    fn the_report_shows_the_beginning_of_long_texts() {
        let report = evaluate(&exact("x".repeat(501)), &"y".repeat(502)).unwrap();
        assert_eq!((report.expected.omitted, report.found.omitted), (1, 2));
    }
}
