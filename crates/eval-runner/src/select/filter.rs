//! A pattern for ids or tags.

use std::{fmt, str::FromStr};

use regex::Regex;

/// A pattern of ids or tags: `*` stands for any characters, `?` for one, `!` before it all for the opposite.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::select::Filter;
///
/// let filter: Filter = "air-*".parse()?;
/// assert!(filter.matches("air-7") && !filter.matches("rail-7"));
/// # Ok::<(), probity_eval_runner::select::FilterError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Filter {
    takes_away: bool,
    pattern: String,
    regex: Regex,
}

impl Filter {
    /// Returns whether the pattern matches, whether or not there is a `!` before it.
    pub fn matches(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }

    /// Returns whether what matches is taken away, for the `!`.
    pub fn takes_away(&self) -> bool {
        self.takes_away
    }

    /// Returns the pattern, without the `!`.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let (takes_away, pattern) = match text.strip_prefix('!') {
            Some(pattern) => (true, pattern),
            None => (false, text),
        };
        if pattern.is_empty() {
            return Err(FilterError::Empty { text: text.to_owned() });
        }
        let regex = Regex::new(&expression(pattern)).map_err(|_| FilterError::TooLong)?;
        Ok(Self { takes_away, pattern: pattern.to_owned(), regex })
    }
}

/// Writes a pattern as a regular expression of the whole text.
fn expression(pattern: &str) -> String {
    let mut expression = String::from(r"(?s)\A");
    let mut buffer = [0; 4];
    for character in pattern.chars() {
        match character {
            '*' => expression.push_str(".*"),
            '?' => expression.push('.'),
            other => expression.push_str(&regex::escape(other.encode_utf8(&mut buffer))),
        }
    }
    expression.push_str(r"\z");
    expression
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        (self.takes_away, &self.pattern) == (other.takes_away, &other.pattern)
    }
}

impl Eq for Filter {}

/// Prints the filter as it was written.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.takes_away { "!" } else { "" };
        write!(f, "{sign}{}", self.pattern)
    }
}

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// There is no pattern.
    #[error("the filter {text:?} has no pattern; * matches everything")]
    #[non_exhaustive]
    Empty {
        /// What was given.
        text: String,
    },
    /// The pattern is too long to be searched for.
    #[error("the pattern of a filter is too long")]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, matching: &[&str], others: &[&str]) {
        let filter: Filter = pattern.parse().unwrap();
        assert!(matching.iter().all(|name| filter.matches(name)), "{pattern} matches {matching:?}");
        assert!(!others.iter().any(|name| filter.matches(name)), "{pattern} leaves {others:?}");
    }

    #[test]
    fn stars_and_question_marks_are_wild_and_all_else_is_itself() {
        check("air-*", &["air-", "air-1", "air-a/b::c"], &["air", "rail-air-1", "AIR-1"]);
        check("a?c", &["abc", "aéc", "a🦀c", "a?c"], &["ac", "abbc"]);
        check("*", &["", "anything"], &[]);
        check("a.c", &["a.c"], &["abc"]);
        check("[1]{x}(y)|^$\\d", &["[1]{x}(y)|^$\\d"], &["1", "x"]);
        check("*b*b*", &["abab", "bb"], &["b", "ba"]);
    }

    #[test]
    fn a_filter_prints_as_it_was_written() {
        for text in ["a*", "!slow", "!!", "?"] {
            let filter: Filter = text.parse().unwrap();
            assert_eq!(filter.to_string(), text);
            assert_eq!(filter.takes_away(), text.starts_with('!'));
        }
    }

    #[test]
    fn an_empty_filter_and_one_without_end_are_refused() {
        for text in ["", "!"] {
            let error = text.parse::<Filter>().unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("the filter {text:?} has no pattern; * matches everything")
            );
        }
        let endless = "?".repeat(1_000_000).parse::<Filter>();
        assert_eq!(endless, Err(FilterError::TooLong));
    }

    #[test]
    fn many_stars_take_no_time() {
        let filter: Filter = "*a".repeat(500).parse().unwrap();
        assert!(!filter.matches(&"b".repeat(10_000)));
    }
}
