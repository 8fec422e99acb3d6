//! What the tests share.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use probity_eval::{Budget, Llm, RetryPolicy, schemars, scripted::ScriptedModel};
use probity_trace::{SpanRef, TraceSnapshot};
use serde::{Deserialize, Serialize};
use tracing_subscriber::layer::SubscriberExt as _;

/// Installs the capture layer for the whole process, before the first span.
///
/// With it a span that is first met outside of captures is kept by later ones as well, in whatever order
/// the tests run.
fn install() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// A context that asks `model`, tries again soon, and keeps messages off its spans.
pub(crate) fn llm(model: &ScriptedModel) -> Llm {
    spending(model, Budget::unlimited())
}

/// The same with a budget.
pub(crate) fn spending(model: &ScriptedModel, budget: Budget) -> Llm {
    Llm::new(Arc::new(model.clone()), budget).with_retry(soon()).with_content_capture(false)
}

/// A context without a model.
pub(crate) fn without_model() -> Llm {
    install();
    Llm::without_model()
}

/// Three attempts, with hardly a wait between them.
pub(crate) fn soon() -> RetryPolicy {
    let short = Duration::from_millis(1);
    RetryPolicy::default().with_waits(short, short)
}

/// The span of the only turn.
#[track_caller]
pub(crate) fn turn(trace: &TraceSnapshot) -> SpanRef<'_> {
    assert_eq!(trace.spans("llm_turn").count(), 1, "{trace}");
    trace.span("llm_turn").unwrap()
}

/// A field of a span as text, to compare with.
pub(crate) fn text(span: SpanRef<'_>, key: &str) -> Option<String> {
    span.field(key).map(|value| value.to_string())
}

/// What a judge says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(crate = "probity_eval::schemars")]
pub(crate) struct Verdict {
    /// From 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) score: f64,
    pub(crate) reason: String,
}

impl Verdict {
    pub(crate) fn new(score: f64, reason: &str) -> Self {
        Self { score, reason: reason.to_owned() }
    }
}
