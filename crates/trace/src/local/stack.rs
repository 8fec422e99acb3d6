//! The polls of captures and the entered spans of one thread, most recent last.

use std::sync::Arc;

use super::{Ident, Place, layers};
use crate::{
    clock::{self, Ticks},
    log::{Log, record::SpanKey, segment::Segment},
};

/// Where new records go: a capture's log and the record they hang from.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) log: Arc<Log>,
    pub(crate) parent: SpanKey,
}

#[derive(Debug)]
pub(super) struct Stack {
    frames: Vec<Frame>,
    next_token: u64,
}

/// One entry of the stack.
#[derive(Debug)]
pub(super) struct Frame {
    source: Source,
    /// This thread's segment of the log, once it was asked for.
    own: Option<Arc<Segment>>,
}

#[derive(Debug)]
enum Source {
    /// A poll of a capture, or work under a handle.
    Scope {
        site: Site,
        token: u64,
    },
    Span(Entered),
}

/// A span that is entered.
#[derive(Debug)]
pub(super) struct Entered {
    pub(super) ident: Ident,
    pub(super) place: Place,
    pub(super) at: Ticks,
    /// The span is entered further down too; only its first entry counts as busy.
    pub(super) again: bool,
    /// The span has closed meanwhile.
    pub(super) closed: bool,
}

impl Entered {
    #[inline]
    pub(super) fn new(ident: Ident, place: Place, again: bool) -> Self {
        Self { ident, place, at: clock::now(), again, closed: false }
    }
}

impl Frame {
    #[inline]
    pub(super) fn log(&self) -> &Arc<Log> {
        match &self.source {
            Source::Scope { site, .. } => &site.log,
            Source::Span(entered) => &entered.place.home.log,
        }
    }

    /// Returns the record that new records hang from.
    #[inline]
    pub(super) fn key(&self) -> SpanKey {
        match &self.source {
            Source::Scope { site, .. } => site.parent,
            Source::Span(entered) => entered.place.key,
        }
    }

    pub(super) fn entered(&self) -> Option<&Entered> {
        match &self.source {
            Source::Scope { .. } => None,
            Source::Span(entered) => Some(entered),
        }
    }

    /// Returns the segment that the thread of this number writes.
    #[inline]
    pub(super) fn own_segment(&mut self, number: u32) -> Option<&Arc<Segment>> {
        if let Source::Span(entered) = &self.source
            && entered.place.home.owner == number
        {
            return Some(&entered.place.home);
        }
        if self.own.is_none() {
            self.own = self.log().segment_of(number);
        }
        self.own.as_ref()
    }
}

impl Stack {
    pub(super) const fn new() -> Self {
        Self { frames: Vec::new(), next_token: 0 }
    }

    #[inline]
    pub(super) fn last(&self) -> Option<&Frame> {
        self.frames.last()
    }

    #[inline]
    pub(super) fn last_mut(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// Pushes a scope and returns the token that removes it.
    #[inline]
    pub(super) fn push_scope(&mut self, site: Site) -> u64 {
        let token = self.next_token;
        self.next_token += 1;
        self.frames.push(Frame { source: Source::Scope { site, token }, own: None });
        token
    }

    #[inline]
    pub(super) fn pop_scope(&mut self, wanted: u64) -> Option<Frame> {
        self.remove(|frame| matches!(frame.source, Source::Scope { token, .. } if token == wanted))
    }

    #[inline]
    pub(super) fn push_span(&mut self, entered: Entered) {
        self.frames.push(Frame { source: Source::Span(entered), own: None });
    }

    #[inline]
    pub(super) fn pop_span(&mut self, ident: Ident) -> Option<Entered> {
        if self.frames.is_empty() {
            return None;
        }
        let frame = self.remove(|frame| frame.is_span(ident)).or_else(|| self.pop_orphan(ident))?;
        match frame.source {
            Source::Span(entered) => Some(entered),
            Source::Scope { .. } => None,
        }
    }

    pub(super) fn contains(&self, ident: Ident) -> bool {
        self.frames.iter().rev().any(|frame| frame.is_span(ident))
    }

    /// Removes a span that was entered under a layer that is no more, if the layer in its place
    /// reports that it was left.
    #[cold]
    fn pop_orphan(&mut self, left: Ident) -> Option<Frame> {
        let is_orphan = |frame: &Frame| {
            frame.entered().is_some_and(|entered| {
                entered.ident.id == left.id && !layers::exists(entered.ident.layer)
            })
        };
        self.remove(is_orphan)
    }

    pub(super) fn mark_closed(&mut self, ident: Ident) {
        for frame in &mut self.frames {
            if let Source::Span(entered) = &mut frame.source
                && entered.ident == ident
            {
                entered.closed = true;
            }
        }
    }

    /// Removes the most recent frame that fits; almost always the last.
    #[inline]
    fn remove(&mut self, fits: impl Fn(&Frame) -> bool) -> Option<Frame> {
        if self.frames.last().is_some_and(&fits) {
            return self.frames.pop();
        }
        let position = self.frames.iter().rposition(fits)?;
        Some(self.frames.remove(position))
    }
}

impl Frame {
    #[inline]
    fn is_span(&self, ident: Ident) -> bool {
        self.entered().is_some_and(|entered| entered.ident == ident)
    }
}
