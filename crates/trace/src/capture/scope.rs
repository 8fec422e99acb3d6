//! Making a thread work for a capture for a while.

use std::marker::PhantomData;

use tracing::{Span, dispatcher::DefaultGuard, span::Entered};

use crate::local::{self, Site};

/// While it lives, this thread works for a capture. It must be dropped on the thread it was made on.
#[must_use = "the scope ends when this is dropped"]
pub(crate) struct Scope<'a> {
    // Dropped in this order: the span is left before its dispatch goes.
    _top: Option<FrameGuard>,
    _span: Option<Entered<'a>>,
    _dispatch: Option<DefaultGuard>,
    _frame: Option<FrameGuard>,
}

struct FrameGuard {
    token: u64,
    /// The frame is on this thread's stack.
    _not_send: PhantomData<*const ()>,
}

impl<'a> Scope<'a> {
    /// Pushes the capture and then enters a span of it.
    pub(super) fn enter(
        site: Site,
        dispatch: Option<DefaultGuard>,
        span: Option<&'a Span>,
    ) -> Self {
        let frame = FrameGuard::push(site);
        Self { _frame: frame, _dispatch: dispatch, _span: span.map(Span::enter), _top: None }
    }

    /// Enters a span that lies around the capture and then pushes the capture.
    pub(super) fn enter_within(site: Site, dispatch: Option<DefaultGuard>, span: &'a Span) -> Self {
        let span = span.enter();
        Self { _frame: None, _dispatch: dispatch, _span: Some(span), _top: FrameGuard::push(site) }
    }
}

impl FrameGuard {
    fn push(site: Site) -> Option<Self> {
        let token = local::with(|local| local.push_scope(site))?;
        Some(Self { token, _not_send: PhantomData })
    }
}

impl Drop for FrameGuard {
    fn drop(&mut self) {
        // The frame may hold the last reference to a log; it is dropped when nothing is borrowed.
        let frame = local::with(|local| local.pop_scope(self.token));
        drop(frame);
    }
}
