//! What an assertion says that does not hold.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::{Redacted, SpanOrEvent, TraceSnapshot, Tree};

/// The tree in a message has at most so many lines.
const MAX_LINES: usize = 200;

/// An assertion about a trace does not hold.
///
/// The message says what was expected and found and how often each part of the matcher matched, and
/// shows the tree without identifiers, of a large one the first 200 lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    expected: String,
    found: String,
    total: usize,
    parts: Vec<(String, usize)>,
    tree: String,
}

impl Unmatched {
    pub(super) fn new(trace: &TraceSnapshot, expected: String, found: String) -> Self {
        let tree = Tree { trace, redacted: &Redacted::new().show_times(), max_lines: MAX_LINES };
        Self { expected, found, total: 0, parts: Vec::new(), tree: tree.to_string() }
    }

    /// Adds how many there are and how often each part of the matcher matches.
    pub(super) fn among<'a>(
        mut self,
        items: &(impl Iterator<Item = SpanOrEvent<'a>> + Clone),
        matcher: &dyn Matcher,
    ) -> Self {
        self.total = items.clone().count();
        for part in matcher.parts() {
            let count = items.clone().filter(|item| part.matches(*item)).count();
            self.parts.push((part.to_string(), count));
        }
        self
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)?;
        write!(f, " among {}", self.total)?;
        for (part, count) in &self.parts {
            write!(f, "\n  {part} matches {count}")?;
        }
        write!(f, "\n{}", self.tree)
    }
}

impl std::error::Error for Unmatched {}
