//! A trace as a tree that people can read.

mod duration;
mod line;
mod redacted;

use std::fmt;

use self::line::Line;
pub use self::redacted::Redacted;
use super::{
    TraceSnapshot,
    text::count,
    walk::{Step, Walk},
};
use crate::status::CaptureStatus;

/// Spans below this depth are indented no further; their lines say how deep they are.
const MAX_INDENT: usize = 24;

/// A tree to be printed.
pub(crate) struct Tree<'a> {
    pub(crate) trace: &'a TraceSnapshot,
    pub(crate) redacted: &'a Redacted,
    /// After so many spans and events only the number of the others is said.
    pub(crate) max_lines: usize,
}

/// Prints one line per span and event: spans with their durations, events (`•`) with the time since
/// the start of the capture, each with its level unless that is `INFO`, and with its fields.
///
/// Within a span, events and children are in the order of their times. A span that had not closed is
/// marked `(open)`, a value that the capture cut `(cut)`; texts longer than 200 bytes are shortened
/// and say how long they are, and what has the shape of a secret is masked. Below 24 levels lines are
/// indented no further and say how deep they are. Last come what was dropped and, unless the capture
/// recorded as it should, its status.
impl fmt::Display for TraceSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Tree { trace: self, redacted: &Redacted::nothing(), max_lines: usize::MAX }.fmt(f)
    }
}

impl TraceSnapshot {
    /// Prints the tree without what differs from run to run, for inline snapshot tests.
    ///
    /// It is what `Display` prints, less what `redacted` leaves out: times and identifiers by default.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_trace::{Redacted, testing::TraceBuilder};
    ///
    /// let trace = TraceBuilder::new()
    ///     .span("agent", |agent| {
    ///         agent
    ///             .field("task", "weather")
    ///             .span("chat", |chat| chat.field("tokens", 7).event("done"))
    ///     })
    ///     .build();
    /// assert_eq!(
    ///     trace.to_tree(Redacted::new()),
    ///     "agent task=\"weather\"\n\
    ///      └─ chat tokens=7\n   \
    ///         └─ • done"
    /// );
    /// ```
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "what is left out is said in the call and then done with"
    )]
    pub fn to_tree(&self, redacted: Redacted) -> String {
        let tree = Tree { trace: self, redacted: &redacted, max_lines: usize::MAX };
        tree.to_string()
    }
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Lines { f, is_first: true };
        self.header(&mut lines)?;
        let mut rails = Rails::default();
        for step in Walk::of(self.trace).take(self.max_lines) {
            let line = Line { item: step.item, redacted: self.redacted };
            lines.write(format_args!("{}{line}", rails.indent(step)))?;
        }
        self.footer(&mut lines)
    }
}

impl Tree<'_> {
    fn header(&self, lines: &mut Lines<'_, '_>) -> fmt::Result {
        let trace = self.trace;
        let mut parts = Vec::new();
        if let (Some(id), false) = (trace.trace_id(), self.redacted.hides_ids()) {
            parts.push(id.to_string());
        }
        if !self.redacted.hides_times() {
            parts.push(duration::Short(trace.duration()).to_string());
        }
        if parts.is_empty() {
            return Ok(());
        }
        parts.push(count(trace.len(), "span", "spans"));
        parts.push(count(trace.all_events().len(), "event", "events"));
        lines.write(format_args!("trace {}", parts.join(", ")))
    }

    fn footer(&self, lines: &mut Lines<'_, '_>) -> fmt::Result {
        let total = self.trace.len() + self.trace.all_events().len();
        let left = total.saturating_sub(self.max_lines);
        if left > 0 {
            let left = count(left, "more span or event", "more spans and events");
            lines.write(format_args!("({left})"))?;
        }
        let dropped = self.trace.dropped();
        if !dropped.is_empty() {
            lines.write(format_args!("dropped: {dropped}"))?;
        }
        match self.trace.status() {
            CaptureStatus::Recorded if lines.is_first => lines.write("(nothing)"),
            CaptureStatus::Recorded => Ok(()),
            other => lines.write(format_args!("status: {other}")),
        }
    }
}

/// Writes lines, with breaks between them.
struct Lines<'f, 'a> {
    f: &'f mut fmt::Formatter<'a>,
    is_first: bool,
}

impl Lines<'_, '_> {
    fn write(&mut self, line: impl fmt::Display) -> fmt::Result {
        if !std::mem::take(&mut self.is_first) {
            self.f.write_str("\n")?;
        }
        write!(self.f, "{line}")
    }
}

/// The lines to the left of the tree.
#[derive(Default)]
struct Rails {
    /// For each enclosing span that is indented: whether more comes after it where it is.
    goes_on: Vec<bool>,
}

impl Rails {
    /// Returns what stands before an item.
    fn indent(&mut self, step: Step<'_>) -> String {
        let depth = step.depth.min(MAX_INDENT);
        let mut text = String::new();
        // The roots are at the margin, without a line of their own.
        for &goes_on in self.goes_on.iter().take(depth).skip(1) {
            text.push_str(if goes_on { "│  " } else { "   " });
        }
        if step.depth > 0 {
            text.push_str(if step.is_last { "└─ " } else { "├─ " });
        }
        if step.depth > MAX_INDENT {
            text.push_str("(depth ");
            text.push_str(&step.depth.to_string());
            text.push_str(") ");
        }
        if step.depth < MAX_INDENT {
            self.goes_on.truncate(depth);
            self.goes_on.push(!step.is_last);
        }
        text
    }
}
