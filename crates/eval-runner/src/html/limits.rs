//! How large a page may become.

/// Bounds on what a page holds of its trials.
///
/// Nothing is cut silently: the page says what was left out, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HtmlLimits {
    pub(super) text_bytes: usize,
    pub(super) spans: usize,
    pub(super) trial_bytes: usize,
    pub(super) details_bytes: usize,
}

impl Default for HtmlLimits {
    fn default() -> Self {
        Self { text_bytes: 64 << 10, spans: 2_000, trial_bytes: 4 << 20, details_bytes: 64 << 20 }
    }
}

impl HtmlLimits {
    /// Sets how many bytes are kept of one text: an artifact, a message, the value of a field. Default: 64 KiB.
    #[must_use]
    pub fn with_text_bytes(mut self, bytes: usize) -> Self {
        self.text_bytes = bytes;
        self
    }

    /// Sets how many spans, and how many events, are kept of one trace. Default: 2,000 each.
    #[must_use]
    pub fn with_spans(mut self, spans: usize) -> Self {
        self.spans = spans;
        self
    }

    /// Sets how many bytes one trial may take before it is compressed; the texts of a larger one are cut shorter.
    /// Default: 4 MiB.
    #[must_use]
    pub fn with_trial_bytes(mut self, bytes: usize) -> Self {
        self.trial_bytes = bytes;
        self
    }

    /// Sets how many bytes the details of all trials may take in the file, those of passed trials at most half of
    /// it. Default: 64 MiB.
    #[must_use]
    pub fn with_details_bytes(mut self, bytes: usize) -> Self {
        self.details_bytes = bytes;
        self
    }
}
