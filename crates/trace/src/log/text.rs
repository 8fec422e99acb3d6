//! Keeping texts within their bounds.

use std::fmt;

use crate::redact::Redaction;

/// How far beyond its bound a text is still taken, so that a secret that begins before the bound is
/// recognized before the text is cut.
pub(super) const LOOKAHEAD: usize = 256;

/// Returns the text, cut to `max` bytes where it is longer, and whether it was. What is cut is
/// scanned for secrets first.
pub(super) fn cut(text: &str, max: usize, redaction: &Redaction) -> (Box<str>, bool) {
    if text.len() <= max {
        return (text.into(), false);
    }
    let seen = &text[..text.floor_char_boundary(max.saturating_add(LOOKAHEAD))];
    let scrubbed = redaction.scrub(seen);
    let kept = &scrubbed[..scrubbed.floor_char_boundary(max)];
    (kept.into(), true)
}

/// Takes text up to an end and lets the rest go, whole characters only.
pub(super) struct BoundedText<'a> {
    pub(super) bytes: &'a mut Vec<u8>,
    /// The length of `bytes` at which to stop.
    pub(super) end: usize,
}

impl fmt::Write for BoundedText<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.end.saturating_sub(self.bytes.len());
        if text.len() <= room {
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            let kept = &text[..text.floor_char_boundary(room)];
            self.bytes.extend_from_slice(kept.as_bytes());
            // Later pieces must not follow a gap.
            self.end = self.bytes.len();
        }
        Ok(())
    }
}
