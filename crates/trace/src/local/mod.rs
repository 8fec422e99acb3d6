//! What one thread knows: which capture it works for, and where new records hang.
//!
//! The polls of captures and the entering of spans are pushed on one stack; the most recent entry
//! decides, and parent and capture come from the same entry.

mod layers;
mod memory;
mod stack;

use std::{
    cell::RefCell,
    sync::{
        Arc, Weak,
        atomic::{AtomicU32, Ordering},
    },
};

use tracing_core::Metadata;

pub(crate) use self::{layers::LayerNumber, stack::Site};
use self::{
    memory::Memory,
    stack::{Entered, Frame, Stack},
};
use crate::{
    clock,
    log::{
        Log,
        record::{SpanKey, Timing},
        scratch::Scratch,
        segment::Segment,
    },
    policy::{Verdict, VerdictCache},
    redact::Redaction,
};

/// A span as tracing names it: the number of the layer that saw it and the registry's identifier.
///
/// Identifiers of two registries collide; hence the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ident {
    pub(crate) layer: u32,
    pub(crate) id: u64,
}

/// What every span below a capture carries, kept or not.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The segment of the thread that opened the span.
    pub(crate) home: Arc<Segment>,
    /// The span's record or, where it was not kept, that of its nearest kept ancestor.
    pub(crate) key: SpanKey,
    pub(crate) kept: bool,
    /// The span's callsite has secret fields.
    pub(crate) has_secrets: bool,
}

/// How a record names its parent.
#[derive(Debug, Clone)]
pub(crate) enum Parent {
    /// Whatever this thread is in.
    Current,
    /// None, explicitly or because the named one does not belong to a capture.
    Root,
    Explicit(Place),
}

/// What writing a record needs.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) scratch: Box<Scratch>,
    pub(crate) max_text: u32,
    /// What the rules say of the callsite, if this thread knows.
    pub(crate) verdict: Option<Verdict>,
}

/// What adding fields to a kept span needs.
#[derive(Debug)]
pub(crate) struct Late {
    pub(crate) scratch: Box<Scratch>,
    pub(crate) max_text: u32,
    pub(crate) has_secrets: bool,
}

/// The state of one thread.
#[derive(Debug)]
pub(crate) struct Local {
    number: u32,
    stack: Stack,
    memory: Memory,
    verdicts: VerdictCache,
    scratch: Option<Box<Scratch>>,
}

thread_local! {
    static LOCAL: RefCell<Local> = const {
        RefCell::new(Local {
            number: 0,
            stack: Stack::new(),
            memory: Memory::new(),
            verdicts: VerdictCache::new(),
            scratch: None,
        })
    };
}

/// Runs `f` on this thread's state. `None` while the thread goes down, and from within `f`.
///
/// No code of the user may run within `f`.
#[inline]
pub(crate) fn with<T>(f: impl FnOnce(&mut Local) -> T) -> Option<T> {
    LOCAL
        .try_with(|local| local.try_borrow_mut().ok().map(|mut local| f(&mut local)))
        .ok()
        .flatten()
}

impl Local {
    /// Returns this thread's number, from 1.
    #[inline]
    fn number(&mut self) -> u32 {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        if self.number == 0 {
            self.number = NEXT.fetch_add(1, Ordering::Relaxed);
        }
        self.number
    }

    #[inline]
    #[expect(clippy::unnecessary_box_returns, reason = "it is moved twice for each record")]
    pub(crate) fn take_scratch(&mut self) -> Box<Scratch> {
        self.scratch.take().unwrap_or_default()
    }

    #[inline]
    pub(crate) fn give_scratch(&mut self, mut scratch: Box<Scratch>) {
        // One huge value must not hold its memory for ever.
        if scratch.is_small() {
            scratch.clear();
            self.scratch = Some(scratch);
        }
    }

