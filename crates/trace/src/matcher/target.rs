//! Matches by target.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`target`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(String);

/// Matches spans and events with this target or one within it: `a::b` matches `a::b` and `a::b::c`,
/// but not `a::bc`.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::target, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("chat", |chat| chat.target("rig::agent")).build();
/// assert!(trace.find_all(target("rig")).next().is_some());
/// ```
#[must_use]
pub fn target(target: impl Into<String>) -> Target {
    Target(target.into())
}

impl Matcher for Target {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        let rest = item.target().strip_prefix(&*self.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "target({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TraceBuilder;

    #[test]
    fn a_target_is_matched_in_whole_words() {
        for (of_span, expected) in
            [("a::b", true), ("a::b::c", true), ("a::bc", false), ("a", false)]
        {
            let trace = TraceBuilder::new().open("s").target(of_span).build();
            assert_eq!(trace.find_all(target("a::b")).count() == 1, expected, "{of_span}");
        }
    }
}
