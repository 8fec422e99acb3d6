//! Why an expression is no gate, with a mark at the place.

use std::{fmt, ops::Range};

/// How many characters of an expression are shown on each side of the mistake.
const SHOWN: usize = 50;

/// Says why an expression is no gate.
///
/// Prints what was expected, then the expression with a mark under the mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateError {
    message: String,
    before: String,
    wrong: String,
    after: String,
    at: Range<usize>,
}

impl GateError {
    /// Makes an error of a part of an expression, given in bytes.
    pub(super) fn new(expression: &str, at: Range<usize>, message: impl Into<String>) -> Self {
        let parts = (
            expression.get(..at.start).unwrap_or(expression),
            expression.get(at.clone()).unwrap_or_default(),
            expression.get(at.end..).unwrap_or_default(),
        );
        Self {
            message: message.into(),
            before: last(parts.0),
            wrong: first(parts.1),
            after: first(parts.2),
            at,
        }
    }

    /// Returns what is wrong, on one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the place of the mistake, in bytes of the expression; empty where something is missing.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }
}

/// Takes the end of a text, on one line.
fn last(text: &str) -> String {
    let omitted = text.chars().count().saturating_sub(SHOWN);
    let dots = if omitted > 0 { ".." } else { "" };
    dots.chars().chain(text.chars().skip(omitted)).map(visible).collect()
}

/// Takes the beginning of a text, on one line.
fn first(text: &str) -> String {
    let dots = if text.chars().nth(SHOWN).is_some() { ".." } else { "" };
    text.chars().take(SHOWN).chain(dots.chars()).map(visible).collect()
}

/// Keeps the mark under its character.
fn visible(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}

impl std::error::Error for GateError {}

impl fmt::Display for GateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, before, wrong, after, .. } = self;
        let indent = before.chars().count();
        let width = wrong.chars().count().max(1);
        writeln!(f, "the gate cannot be read: {message}")?;
        writeln!(f, "  {before}{wrong}{after}")?;
        write!(f, "  {:indent$}{:^<width$}", "", "")
    }
}

#[cfg(test)]
mod tests {
    use super::GateError;

    #[test]
    fn the_mark_is_under_the_mistake() {
        let error = GateError::new("pass^4 => 0.9", 7..9, "expected one of >=, >, <=, <");
        assert_eq!(
            error.to_string(),
            "the gate cannot be read: expected one of >=, >, <=, <\n  \
             pass^4 => 0.9\n         \
             ^^"
        );
        assert_eq!((error.message(), error.at()), ("expected one of >=, >, <=, <", 7..9));
    }

    #[test]
    fn what_is_missing_is_marked_by_one_character() {
        let error = GateError::new("", 0..0, "m");
        assert_eq!(error.to_string(), "the gate cannot be read: m\n  \n  ^");
    }

    #[test]
    fn long_expressions_and_line_breaks_keep_the_mark_in_place() {
        let expression = format!("{}\n\té {}", "a".repeat(70), "b".repeat(70));
        let error = GateError::new(&expression, 72..74, "m").to_string();
        let lines: Vec<_> = error.lines().collect();
        assert_eq!(lines[1], format!("  ..{}  é {}..", "a".repeat(48), "b".repeat(49)));
        assert_eq!(lines[2], format!("{}^", " ".repeat(2 + 2 + 48 + 2)));
    }

    #[test]
    fn a_place_outside_the_expression_does_no_harm() {
        assert_eq!(
            GateError::new("é", 1..9, "m").to_string(),
            "the gate cannot be read: m\n  é\n   ^"
        );
    }
}