    /// Remembers what the rules of a layer say of a callsite.
    pub(crate) fn learn(
        &mut self,
        layer: u32,
        metadata: &'static Metadata<'static>,
        verdict: Verdict,
    ) {
        self.verdicts.put(layer, metadata, verdict);
    }

    /// Returns whether this thread works for no capture, not even for one that has ended. If so, it
    /// lets go of what it remembers of ended ones.
    #[inline]
    pub(crate) fn is_nowhere(&mut self) -> bool {
        let is_nowhere = self.stack.last().is_none();
        if is_nowhere {
            self.memory.forget_ended();
        }
        is_nowhere
    }

    /// Lets go of all spans of a capture that ends.
    pub(crate) fn forget_log(&mut self, log: &Arc<Log>) {
        self.memory.forget_log(log);
    }

    /// Takes what writing a record needs; `None` if there is no capture for it, or if it is an event
    /// that is known not to be wanted.
    #[inline]
    pub(crate) fn begin(
        &mut self,
        layer: u32,
        redaction: &Arc<Redaction>,
        metadata: &'static Metadata<'static>,
        parent: &Parent,
    ) -> Option<Start> {
        let log = match parent {
            Parent::Explicit(place) => &place.home.log,
            Parent::Current | Parent::Root => self.stack.last()?.log(),
        };
        log.note_layer(redaction);
        let verdict = self.verdicts.get(layer, metadata);
        if metadata.is_event() && verdict.is_some_and(Verdict::is_unwanted) {
            return None;
        }
        let max_text = log.limits.max_field_bytes;
        Some(Start { scratch: self.take_scratch(), max_text, verdict })
    }

    /// Takes what adding fields to the current span needs. `None` if the span is not the current one;
    /// `Some(None)` if it was not kept.
    #[inline]
    #[expect(clippy::option_option, reason = "where to look and what is there are two questions")]
    pub(crate) fn begin_late(&mut self, ident: Ident) -> Option<Option<Late>> {
        let entered = self.stack.last()?.entered().filter(|entered| entered.ident == ident)?;
        let (kept, has_secrets) = (entered.place.kept, entered.place.has_secrets);
        let max_text = entered.place.home.log.limits.max_field_bytes;
        Some(kept.then(|| Late { scratch: self.take_scratch(), max_text, has_secrets }))
    }

    /// Takes what adding fields to a span needs, if it was kept.
    pub(crate) fn begin_late_at(&mut self, place: &Place) -> Option<Late> {
        let max_text = place.home.log.limits.max_field_bytes;
        let has_secrets = place.has_secrets;
        place.kept.then(|| Late { scratch: self.take_scratch(), max_text, has_secrets })
    }

    pub(crate) fn push_scope(&mut self, site: Site) -> u64 {
        self.stack.push_scope(site)
    }

    /// Removes a scope. The caller drops what is returned outside of [`with`].
    #[must_use]
    pub(crate) fn pop_scope(&mut self, token: u64) -> impl Sized + use<> {
        self.stack.pop_scope(token)
    }

    /// Returns where new records go now, and whether that is a capture itself and not one of its spans.
    pub(crate) fn site(&self) -> Option<(Site, bool)> {
        let frame = self.stack.last()?;
        let site = Site { log: Arc::clone(frame.log()), parent: frame.key() };
        Some((site, frame.entered().is_none()))
    }

    /// Returns the trajectory that this thread works for; one that has ended is gone.
    pub(crate) fn trajectory(&self) -> Option<Weak<str>> {
        self.stack.last()?.log().trajectory.clone()
    }

    /// Returns the place of the span that this thread entered most recently, if the span is in a
    /// capture.
    pub(crate) fn current_span(&self) -> Option<Place> {
        self.stack.last()?.entered().map(|entered| entered.place.clone())
    }

