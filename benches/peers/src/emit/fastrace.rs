//! The workloads' spans and events through `fastrace`'s local spans.

use std::borrow::Cow;
use std::hint::black_box;

use fastrace::future::FutureExt as _;
use fastrace::local::{LocalParentGuard, LocalSpan};
use fastrace::{Event, Span};

use super::emitter::{DISABLED_CALLSITES, Emit, SPAN};

/// Emits into the local parent that is set on the thread, or nowhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FastraceEmit;

impl Emit for FastraceEmit {
    /// The guard comes first, so that it is dropped before the span that it stands for.
    type Scope = (LocalParentGuard, Span);
    type Open = LocalSpan;

    fn scope() -> Self::Scope {
        let span = Span::enter_with_local_parent("scope");
        (span.set_local_parent(), span)
    }

    fn flat(step: u64) {
        let _span = LocalSpan::enter_with_local_parent(SPAN).with_properties(|| {
            [
                ("tool", Cow::Borrowed(black_box("search"))),
                ("step", step.to_string().into()),
                ("score", black_box(0.75_f64).to_string().into()),
                ("cached", Cow::Borrowed(if black_box(true) { "true" } else { "false" })),
            ]
        });
        LocalSpan::add_event(Event::new("event").with_properties(|| {
            [("kind", Cow::Borrowed(black_box("response"))), ("step", step.to_string().into())]
        }));
        LocalSpan::add_property(|| ("outcome", black_box("done")));
    }

    fn nested(depth: u64) {
        if depth == 0 {
            return;
        }
        let _span =
            LocalSpan::enter_with_local_parent(SPAN).with_property(|| ("depth", depth.to_string()));
        LocalSpan::add_event(Event::new("event").with_property(|| ("depth", depth.to_string())));
        Self::nested(depth - 1);
    }

    fn large(text: &str) {
        let _span =
            LocalSpan::enter_with_local_parent(SPAN).with_property(|| ("text", text.to_owned()));
    }

    fn ancestor() -> Self::Open {
        LocalSpan::enter_with_local_parent("ancestor")
    }

    fn disabled(pass: u64) {
        for slot in 0..black_box(DISABLED_CALLSITES) {
            LocalSpan::add_event(
                Event::new("nobody listens")
                    .with_properties(|| [("pass", pass.to_string()), ("slot", slot.to_string())]),
            );
        }
    }

    fn in_task<F>(task: F) -> impl Future<Output = F::Output> + Send + 'static
    where
        F: Future<Output: Send> + Send + 'static,
    {
        task.in_span(Span::enter_with_local_parent("task"))
    }
}
