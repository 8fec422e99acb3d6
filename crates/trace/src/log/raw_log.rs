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
    entries: Mutex<Vec<RawEntry>>,
}

impl RawLog {
    pub(super) fn new() -> Self {
        Self { entries: Mutex::new(Vec::new()) }
    }

    /// Keeps an entry if there is room for it.
    pub(super) fn push(
        &self,
        mut payload: RawPayload,
        span: Option<SpanId>,
        redaction: &Redaction,
        room: &Room,
    ) -> bool {
        payload.redact(redaction);
        let kept = room.take_bytes(payload.weight());
        if kept {
            lock(&self.entries).push(RawEntry { at: SystemTime::now(), span, payload });
        }
        kept
    }

    pub(crate) fn take(&self, dropped: u64) -> RawTraceSnapshot {
        RawTraceSnapshot { entries: std::mem::take(&mut *lock(&self.entries)), dropped }
    }
}
