//! Texts of a trace as people read them: on one line, not too long, and with secrets masked.

use std::fmt;

use crate::{redact::Redaction, value::ValueRef};

/// Longer texts are shortened to this many bytes when they are shown.
pub(super) const MAX_BYTES: usize = 200;

/// A name, key or message on one line, without quotes.
pub(super) struct Plain<'a> {
    pub(super) text: &'a str,
    pub(super) redaction: &'a Redaction,
}

/// A value on one line; a string in quotes.
pub(super) struct Shown<'a> {
    pub(super) value: ValueRef<'a>,
    /// The capture has cut it.
    pub(super) cut: bool,
    pub(super) redaction: &'a Redaction,
}

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.redaction.scrub(self.text);
        let kept = shorten(&text);
        one_line(f, kept)?;
        marks(f, kept, &text, false)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(text) = self.value.as_str() else {
            return self.value.fmt(f);
        };
        // All of it is scanned, since a secret may lie across the place where it is shortened.
        let text = self.redaction.scrub(text);
        let kept = shorten(&text);
        if matches!(self.value, ValueRef::Str(_)) {
            write!(f, "{kept:?}")?;
        } else {
            one_line(f, kept)?;
        }
        marks(f, kept, &text, self.cut)
    }
}

/// Writes a number with its noun.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn shorten(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or(text)
}

/// Writes a text with its control characters escaped, so that it can neither end the line nor move
/// the cursor.
fn one_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for part in text.split_inclusive(char::is_control) {
        let printable = part.trim_end_matches(char::is_control);
        f.write_str(printable)?;
        if let Some(controls) = part.get(printable.len()..) {
            write!(f, "{}", controls.escape_default())?;
        }
    }
    Ok(())
}

/// Says that a text is not whole: `… (1200 bytes, cut)`.
fn marks(f: &mut fmt::Formatter<'_>, kept: &str, whole: &str, cut: bool) -> fmt::Result {
    match (kept.len() < whole.len(), cut) {
        (false, false) => Ok(()),
        (false, true) => f.write_str("… (cut)"),
        (true, false) => write!(f, "… ({} bytes)", whole.len()),
        (true, true) => write!(f, "… ({} bytes, cut)", whole.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: ValueRef<'_>, cut: bool, expected: &str) {
        let redaction = &Redaction::new();
        let shown = Shown { value, cut, redaction };
        assert_eq!(shown.to_string(), expected);
    }

    #[test]
    fn values_are_on_one_line_and_say_what_they_are() {
        check(ValueRef::U64(3), false, "3");
        check(ValueRef::Str("3"), false, "\"3\"");
        check(ValueRef::Str("a\n\"b\""), false, r#""a\n\"b\"""#);
        check(ValueRef::Debug("Some(\u{1b}[31m)\n"), false, r"Some(\u{1b}[31m)\n");
        check(ValueRef::Str("abc"), true, "\"abc\"… (cut)");
    }

    #[test]
    fn long_values_are_shortened_at_a_whole_character_after_secrets_are_masked() {
        let long = "é".repeat(150);
        let kept = "é".repeat(100);
        check(ValueRef::Debug(&long), false, &format!("{kept}… (300 bytes)"));
        check(ValueRef::Str(&long), true, &format!("\"{kept}\"… (300 bytes, cut)"));
        let text = format!("{}sk-abcdefghijklmnop1234", "x ".repeat(96));
        let redaction = &Redaction::new();
        let shown = Plain { text: &text, redaction };
        let shown = shown.to_string();
        assert!(shown.contains("[redact"), "{shown}");
        assert!(!shown.contains("sk-"), "{shown}");
    }
}
