//! The raw entries of a capture that runs.

use std::time::SystemTime;

use super::room::Room;
use crate::{
    ids::SpanId,
    raw::{RawEntry, RawPayload, RawTraceSnapshot},
    redact::Redaction,
    sync::{Mutex, lock},
};

#[derive(Debug)]
pub(crate) struct RawLog {
    /// None once the capture has ended.
    entries: Mutex<Option<Vec<RawEntry>>>,
}

/// What became of a raw entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pushed {
    Kept,
    /// A bound of the capture is reached.
    Full,
    /// The capture has ended.
    Late,
}

impl RawLog {
    pub(super) fn new() -> Self {
        Self { entries: Mutex::new(Some(Vec::new())) }
    }

    /// Keeps an entry if the capture still runs and there is room for it.
    pub(super) fn push(
        &self,
        mut payload: RawPayload,
        span: Option<SpanId>,
        redaction: &Redaction,
        room: &Room,
    ) -> Pushed {
        payload.redact(redaction);
        let mut entries = lock(&self.entries);
        let Some(entries) = entries.as_mut() else { return Pushed::Late };
        if !room.take_bytes(payload.weight()) {
            return Pushed::Full;
        }
        entries.push(RawEntry { at: SystemTime::now(), span, payload });
        Pushed::Kept
    }

    /// Takes the entries out; none are kept afterwards.
    pub(crate) fn take(&self, dropped: u64) -> RawTraceSnapshot {
        RawTraceSnapshot { entries: lock(&self.entries).take().unwrap_or_default(), dropped }
    }
}
