//! Probes: watching a turn, a capture or any stream while it happens, with the right to end it.

mod capture;
mod forbidden_tools;
mod guard;
mod no_progress;
mod repeated_calls;
mod sides;
mod spend_limit;
mod stop;
mod watch;

use probity_trace::{
    SpanNode, TraceEvent,
    genai::{LlmCall, ToolCall},
};

pub(crate) use self::guard::Guarded;
pub use self::{
    capture::{CaptureProbeExt, CollectedProbed, ProbedCapture},
    forbidden_tools::{ForbiddenTools, forbidden_tools},
    no_progress::{NoProgress, no_progress},
    repeated_calls::{RepeatedCalls, repeated_calls},
    spend_limit::{SpendLimit, spend_limit},
    stop::{Probed, StopReason},
    watch::{Watched, watch, watch_text},
};
use crate::type_name::short_name;

/// Watches something while it happens, and may end it.
///
/// Every hook has an empty default. After each hook that was called, [`stop`](Probe::stop) is asked;
/// the first reason that it gives ends what is watched. The probe is handed back at the end, so what
/// it keeps in its fields is its report.
///
/// A probe that panics is asked no more, and what it watches goes on; the panic is reported in
/// [`Probed::panicked`], the first if several do. Of a pair of probes only the one that panicked is
/// asked no more.
///
/// | watching | hooks |
/// |---|---|
/// | a turn, by [`collect_with`](crate::TextTurn::collect_with) | all but the two of the trace |
/// | a capture, by [`probe`](crate::CaptureProbeExt::probe) | all but the deltas, which spans do not tell |
/// | a stream of deltas, by [`watch_text`] | the deltas |
///
/// # Examples
///
/// ```
/// use probity_eval::{Probe, StopReason};
///
/// /// Ends an answer that rambles.
/// struct AtMost {
///     characters: usize,
///     seen: usize,
/// }
///
/// impl Probe for AtMost {
///     fn on_text_delta(&mut self, delta: &str) {
///         self.seen += delta.chars().count();
///     }
///
///     fn stop(&self) -> Option<StopReason> {
///         (self.seen > self.characters).then(|| StopReason::new("the answer is too long"))
///     }
/// }
/// ```
pub trait Probe {
    /// Called with each piece of the answer's text.
    fn on_text_delta(&mut self, delta: &str) {
        let _ = delta;
    }

    /// Called with each piece of what the model thinks.
    fn on_reasoning_delta(&mut self, delta: &str) {
        let _ = delta;
    }

    /// Called with each tool call: in a turn, when the model has said it whole; in a capture, when
    /// the tool has answered.
    fn on_tool_call(&mut self, call: &ToolCall) {
        let _ = call;
    }

    /// Called with each thing that a capture records.
    fn on_trace_event(&mut self, event: &TraceEvent) {
        let _ = event;
    }

    /// Called with each span that closes in a capture.
    fn on_span_closed(&mut self, span: &SpanNode) {
        let _ = span;
    }

    /// Called at the end of each model call, failed ones too, with what it used.
    fn on_turn_finished(&mut self, call: &LlmCall) {
        let _ = call;
    }

    /// Returns why what is watched shall end now; `None` to let it go on.
    fn stop(&self) -> Option<StopReason> {
        None
    }

    /// Returns the name under which the probe is reported: that of its type, unless it says otherwise.
    fn name(&self) -> &str {
        short_name::<Self>()
    }
}

macro_rules! probe_through_pointer {
    ($($pointer:ty),*) => {$(
        impl<P: Probe + ?Sized> Probe for $pointer {
            fn on_text_delta(&mut self, delta: &str) {
                (**self).on_text_delta(delta);
            }

            fn on_reasoning_delta(&mut self, delta: &str) {
                (**self).on_reasoning_delta(delta);
            }

            fn on_tool_call(&mut self, call: &ToolCall) {
                (**self).on_tool_call(call);
            }

            fn on_trace_event(&mut self, event: &TraceEvent) {
                (**self).on_trace_event(event);
            }

            fn on_span_closed(&mut self, span: &SpanNode) {
                (**self).on_span_closed(span);
            }

            fn on_turn_finished(&mut self, call: &LlmCall) {
                (**self).on_turn_finished(call);
            }

            fn stop(&self) -> Option<StopReason> {
                (**self).stop()
            }

            fn name(&self) -> &str {
                (**self).name()
            }
        }
    )*};
}

probe_through_pointer!(&mut P, Box<P>);

/// Two probes at once. The first to give a reason ends what they watch. If one panics, the other is asked on.
impl<A: Probe, B: Probe> Probe for (A, B) {
    fn on_text_delta(&mut self, delta: &str) {
        sides::ask_side(0, || self.0.on_text_delta(delta));
        sides::ask_side(1, || self.1.on_text_delta(delta));
    }

    fn on_reasoning_delta(&mut self, delta: &str) {
        sides::ask_side(0, || self.0.on_reasoning_delta(delta));
        sides::ask_side(1, || self.1.on_reasoning_delta(delta));
    }

    fn on_tool_call(&mut self, call: &ToolCall) {
        sides::ask_side(0, || self.0.on_tool_call(call));
        sides::ask_side(1, || self.1.on_tool_call(call));
    }

    fn on_trace_event(&mut self, event: &TraceEvent) {
        sides::ask_side(0, || self.0.on_trace_event(event));
        sides::ask_side(1, || self.1.on_trace_event(event));
    }

    fn on_span_closed(&mut self, span: &SpanNode) {
        sides::ask_side(0, || self.0.on_span_closed(span));
        sides::ask_side(1, || self.1.on_span_closed(span));
    }

    fn on_turn_finished(&mut self, call: &LlmCall) {
        sides::ask_side(0, || self.0.on_turn_finished(call));
        sides::ask_side(1, || self.1.on_turn_finished(call));
    }

    fn stop(&self) -> Option<StopReason> {
        // Each reason keeps the name of the probe that gave it.
        let first = || self.0.stop().map(|reason| reason.given_by(self.0.name()));
        let second = || self.1.stop().map(|reason| reason.given_by(self.1.name()));
        let reason = sides::ask_side(0, first).flatten();
        reason.or_else(|| sides::ask_side(1, second).flatten())
    }

    fn name(&self) -> &'static str {
        "probes"
    }
}
