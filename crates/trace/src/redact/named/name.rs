//! The name before a sign, and what its value looks like where it has no quotes.

use std::{borrow::Cow, ops::Range};

/// No name of a secret is longer, and no more is looked at before a sign.
const LONGEST: usize = 128;

/// The words of a header `authorization` that come before what is secret.
const SCHEMES: &[&str] = &["bearer", "basic", "token", "apikey", "digest", "negotiate"];

/// A name, and the quote that it stands in.
pub(super) struct Name<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) quote: Option<Quote>,
    /// What stands right before it.
    before: Option<u8>,
    touches_sign: bool,
}

/// A quote, with the backslashes before it if the JSON is in a JSON string.
#[derive(Clone, Copy)]
pub(super) struct Quote {
    mark: u8,
    backslashes: usize,
    /// The position after it.
    pub(super) after: usize,
}

impl<'t> Name<'t> {
    /// Reads the name that ends at a sign; `None` if there is none.
    pub(super) fn before(text: &'t str, sign: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let least = sign.saturating_sub(LONGEST);
        let space = bytes.get(least..sign)?.iter().rev().take_while(|b| b.is_ascii_whitespace());
        let end = sign - space.count();
        let mark = *bytes.get(end.checked_sub(1)?)?;
        let is_quoted = matches!(mark, b'"' | b'\'');
        let end = if is_quoted { end - 1 } else { end };
        let window = bytes.get(least..end)?;
        let slashes = window.iter().rev().take_while(|b| is_quoted && **b == b'\\').count();
        let window = window.get(..window.len() - slashes)?;
        let is_outside = |b: &u8| if is_quoted { *b == mark } else { !is_bare(*b) };
        let begin = least + window.iter().rposition(is_outside).map_or(0, |at| at + 1);
        // Where a name is longer, its last words still tell.
        let begin = text.ceil_char_boundary(begin);
        let name = text.get(begin..least + window.len()).filter(|name| !name.is_empty())?;
        let quote = Quote { mark, backslashes: slashes, after: begin };
        Some(Self {
            text: if is_quoted { unescaped(name) } else { Cow::Borrowed(name) },
            quote: is_quoted.then_some(quote),
            before: begin.checked_sub(1).and_then(|at| bytes.get(at)).copied(),
            touches_sign: end == sign,
        })
    }

    /// Returns whether this is the parameter `key` of a URL.
    pub(super) fn is_key_of_url(&self) -> bool {
        self.is_parameter() && self.text == "key"
    }

    fn is_parameter(&self) -> bool {
        self.quote.is_none() && self.touches_sign && matches!(self.before, Some(b'?' | b'&'))
    }

    /// Returns where the value of this name is if it has no quotes; `None` if it is no secret.
    pub(super) fn bare_value(&self, text: &str, sign: usize) -> Option<Range<usize>> {
        if self.quote.is_some() {
            return None;
        }
        match text.as_bytes().get(sign)? {
            b'=' => self.assigned(text, sign + 1),
            _ => self.header(text, sign + 1),
        }
    }

    /// A parameter of a URL or of the environment: `api_key=..`.
    fn assigned(&self, text: &str, from: usize) -> Option<Range<usize>> {
        if !self.touches_sign {
            return None;
        }
        let rest = text.get(from..)?;
        let ends = |c: char| c.is_whitespace() || "&#\"'`\\<>()[]{},;=".contains(c);
        let length = rest.find(ends).unwrap_or(rest.len());
        // In code, a call or a comparison.
        let is_code = rest.get(length..)?.starts_with(['(', '[', '=']) && !self.is_parameter();
        (length > 0 && !is_code).then(|| from..from + length)
    }

