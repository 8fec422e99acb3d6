//! Checks that a text matches a regular expression.

use std::fmt;

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use super::{error::CheckError, report::all_or_nothing};
use crate::excerpt::Excerpt;
use crate::pure_eval::PureEval;

/// Checks that a regular expression matches somewhere in the artifact.
///
/// The syntax is that of the `regex` crate, whose search takes linear time whatever the pattern:
/// `^` and `$` for the whole text, `(?i)` to ignore case, `(?s)` to let `.` match line breaks.
///
/// # Errors
///
/// Errs where the pattern is no regular expression.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::regex};
/// use probity_trace::TraceSnapshot;
///
/// let dated = regex(r"\b\d{4}-\d{2}-\d{2}\b")?.scored();
/// let scored = dated.evaluate(&TraceSnapshot::default(), "Booked for 2026-11-21.")?;
/// assert!(scored.passed);
/// assert_eq!(scored.report.matched.unwrap().text, "2026-11-21");
///
/// assert!(regex("(").unwrap_err().to_string().contains("not a valid regular expression"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn regex(pattern: &str) -> Result<Regex, InvalidPattern> {
    match ::regex::Regex::new(pattern) {
        Ok(pattern) => Ok(Regex { pattern }),
        Err(source) => Err(InvalidPattern { pattern: pattern.to_owned(), source }),
    }
}

/// Check made by [`regex()`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Regex {
    pattern: ::regex::Regex,
}

impl PureEval for Regex {
    type Artifact = str;
    type Report = RegexReport;
    type Error = CheckError;

    fn evaluate(&self, _: &TraceSnapshot, artifact: &str) -> Result<RegexReport, CheckError> {
        let matched = self.pattern.find(artifact);
        Ok(RegexReport {
            passed: matched.is_some(),
            pattern: self.pattern.as_str().to_owned(),
            matched: matched.map(|matched| Excerpt::of(matched.as_str())),
            found: Excerpt::of(artifact),
        })
    }
}

/// Says why a pattern cannot be searched for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the pattern {pattern:?} is not a valid regular expression")]
pub struct InvalidPattern {
    pattern: String,
    source: ::regex::Error,
}

/// Report of [`regex()`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RegexReport {
    /// Whether the pattern matches.
    pub passed: bool,
    /// The pattern.
    pub pattern: String,
    /// What it matches first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched: Option<Excerpt>,
    /// The artifact.
    pub found: Excerpt,
}

all_or_nothing!(RegexReport);

impl fmt::Display for RegexReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a match of {:?} in {}, found ", self.pattern, self.found.quoted())?;
        match &self.matched {
            Some(matched) => matched.quoted().fmt(f),
            None => f.write_str("none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::testing::evaluate;

    #[track_caller]
    fn check(pattern: &str, artifact: &str, expected: Option<&str>) {
        let report = evaluate(&regex(pattern).unwrap(), artifact).unwrap();
        assert_eq!(report.matched.map(|matched| matched.text).as_deref(), expected);
        assert_eq!(report.passed, expected.is_some());
    }

    #[test]
    fn the_pattern_may_match_anywhere_and_the_first_match_is_reported() {
        check(r"\d+", "12 of 345", Some("12"));
        check(r"^\d+$", "12 of 345", None);
        check(r"(?i)PARIS", "Paris", Some("Paris"));
        check("", "", Some(""));
        check(r"\w+", "", None);
        check(r"\w+", "… été", Some("été"));
    }

    #[test]
    fn an_invalid_pattern_is_an_error_of_the_constructor() {
        for pattern in ["(", "[", r"\p{NoSuch}", "a{100000}{100000}"] {
            let error = regex(pattern).unwrap_err();
            assert!(error.to_string().contains(&format!("{pattern:?}")), "{error}");
            assert!(error.source().is_some());
        }
    }

    #[test]
    fn the_report_says_what_was_looked_for_and_found() {
        let report = |artifact| evaluate(&regex(r"\d+").unwrap(), artifact).unwrap().to_string();
        assert_eq!(report("a 7"), r#"expected a match of "\\d+" in "a 7", found "7""#);
        assert_eq!(report("a"), r#"expected a match of "\\d+" in "a", found none"#);
    }
}
