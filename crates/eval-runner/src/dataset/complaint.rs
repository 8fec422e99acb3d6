//! What a parser complained of, made fit to be shown: one line, not long, no secrets.

use std::fmt::Write as _;

use probity_trace::Redaction;
use serde_path_to_error::{Path, Segment};

/// How many characters of a complaint are shown; parsers quote values, which may be long.
const SHOWN: usize = 300;

/// What is wrong with a row, before it is known which row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) line: Option<u64>,
    pub(super) column: Option<u64>,
    pub(super) field: Option<String>,
    pub(super) message: String,
}

impl Complaint {
    /// Complains of a row as a whole.
    pub(super) fn new(message: &str) -> Self {
        Self { line: None, column: None, field: None, message: shown(message) }
    }

    /// Complains of a field, given by its path inside the row. What a field holds that is named like a secret is not
    /// shown.
    pub(super) fn of_field(path: &Path, message: &str) -> Self {
        let field = written(path);
        let secret = path.iter().any(|segment| match segment {
            Segment::Map { key } => Redaction::new().is_secret(key),
            _ => false,
        });
        let message = if secret { SECRET } else { message };
        Self { field: (!field.is_empty()).then(|| shown(&field)), ..Self::new(message) }
    }

    /// Says where it is.
    pub(super) fn at(self, line: u64, column: Option<u64>) -> Self {
        Self { line: Some(line), column, ..self }
    }
}

/// Returns what is wrong with JSON without the place, which is counted inside a part of the text.
pub(super) fn of_json(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    whole.strip_suffix(&place).unwrap_or(&whole).to_owned()
}

const SECRET: &str =
    "the value does not fit, and is not shown since the field is named like a secret";

/// Writes a path, up to where it is not known which field went wrong.
fn written(path: &Path) -> String {
    let mut written = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => _ = write!(written, "[{index}]"),
            Segment::Map { key: name } | Segment::Enum { variant: name } => {
                if !written.is_empty() {
                    written.push('.');
                }
                written.push_str(name);
            }
            Segment::Unknown => break,
        }
    }
    written
}

fn shown(message: &str) -> String {
    let message = Redaction::new().scrub(message);
    let line = || message.chars().map(|c| if c.is_control() { ' ' } else { c });
    let omitted = line().count().saturating_sub(SHOWN);
    let mut shown: String = line().take(SHOWN).collect();
    if omitted > 0 {
        _ = write!(shown, ".. ({omitted} more characters)");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::Complaint;

    #[test]
    fn long_values_line_breaks_and_secrets_stay_out() {
        let message =
            format!("invalid type: string \"sk-proj-abcdefghijklmnop1234\n{}\"", "x".repeat(999));
        let shown = Complaint::new(&message).message;
        assert!(!shown.contains("sk-proj") && !shown.contains('\n'), "{shown}");
        assert!(shown.chars().count() < 340 && shown.ends_with("more characters)"), "{shown}");
    }
}
