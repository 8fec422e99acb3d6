//! Values that are masked, in a text of which all else stays.

use std::{borrow::Cow, ops::Range};

use super::name::Quote;
use crate::redact::MASK;

/// A text, and what of it is masked so far.
pub(super) struct Masked<'t> {
    pub(super) text: &'t str,
    done: String,
    kept_to: usize,
}

impl<'t> Masked<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, done: String::new(), kept_to: 0 }
    }

    /// Masks a part that lies after those that were masked.
    pub(super) fn mask(&mut self, part: Range<usize>) {
        self.replace(part, MASK);
    }

    fn replace(&mut self, part: Range<usize>, by: &str) {
        let is_masked =
            self.text.get(part.clone()).is_none_or(|text| text.is_empty() || text == MASK);
        if is_masked || part.start < self.kept_to {
            return;
        }
        self.done.push_str(self.text.get(self.kept_to..part.start).unwrap_or_default());
        self.done.push_str(by);
        self.kept_to = part.end;
    }

    /// Masks a number of JSON, in quotes like those of the names around it, and returns its end.
    pub(super) fn number(&mut self, from: usize, quote: Option<Quote>, is_kept: bool) -> usize {
        let end = from + number_length(self.text, from);
        if !is_kept {
            let quote = quote.map_or_else(|| "\"".to_owned(), Quote::written);
            self.replace(from..end, &format!("{quote}{MASK}{quote}"));
        }
        end
    }

    /// Masks the texts and numbers in a list or an object, and returns its end.
    pub(super) fn nested(&mut self, from: usize, keeps_numbers: bool) -> usize {
        let mut depth = 0_usize;
        let mut quotes = None;
        let mut at = from;
        while let Some(byte) = self.text.as_bytes().get(at) {
            match byte {
                b'[' | b'{' => depth += 1,
                b']' | b'}' if depth <= 1 => return at + 1,
                b']' | b'}' => depth -= 1,
                b'"' | b'\'' | b'\\' => {
                    at = match Quote::at(self.text, at) {
                        Some(quote) => {
                            quotes = Some(quote);
                            self.quoted(quote)
                        }
                        None => after_backslashes(self.text, at),
                    };
                    continue;
                }
                b'0'..=b'9' if stands_alone(self.text, at) => {
                    at = self.number(at, quotes, keeps_numbers);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Masks a text in quotes unless it is a name, and returns the position after it.
    fn quoted(&mut self, quote: Quote) -> usize {
        let end = quote.end(self.text, quote.after);
        let after = (end + quote.written().len()).min(self.text.len());
        let rest = self.text.get(after..).unwrap_or_default();
        if !rest.trim_start().starts_with(':') {
            self.mask(quote.after..end);
        }
        after
    }

    pub(super) fn finish(mut self) -> Cow<'t, str> {
        if self.kept_to == 0 {
            return Cow::Borrowed(self.text);
        }
        self.done.push_str(self.text.get(self.kept_to..).unwrap_or_default());
        Cow::Owned(self.done)
    }
}

fn after_backslashes(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| **byte == b'\\').count()
}

/// Returns where a value begins after a sign: after blanks, and after the names of types, as in
/// `Some("..")` and `Key { .. }`.
pub(super) fn begin(text: &str, sign: usize) -> usize {
    let blank = |at: usize| {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().take(64).take_while(|byte| byte.is_ascii_whitespace()).count()
    };
    let first = blank(sign);
    let mut at = first;
    // `Some(Secret("..` is as deep as types are wrapped.
    for _ in 0..4 {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let length = rest.iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if !rest.first().is_some_and(u8::is_ascii_uppercase) {
            break;
        }
        let after = blank(at + length);
        match text.as_bytes().get(after) {
            Some(b'(') => at = blank(after + 1),
            Some(b'{') => return after,
            _ => return first,
        }
    }
    if Quote::at(text, at).is_some() || at == first { at } else { first }
}

fn number_length(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let is_part = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
    rest.iter().take_while(|byte| is_part(byte)).count().max(1)
}

/// Returns whether a digit is the first of a number and not inside of a word.
fn stands_alone(text: &str, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    before.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'[' | b'{' | b',' | b':' | b'('))
}