    /// A header: `x-api-key: ..`. Only one that begins its line has all of the line as its value.
    fn header(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let name = self.text.to_ascii_lowercase();
        let is_authorization = name.ends_with("authorization");
        if !name.contains('-') && !is_authorization && name != "cookie" {
            return None;
        }
        let word = word(text, from)?;
        let is_scheme = |scheme: &&str| {
            text.get(word.clone()).is_some_and(|word| word.eq_ignore_ascii_case(scheme))
        };
        let first = if is_authorization && SCHEMES.iter().any(is_scheme) {
            self::word(text, word.end)?
        } else {
            word
        };
        let begins_line = matches!(self.before, None | Some(b'\n' | b'\r' | b'"' | b'\''));
        if !begins_line {
            // In the middle of a sentence these are words like others.
            let is_header = name.contains('-') || first.start != start_of_word(text, from);
            return is_header.then_some(first);
        }
        let line = text.get(first.start..)?;
        let line = line.get(..line.find(ENDS_LINE).unwrap_or(line.len()))?.trim_end();
        let is_sentence = match name.as_str() {
            "cookie" => !line.contains('='),
            "authorization" => line.len() > first.len() && first.start == start_of_word(text, from),
            _ => false,
        };
        (!is_sentence).then(|| first.start..first.start + line.len())
    }
}

/// What ends a line, also one that stands in quotes or in a JSON string.
const ENDS_LINE: [char; 5] = ['\n', '\r', '"', '\'', '\\'];

/// Returns where the word after some blanks is; `None` if the line ends before it.
fn word(text: &str, from: usize) -> Option<Range<usize>> {
    let begin = start_of_word(text, from);
    let rest = text.get(begin..)?;
    let ends = |c: char| c.is_whitespace() || ENDS_LINE.contains(&c);
    let length = rest.find(ends).unwrap_or(rest.len());
    (length > 0).then(|| begin..begin + length)
}

fn start_of_word(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

impl Quote {
    /// Reads the quote that begins here, with the backslashes before it.
    pub(super) fn at(text: &str, at: usize) -> Option<Self> {
        let bytes = text.as_bytes().get(at..)?;
        let backslashes = bytes.iter().take_while(|byte| **byte == b'\\').count();
        let mark = *bytes.get(backslashes)?;
        let is_quote = matches!(mark, b'"' | b'\'');
        is_quote.then_some(Self { mark, backslashes, after: at + backslashes + 1 })
    }

    /// Returns where a text in these quotes ends that begins at `from`: before its closing quote, or
    /// with the whole text.
    ///
    /// In a JSON string in JSON the quotes have `k` backslashes before them, in one in that `2k + 1`. A
    /// backslash at the end of the text itself is written as `2(k + 1)`. So of the runs of
    /// backslashes before a quote, those that leave `k` when divided by `2(k + 1)` close the text.
    pub(super) fn end(self, text: &str, from: usize) -> usize {
        let mut run = 0;
        for (at, byte) in text.bytes().enumerate().skip(from) {
            match byte {
                b'\\' => run += 1,
                _ if byte == self.mark
                    && run % (2 * (self.backslashes + 1)) == self.backslashes =>
                {
                    return at - self.backslashes;
                }
                _ => run = 0,
            }
        }
        text.len()
    }

    /// Returns the quote as it is written.
    pub(super) fn written(self) -> String {
        format!("{}{}", "\\".repeat(self.backslashes), char::from(self.mark))
    }
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Reads escapes of letters: `api\u005fkey`.
fn unescaped(name: &str) -> Cow<'_, str> {
    let Some((first, rest)) = name.split_once('\\') else { return Cow::Borrowed(name) };
    let mut read = first.to_owned();
    for part in rest.split('\\') {
        let code = part.strip_prefix('u').and_then(|part| part.get(..4));
        let letter = code.and_then(|code| u32::from_str_radix(code, 16).ok());
        match letter.and_then(char::from_u32) {
            Some(letter) => {
                read.push(letter);
                read.push_str(part.get(5..).unwrap_or_default());
            }
            None => read.push_str(part),
        }
    }
    Cow::Owned(read)
}
