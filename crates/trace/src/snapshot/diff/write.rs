//! Writes changes so that people can read them.

use std::{collections::HashMap, fmt};

use super::change::Change;
use crate::{
    redact::Redaction,
    snapshot::{
        SpanOrEvent, SpanRef, TraceSnapshot,
        text::{Plain, Shown, count},
    },
    value::ValueRef,
};

/// So many of the innermost spans of a path are written.
const MAX_PATH: usize = 5;

/// A change on one line.
pub(super) struct Written<'a> {
    pub(super) change: &'a Change<'a>,
    /// Those of the first and the second trace, if they are known.
    pub(super) ordinals: Option<(&'a Ordinals, &'a Ordinals)>,
}

/// Which of its siblings of the same name each span of a trace is, counted from 1; 0 if it is the
/// only one.
#[derive(Debug)]
pub(super) struct Ordinals(Vec<u32>);

impl Ordinals {
    pub(super) fn of(trace: &TraceSnapshot) -> Self {
        let mut ordinals = vec![0; trace.len()];
        number(trace.roots(), &mut ordinals);
        for span in trace.all_spans() {
            number(span.children(), &mut ordinals);
        }
        Self(ordinals)
    }
}

fn number<'a>(siblings: impl Iterator<Item = SpanRef<'a>> + Clone, ordinals: &mut [u32]) {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for span in siblings.clone() {
        let count = seen.entry(span.name()).or_default();
        *count += 1;
        if let Some(place) = ordinals.get_mut(span.position()) {
            *place = *count;
        }
    }
    for span in siblings.filter(|span| seen.get(span.name()) == Some(&1)) {
        if let Some(place) = ordinals.get_mut(span.position()) {
            *place = 0;
        }
    }
}

/// Prints one line such as `~ agent > chat: tokens: 7 -> 9`.
/// Says what [`Display`](fmt::Display) does: the values themselves may hold secrets.
impl fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({self})")
    }
}

impl fmt::Display for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Written { change: self, ordinals: None }.fmt(f)
    }
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self.change {
            Change::Appeared(item) => {
                write!(f, "+ {}{}", self.after(item), Inside(item))
            }
            Change::Vanished(item) => {
                write!(f, "- {}{}", self.before(item), Inside(item))
            }
            Change::Moved { before, after } => {
                write!(f, "> {} -> {}", self.before(before), self.after(after))
            }
            Change::Level { before, after } => {
                write!(f, "~ {}: level: {} -> {}", self.after(after), before.level(), after.level())
            }
            Change::Field { before, after, key, old, new } => {
                let redaction = redaction(after);
                let key = Plain { text: key, redaction };
                write!(f, "~ {}: {key}: ", self.after(after))?;
                value(f, old, before)?;
                f.write_str(" -> ")?;
                value(f, new, after)
            }
        }
    }
}

impl<'a> Written<'a> {
    fn before(&self, item: SpanOrEvent<'a>) -> Path<'a> {
        let ordinals = self.ordinals.map(|(before, _)| before);
        Path { item, ordinals }
    }

    fn after(&self, item: SpanOrEvent<'a>) -> Path<'a> {
        let ordinals = self.ordinals.map(|(_, after)| after);
        Path { item, ordinals }
    }
}

fn redaction(item: SpanOrEvent<'_>) -> &Redaction {
    &item.trace().header().redaction
}

fn value(
    f: &mut fmt::Formatter<'_>,
    value: Option<ValueRef<'_>>,
    of: SpanOrEvent<'_>,
) -> fmt::Result {
    let Some(value) = value else {
        return f.write_str("none");
    };
    let shown = Shown { value, cut: false, redaction: redaction(of) };
    write!(f, "{shown}")
}

/// How much is in a span, if anything.
struct Inside<'a>(SpanOrEvent<'a>);

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(span) = self.0.as_span() else {
            return Ok(());
        };
        let (spans, events) = (span.children().len(), span.events().len());
        match (spans, events) {
            (0, 0) => Ok(()),
            (0, _) => write!(f, " (with {})", count(events, "event", "events")),
            (_, 0) => write!(f, " (with {})", count(spans, "child", "children")),
            _ => write!(
                f,
                " (with {} and {})",
                count(spans, "child", "children"),
                count(events, "event", "events")
            ),
        }
    }
}

/// Where something is: `agent > chat[2] > • retrying`.
struct Path<'a> {
    item: SpanOrEvent<'a>,
    ordinals: Option<&'a Ordinals>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut spans: Vec<SpanRef<'_>> = self.item.as_span().into_iter().collect();
        spans.extend(self.item.ancestors().take(MAX_PATH + 1 - spans.len()));
        if spans.len() > MAX_PATH {
            spans.truncate(MAX_PATH);
            f.write_str("… > ")?;
        }
        let mut is_first = true;
        for span in spans.into_iter().rev() {
            let before = if std::mem::take(&mut is_first) { "" } else { " > " };
            f.write_str(before)?;
            self.span(f, span)?;
        }
        let Some(event) = self.item.as_event() else {
            return Ok(());
        };
        let before = if is_first { "• " } else { " > • " };
        let text = event.message().unwrap_or(event.name());
        let redaction = redaction(self.item);
        write!(f, "{before}{}", Plain { text, redaction })
    }
}

impl Path<'_> {
    fn span(&self, f: &mut fmt::Formatter<'_>, span: SpanRef<'_>) -> fmt::Result {
        let redaction = redaction(self.item);
        let text = span.name();
        write!(f, "{}", Plain { text, redaction })?;
        let ordinal = self.ordinals.and_then(|ordinals| ordinals.0.get(span.position()));
        match ordinal {
            None | Some(0) => Ok(()),
            Some(ordinal) => write!(f, "[{ordinal}]"),
        }
    }
}
