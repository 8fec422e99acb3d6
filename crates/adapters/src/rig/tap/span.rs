//! Records on rig's spans what rig leaves out.

use probity_eval::model::ModelError;
use probity_trace::{CaptureSpanExt as _, genai::FinishReason};
use tracing::Span;

use crate::http::Admitted;

/// Returns the current span if it describes a model call. Where the subscriber filters rig's out, the current
/// one is a span of the program, on which nothing of ours belongs.
pub(super) fn of_call() -> Span {
    let span = Span::current();
    let describes_call = span
        .metadata()
        .is_some_and(|metadata| metadata.fields().field("gen_ai.operation.name").is_some());
    if describes_call { span } else { Span::none() }
}

/// Records how long a request waited before it was sent.
pub(super) fn record_wait(span: &Span, admitted: &Admitted) {
    if let Some(milliseconds) = admitted.waited_ms() {
        span.capture_attribute("probity.rate_limit_wait_ms", milliseconds);
    }
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