    /// Calls `write` with this thread's segment of the log that a record with this parent goes to,
    /// and with the key of the parent's record.
    #[inline]
    pub(crate) fn write<T>(
        &mut self,
        parent: &Parent,
        write: impl FnOnce(&Arc<Segment>, SpanKey) -> T,
    ) -> Option<T> {
        let number = self.number();
        let key = match parent {
            Parent::Explicit(place) => return self.write_at(place, write),
            Parent::Current => self.stack.last()?.key(),
            Parent::Root => SpanKey::NONE,
        };
        Some(write(self.stack.last_mut()?.own_segment(number)?, key))
    }

    /// Calls `write` with this thread's segment of the log that a span is in, and the span's key.
    #[inline]
    pub(crate) fn write_at<T>(
        &mut self,
        place: &Place,
        write: impl FnOnce(&Arc<Segment>, SpanKey) -> T,
    ) -> Option<T> {
        let number = self.number();
        if place.home.owner == number {
            return Some(write(&place.home, place.key));
        }
        let own = place.home.log.segment_of(number)?;
        Some(write(&own, place.key))
    }

    /// Remembers a span that is open and not entered, if it was opened here.
    #[inline]
    pub(crate) fn remember(&mut self, ident: Ident, place: Place) {
        if place.home.owner == self.number() && !place.home.log.is_done() {
            self.memory.put(ident, place);
        }
    }

    /// Undoes the opening of a span, which was the last thing that this thread did.
    #[cold]
    pub(crate) fn take_back(&mut self, ident: Ident, place: &Place) {
        drop(self.memory.take(ident));
        if place.kept {
            place.home.write(|buffer| buffer.spans.pop());
        }
    }

    /// Returns the place of a span that this thread entered most recently or remembers.
    #[inline]
    pub(crate) fn place_of(&self, ident: Ident) -> Option<Place> {
        match self.stack.last().and_then(Frame::entered) {
            Some(entered) if entered.ident == ident => Some(entered.place.clone()),
            _ => self.memory.get(ident).cloned(),
        }
    }

    /// Enters a span that was remembered and so is not entered here yet.
    #[inline]
    pub(crate) fn enter_remembered(&mut self, ident: Ident) -> bool {
        let Some(place) = self.memory.take(ident) else {
            return false;
        };
        self.stack.push_span(Entered::new(ident, place, false));
        true
    }

    /// Enters a span that was looked up.
    pub(crate) fn enter(&mut self, ident: Ident, place: Place) {
        let again = self.stack.contains(ident);
        self.stack.push_span(Entered::new(ident, place, again));
    }

    /// Leaves a span; one that was not entered under a capture is ignored.
    #[inline]
    pub(crate) fn exit(&mut self, ident: Ident) {
        let Some(entered) = self.stack.pop_span(ident) else { return };
        if entered.again {
            return;
        }
        if entered.place.kept {
            let now = clock::now();
            self.time(&entered.place, |timing| timing.exit(entered.at, now));
        }
        if !entered.closed {
            self.remember(ident, entered.place);
        }
    }

    /// Closes a span that was remembered; `None` where it must be looked up.
    #[inline]
    pub(crate) fn close_remembered(&mut self, ident: Ident) -> Option<Place> {
        let place = self.memory.take(ident)?;
        self.close(&place);
        Some(place)
    }

    /// Closes a span that was looked up. It may still be entered: a registry closes a span whose last
    /// handle has gone before it says that the span was left.
    pub(crate) fn close_looked_up(&mut self, ident: Ident, place: &Place) {
        self.stack.mark_closed(ident);
        self.memory.forget(ident);
        self.close(place);
    }

    /// Closes the record of a span, whether a registry knows the span or not.
    #[inline]
    pub(crate) fn close(&mut self, place: &Place) {
        if place.kept {
            let now = clock::now();
            self.time(place, |timing| timing.closed = now);
        }
        if place.home.owner != self.number() {
            place.home.note_foreign_close();
        }
    }

    #[inline]
    fn time(&mut self, place: &Place, change: impl FnOnce(&mut Timing)) {
        self.write_at(place, |segment, key| segment.time(key, change));
    }
}
