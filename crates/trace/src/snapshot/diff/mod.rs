//! What differs between two traces.

mod align;
mod change;
mod pairing;
mod side;
mod write;

use std::{fmt, slice};

pub use self::change::Change;
use self::{
    change::compare,
    pairing::Pairing,
    write::{Ordinals, Written},
};
use super::{EventRef, SpanOrEvent, SpanRef, TraceSnapshot, text::count};

/// The differences between two traces: what appeared, vanished, moved or changed.
///
/// Spans are taken for the same by their names and their order among their siblings, from the roots
/// down; events by their messages (where they have none, by their targets) and their order in their
/// span. As many as possible are paired and, among several of one name, those that are equal. Spans
/// left over are looked for elsewhere: first such as are the same with all that is in them, then such
/// as are the only ones of their name. What is the same may then differ in its level and its fields,
/// whose order does not matter.
///
/// Times, identifiers, targets and sources are no differences, nor are status and the counts of what
/// was dropped. How events and child spans of one span follow each other is not compared.
///
/// The work is bounded. Lists of siblings whose lengths multiply to more than 2^20, and all lists once
/// 2^26 has been spent, are aligned approximately, in time of n log n, and
/// [`is_approximate`](Self::is_approximate) says so: what is reported is still true, but there may be a
/// shorter way to say it.
///
/// # Examples
///
/// ```
/// use probity_trace::{TraceDiff, testing::TraceBuilder};
///
/// let agent = |tokens: u64| {
///     TraceBuilder::new()
///         .span("agent", |agent| agent.span("chat", |chat| chat.field("tokens", tokens)))
/// };
/// let before = agent(7).build();
/// let after = agent(9).span("cleanup", |span| span).build();
/// let diff = TraceDiff::between(&before, &after);
/// assert_eq!(
///     diff.to_string(),
///     "2 differences\n~ agent > chat: tokens: 7 -> 9\n+ cleanup"
/// );
/// ```
#[derive(Clone)]
pub struct TraceDiff<'a> {
    before: &'a TraceSnapshot,
    after: &'a TraceSnapshot,
    changes: Vec<Change<'a>>,
    approximate: bool,
}

impl<'a> TraceDiff<'a> {
    /// Compares two traces.
    #[must_use]
    pub fn between(before: &'a TraceSnapshot, after: &'a TraceSnapshot) -> Self {
        let pairing = Pairing::of(before, after);
        let mut changes = Vec::new();
        events(&pairing, (before.events(), after.events()), &mut changes);
        for span in before.all_spans() {
            vanished_or_changed(&pairing, span, &mut changes);
        }
        let appeared = after.all_spans().filter(|span| {
            let alone = |span: &SpanRef<'_>| pairing.after.spans.partner(rank(*span)).is_none();
            alone(span) && !span.parent().is_some_and(|parent| alone(&parent))
        });
        changes.extend(appeared.map(|span| Change::Appeared(span.into())));
        Self { before, after, changes, approximate: pairing.approximated() }
    }

    /// Returns whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Returns the number of differences.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Returns the differences: those of what the first trace has in its order, then the spans that
    /// appeared, in the order of the second.
    pub fn changes(&self) -> slice::Iter<'_, Change<'a>> {
        self.changes.iter()
    }

    /// Returns whether lists were too long to be aligned in the best way.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.approximate
    }
}

/// Prints one line per difference: `+` appeared, `-` vanished, `>` moved, `~` changed. Where siblings
/// have one name, their number among these is added; of a long path the last five spans are shown.
impl fmt::Display for TraceDiff<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no differences");
        }
        f.write_str(&count(self.len(), "difference", "differences"))?;
        if self.approximate {
            f.write_str(" (some lists are too long to find the fewest)")?;
        }
        let ordinals = (Ordinals::of(self.before), Ordinals::of(self.after));
        for change in self.changes() {
            let ordinals = Some((&ordinals.0, &ordinals.1));
            write!(f, "\n{}", Written { change, ordinals })?;
        }
        Ok(())
    }
}

fn rank(span: SpanRef<'_>) -> u32 {
    u32::try_from(span.position()).unwrap_or(u32::MAX)
}

fn vanished_or_changed<'a>(
    pairing: &Pairing<'a>,
    span: SpanRef<'a>,
    changes: &mut Vec<Change<'a>>,
) {
    let partner = |span| pairing.before.spans.partner(rank(span));
    let Some(other) = partner(span) else {
        // What is in a span that vanished has vanished with it.
        if span.parent().is_none_or(|parent| partner(parent).is_some()) {
            changes.push(Change::Vanished(span.into()));
        }
        return;
    };
    let other = SpanRef::new(pairing.after.trace, other as usize);
    if pairing.moved_spans.contains(&rank(span)) {
        changes.push(Change::Moved { before: span.into(), after: other.into() });
    }
    compare(span.into(), other.into(), changes);
    events(pairing, (span.events(), other.events()), changes);
}

/// Adds the differences between the events of a span, or of none, and of its partner.
fn events<'a>(
    pairing: &Pairing<'a>,
    (before, after): (impl Iterator<Item = EventRef<'a>>, impl Iterator<Item = EventRef<'a>>),
    changes: &mut Vec<Change<'a>>,
) {
    let rank = |event: EventRef<'_>| u32::try_from(event.position()).unwrap_or(u32::MAX);
    for event in before {
        let before = SpanOrEvent::from(event);
        let Some(other) = pairing.before.events.partner(rank(event)) else {
            changes.push(Change::Vanished(before));
            continue;
        };
        let after = EventRef::new(pairing.after.trace, other as usize).into();
        if pairing.moved_events.contains(&rank(event)) {
            changes.push(Change::Moved { before, after });
        }
        compare(before, after, changes);
    }
    let appeared = after.filter(|event| pairing.after.events.partner(rank(*event)).is_none());
    changes.extend(appeared.map(|event| Change::Appeared(event.into())));
}

/// Says what [`Display`](fmt::Display) does: the values themselves may hold secrets.
impl fmt::Debug for TraceDiff<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceDiff({self})")
    }
}
