//! Assertions.

use super::{question::Matcher, unmatched::Unmatched};
use crate::snapshot::{SpanOrEvent, TraceSnapshot};

/// Assertions about a sequence of spans or events.
///
/// Each comes in two forms: one that panics where it does not hold, for tests, and one that begins with
/// `try_` and returns [`Unmatched`]. Both say what was asked, how often each part of it matched, and show
/// the tree.
///
/// # Examples
///
/// ```
/// use probity_trace::{
///     matcher::{field, name},
///     testing::TraceBuilder,
/// };
///
/// let trace = TraceBuilder::new()
///     .span("agent", |agent| {
///         agent
///             .span("chat", |chat| chat.field("turn", 1))
///             .span("tool", |tool| tool)
///             .span("chat", |chat| chat.field("turn", 2))
///     })
///     .build();
/// let agent = trace.scan_spans().single(name("agent"));
/// let steps = agent.scan_children();
/// steps.in_order(&[&name("tool"), &(name("chat") & field("turn", 2))]);
/// let error = steps.try_single(name("chat")).expect_err("there are two");
/// assert!(error.to_string().starts_with("expected one child that matches name(\"chat\"), found 2"));
/// ```
#[derive(Debug, Clone)]
#[must_use = "a scan does nothing unless something is asserted"]
pub struct Scan<'a, I> {
    trace: &'a TraceSnapshot,
    noun: &'static str,
    items: I,
}

impl<'a, I> Scan<'a, I>
where
    I: Iterator<Item: Copy + Into<SpanOrEvent<'a>>> + Clone,
{
    pub(super) fn new(trace: &'a TraceSnapshot, noun: &'static str, items: I) -> Self {
        Self { trace, noun, items }
    }

    /// Returns the only one that matches.
    ///
    /// # Panics
    ///
    /// If none or more than one matches.
    #[track_caller]
    pub fn single(&self, matcher: impl Matcher) -> I::Item {
        or_panic(self.try_single(matcher))
    }

    /// Returns the only one that matches.
    ///
    /// # Errors
    ///
    /// If none or more than one matches.
    pub fn try_single(&self, matcher: impl Matcher) -> Result<I::Item, Unmatched> {
        let mut matching = self.matching(&matcher);
        match (matching.next(), matching.count()) {
            (Some(item), 0) => Ok(item),
            (first, others) => {
                let expected = format!("one {} that matches", self.noun);
                let found = usize::from(first.is_some()) + others;
                Err(self.unmatched(&expected, &matcher, found.to_string()))
            }
        }
    }

    /// Returns the first that matches.
    ///
    /// # Panics
    ///
    /// If none matches.
    #[track_caller]
    pub fn first(&self, matcher: impl Matcher) -> I::Item {
        or_panic(self.try_first(matcher))
    }

    /// Returns the first that matches.
    ///
    /// # Errors
    ///
    /// If none matches.
    pub fn try_first(&self, matcher: impl Matcher) -> Result<I::Item, Unmatched> {
        let first = self.matching(&matcher).next();
        first.ok_or_else(|| {
            let expected = format!("some {} that matches", self.noun);
            self.unmatched(&expected, &matcher, "none".to_owned())
        })
    }

    /// Asserts that none matches.
    ///
    /// # Panics
    ///
    /// If one matches.
    #[track_caller]
    pub fn none(&self, matcher: impl Matcher) {
        or_panic(self.try_none(matcher));
    }

    /// Checks that none matches.
    ///
    /// # Errors
    ///
    /// If one matches.
    pub fn try_none(&self, matcher: impl Matcher) -> Result<(), Unmatched> {
        match self.matching(&matcher).count() {
            0 => Ok(()),
            found => {
                let expected = format!("no {} that matches", self.noun);
                Err(self.unmatched(&expected, &matcher, found.to_string()))
            }
        }
    }

    /// Asserts that all match; of nothing at all that is true.
    ///
    /// # Panics
    ///
    /// If one does not match.
    #[track_caller]
    pub fn all(&self, matcher: impl Matcher) {
        or_panic(self.try_all(matcher));
    }

    /// Checks that all match; of nothing at all that is true.
    ///
    /// # Errors
    ///
    /// If one does not match.
    pub fn try_all(&self, matcher: impl Matcher) -> Result<(), Unmatched> {
        let good = self.matching(&matcher).count();
        let total = self.items.clone().count();
        if good == total {
            return Ok(());
        }
        let expected = format!("every {} to match", self.noun);
        let found = format!("{} that do not", total - good);
        Err(self.unmatched(&expected, &matcher, found))
    }

    /// Returns one for each matcher, each after the one before; others may be among them.
    ///
    /// # Panics
    ///
    /// If a matcher matches nothing after what the one before it matched.
    #[track_caller]
    pub fn in_order(&self, matchers: &[&dyn Matcher]) -> Vec<I::Item> {
        or_panic(self.try_in_order(matchers))
    }

    /// Returns one for each matcher, each after the one before; others may be among them.
    ///
    /// # Errors
    ///
    /// If a matcher matches nothing after what the one before it matched.
    pub fn try_in_order(&self, matchers: &[&dyn Matcher]) -> Result<Vec<I::Item>, Unmatched> {
        let mut items = self.items.clone();
        let mut found = Vec::with_capacity(matchers.len());
        for (number, matcher) in matchers.iter().enumerate() {
            // The first that fits is as good as any later one, since it leaves most to come.
            let Some(item) = items.find(|item| matcher.matches((*item).into())) else {
                let after = number.checked_sub(1).and_then(|before| matchers.get(before));
                let after = after.map(|before| format!("after {before} ")).unwrap_or_default();
                let expected = format!("{after}some {} that matches", self.noun);
                return Err(self.unmatched(&expected, matcher, "none".to_owned()));
            };
            found.push(item);
        }
        Ok(found)
    }

    fn matching<M: Matcher>(&self, matcher: &M) -> impl Iterator<Item = I::Item> {
        let items = self.items.clone();
        items.filter(|item| matcher.matches((*item).into()))
    }

    fn unmatched(&self, expected: &str, matcher: &dyn Matcher, found: String) -> Unmatched {
        let items = self.items.clone().map(Into::into);
        let error = Unmatched::new(self.trace, format!("{expected} {matcher}"), found);
        error.among(&items, matcher)
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "an assertion panics where it does not hold")]
fn or_panic<T>(result: Result<T, Unmatched>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
