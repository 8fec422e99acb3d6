//! What a printed tree leaves out.

/// Says what a printed tree leaves out: times and identifiers, and values of fields that differ from
/// run to run.
///
/// # Examples
///
/// ```
/// use probity_trace::{Redacted, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new()
///     .span("chat", |chat| chat.field("request_id", "r-8f31").field("tokens", 7))
///     .build();
/// let tree = trace.to_tree(Redacted::new().hide_value("request_id"));
/// assert_eq!(tree, "chat request_id=[hidden] tokens=7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    times: bool,
    ids: bool,
    values: Vec<String>,
}

impl Default for Redacted {
    fn default() -> Self {
        Self::new()
    }
}

impl Redacted {
    /// Leaves out times and identifiers.
    #[must_use]
    pub fn new() -> Self {
        Self { times: true, ids: true, values: Vec::new() }
    }

    /// Leaves out nothing, as `Display` does.
    #[must_use]
    pub fn nothing() -> Self {
        Self { times: false, ids: false, values: Vec::new() }
    }

    /// Shows times: the durations of spans, and when events happened.
    #[must_use]
    pub fn show_times(mut self) -> Self {
        self.times = false;
        self
    }

    /// Shows the identifiers of the trace and its spans.
    #[must_use]
    pub fn show_ids(mut self) -> Self {
        self.ids = false;
        self
    }

    /// Shows `[hidden]` in place of the values of all fields of this key.
    #[must_use]
    pub fn hide_value(mut self, key: &str) -> Self {
        self.values.push(key.to_owned());
        self
    }

    pub(super) fn hides_times(&self) -> bool {
        self.times
    }

    pub(super) fn hides_ids(&self) -> bool {
        self.ids
    }

    pub(super) fn hides_value(&self, key: &str) -> bool {
        self.values.iter().any(|hidden| hidden == key)
    }
}
