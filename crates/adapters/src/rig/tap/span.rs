//! Records on rig's spans what rig leaves out.

use probity_eval::model::ModelError;
use probity_trace::{CaptureSpanExt as _, genai::FinishReason};
use tracing::Span;

/// Returns the current span if it describes a model call. Where the subscriber filters rig's out, the current
/// one is a span of the program, on which nothing of ours belongs.
pub(super) fn of_call() -> Span {
    let span = Span::current();
    let describes_call = span
        .metadata()
        .is_some_and(|metadata| metadata.fields().field("gen_ai.operation.name").is_some());
    if describes_call { span } else { Span::none() }
}

/// Records why a model call failed.
pub(super) fn record_error(span: &Span, error: &ModelError) {
    span.capture_attribute("error.type", error.error_type().into_owned());
    span.capture_attribute("otel.status_code", "ERROR");
    span.capture_attribute("otel.status_description", error.to_string());
}

/// Records why the model stopped.
pub(super) fn record_finish(span: &Span, reason: &FinishReason) {
    if let Ok(reasons) = serde_json::to_string(&[reason]) {
        span.capture_attribute("gen_ai.response.finish_reasons", reasons);
    }
}
