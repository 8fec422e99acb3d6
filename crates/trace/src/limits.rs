//! Bounds of a capture, and the counts of what they cut.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bounds on what one capture keeps.
///
/// Nothing is cut silently: whatever exceeds a bound is counted in [`Dropped`], which a snapshot
/// carries and shows. Threads that record into one capture at the same time reserve small shares of a
/// bound, so that it may be reached a little early, never late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CaptureLimits {
    /// The number of spans that are kept. Children of a span that was not kept hang from its
    /// nearest kept ancestor. Default: 4,000,000.
    pub max_spans: u64,
    /// The number of events that are kept. Default: 8,000,000.
    pub max_events: u64,
    /// The number of bytes that are kept of one text value; the rest is cut, after the value was
    /// scanned for secrets. Default: 1 MiB.
    pub max_field_bytes: u32,
    /// The number of bytes that all records of the capture may take together, raw entries among them.
    /// A few hundred bytes for each thread that records come on top. Default: 1 GiB.
    pub max_total_bytes: u64,
}

impl Default for CaptureLimits {
    fn default() -> Self {
        Self {
            max_spans: 4_000_000,
            max_events: 8_000_000,
            max_field_bytes: 1 << 20,
            max_total_bytes: 1 << 30,
        }
    }
}

impl CaptureLimits {
    /// Sets the number of spans that are kept.
    #[must_use]
    pub fn with_max_spans(mut self, max: u64) -> Self {
        self.max_spans = max;
        self
    }

    /// Sets the number of events that are kept.
    #[must_use]
    pub fn with_max_events(mut self, max: u64) -> Self {
        self.max_events = max;
        self
    }

    /// Sets the number of bytes that are kept of one text value.
    #[must_use]
    pub fn with_max_field_bytes(mut self, max: u32) -> Self {
        self.max_field_bytes = max;
        self
    }

    /// Sets the number of bytes that all records of the capture may take together.
    #[must_use]
    pub fn with_max_total_bytes(mut self, max: u64) -> Self {
        self.max_total_bytes = max;
        self
    }
}

/// Counts of what a capture did not keep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Dropped {
    /// Spans left out because [`CaptureLimits::max_spans`] or
    /// [`CaptureLimits::max_total_bytes`] was reached.
    pub spans: u64,
    /// Events left out because a bound was reached.
    pub events: u64,
    /// Calls of `record`, `set_attribute`, `set_attributes` or `add_tags`, and links (`follows_from`),
    /// left out because a bound was reached; a call counts once, however many fields it has.
    pub fields: u64,
    /// Values cut to [`CaptureLimits::max_field_bytes`].
    pub cut_values: u64,
    /// Raw entries left out because a bound was reached.
    pub raw_entries: u64,
    /// Records, closes and entries that arrived after the capture had ended. They are counted for as
    /// long as the snapshot or a clone of it lives.
    pub late: u64,
    /// Listener calls that were left out: those caused by a listener itself, and all that came
    /// after a listener panicked.
    pub undelivered: u64,
    /// Listeners that panicked and were switched off.
    pub panicked_listeners: u64,
}

impl Dropped {
    /// Returns whether nothing at all was dropped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Lists what was dropped: `2 spans, 1 late record`; `nothing` if nothing was.
impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.spans, "span", "spans"),
            (self.events, "event", "events"),
            (self.fields, "late field", "late fields"),
            (self.cut_values, "value cut", "values cut"),
            (self.raw_entries, "raw entry", "raw entries"),
            (self.late, "late record", "late records"),
            (self.undelivered, "listener call", "listener calls"),
            (self.panicked_listeners, "panicked listener", "panicked listeners"),
        ];
        let mut is_first = true;
        for (count, one, many) in counts.into_iter().filter(|(count, _, _)| *count > 0) {
            let comma = if std::mem::take(&mut is_first) { "" } else { ", " };
            let noun = if count == 1 { one } else { many };
            write!(f, "{comma}{count} {noun}")?;
        }
        if is_first { f.write_str("nothing") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dropped_is_listed_and_nothing_else() {
        assert_eq!(Dropped::default().to_string(), "nothing");
        let dropped =
            Dropped { spans: 2, cut_values: 1, panicked_listeners: 3, ..Dropped::default() };
        assert_eq!(dropped.to_string(), "2 spans, 1 value cut, 3 panicked listeners");
    }
}
