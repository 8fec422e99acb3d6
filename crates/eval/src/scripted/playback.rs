//! Streams an answer at its pace, and shows it to a raw capture.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
    vec,
};

use futures::{FutureExt as _, Stream};
use futures_timer::Delay;

use super::{
    fault::{Fault, FaultKind},
    plan::Step,
    wire,
};
use crate::model::{ModelError, ModelEvent, RawTap};

/// An answer on its way.
pub(super) struct Playback {
    steps: vec::IntoIter<Step>,
    tap: RawTap,
    delay: Duration,
    waiting: Option<Delay>,
    has_begun: bool,
}

impl Playback {
    /// Plays these steps, with a delay before each piece of the answer but the first.
    pub(super) fn new(steps: Vec<Step>, delay: Duration, tap: RawTap) -> Self {
        Self { steps: steps.into_iter(), tap, delay, waiting: None, has_begun: false }
    }

    fn next(&mut self) -> Option<Result<ModelEvent, ModelError>> {
        let event = match self.steps.next()? {
            Step::Event(event) => event,
            Step::Break(fault) => return self.break_off(&fault),
        };
        if self.tap.is_active() {
            self.tap.stream_event(&wire::event(&event));
        }
        self.wait_for_next(event.is_content());
        Some(Ok(event))
    }

    fn break_off(&self, fault: &Fault) -> Option<Result<ModelEvent, ModelError>> {
        match fault.kind {
            FaultKind::Truncated => return None,
            FaultKind::Malformed => self.tap.parse_error(&fault.reading_error(), &fault.body),
            FaultKind::Status(_) if self.tap.is_active() => {
                self.tap.stream_event(&wire::error(&fault.body));
            }
            _ => {}
        }
        Some(Err(fault.error(true)))
    }

    fn wait_for_next(&mut self, was_content: bool) {
        self.has_begun |= was_content;
        let is_piece = match self.steps.as_slice().first() {
            Some(Step::Event(next)) => next.is_content(),
            Some(Step::Break(_)) => true,
            None => false,
        };
        if is_piece && self.has_begun && !self.delay.is_zero() {
            self.waiting = Some(Delay::new(self.delay));
        }
    }
}

impl Stream for Playback {
    type Item = Result<ModelEvent, ModelError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.poll_unpin(context));
            self.waiting = None;
        }
        Poll::Ready(self.next())
    }
}
