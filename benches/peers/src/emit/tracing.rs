//! The workloads' spans and events through `tracing`'s macros.

use std::hint::black_box;

use tracing::field::Empty;
use tracing::span::EnteredSpan;
use tracing::{Instrument as _, info, info_span};

use super::debug_callsites::pass_all;
use super::emitter::Emit;

/// Emits through the subscriber that is the default at that moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TracingEmit;

impl Emit for TracingEmit {
    type Scope = ();
    type Open = EnteredSpan;

    fn scope() -> Self::Scope {}

    fn flat(step: u64) {
        let span = info_span!(
            "step",
            tool = black_box("search"),
            step,
            score = black_box(0.75),
            cached = black_box(true),
            outcome = Empty
        );
        let _entered = span.enter();
        info!(kind = black_box("response"), step);
        span.record("outcome", black_box("done"));
    }

    fn nested(depth: u64) {
        if depth == 0 {
            return;
        }
        let span = info_span!("step", depth);
        let _entered = span.enter();
        info!(depth);
        Self::nested(depth - 1);
    }

    fn large(text: &str) {
        let span = info_span!("step", text);
        let _entered = span.enter();
    }

    fn ancestor() -> Self::Open {
        info_span!("ancestor", probity.capture = false).entered()
    }

    fn disabled(pass: u64) {
        pass_all(pass);
    }

    fn in_task<F>(task: F) -> impl Future<Output = F::Output> + Send + 'static
    where
        F: Future<Output: Send> + Send + 'static,
    {
        task.instrument(info_span!("task"))
    }
}
