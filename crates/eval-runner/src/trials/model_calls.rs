//! Reads from a trial's trace whether its model calls were stopped by the infrastructure.

use std::time::SystemTime;

use probity_trace::{TraceSnapshot, genai::LlmCall};

/// Parts of an `error.type` that name a fault of the network or the provider, in lower case with `_` for blanks.
const FAULTS: [&str; 14] = [
    "timeout",
    "timed_out",
    "ratelimit",
    "too_many_requests",
    "connect",
    "overloaded",
    "unavailable",
    "server_error",
    "truncated",
    "malformed_response",
    "response_invalid_json",
    "quota",
    "unauthorized",
    "authentication",
];

/// Returns the fault of the last model call that failed for it, unless a later call went through.
///
/// A call that was retried with success is no excuse, so a fault counts only if no model call that began after
/// it ended without such a fault.
pub(super) fn infrastructure_fault(trace: &TraceSnapshot) -> Option<String> {
    let view = trace.genai();
    let ended_at = |call: &LlmCall| ended_at(call, trace);
    let mut last_good: Option<SystemTime> = None;
    let mut faults = Vec::new();
    for call in view.llm_calls() {
        match fault(call) {
            Some(fault) => faults.push((ended_at(call), fault)),
            None => last_good = last_good.max(Some(call.started_at)),
        }
    }
    faults
        .into_iter()
        .rev()
        .find(|(ended, _)| last_good.is_none_or(|good| good < *ended))
        .map(|(_, fault)| format!("model call failed with {fault}"))
}

/// Returns the kind of a call's error if it names a fault of the infrastructure.
fn fault(call: &LlmCall) -> Option<&str> {
    let kind = call.error.as_ref()?.error_type.as_str();
    is_fault(kind).then_some(kind)
}

/// Returns whether an `error.type` is a status that is no doing of the agent (401 to 403, 408, 429, 5xx), or names
/// such a fault.
fn is_fault(kind: &str) -> bool {
    let name = kind.to_lowercase().replace(['-', ' '], "_");
    let status = name.parse::<u16>();
    matches!(status, Ok(401..=403 | 408 | 429 | 500..=599))
        || FAULTS.iter().any(|fault| name.contains(fault))
        || name.contains("rate_limit")
}

/// Returns when a call ended; one that is still open ends with the trace.
fn ended_at(call: &LlmCall, trace: &TraceSnapshot) -> SystemTime {
    let end = match call.duration {
        Some(duration) => call.started_at.checked_add(duration),
        None => trace.started_at().checked_add(trace.duration()),
    };
    end.unwrap_or(call.started_at)
}

#[cfg(test)]
mod tests {
    use super::is_fault;

    #[test]
    fn statuses_and_names_of_outages_are_faults() {
        for kind in [
            "429",
            "500",
            "503",
            "529",
            "408",
            "timeout",
            "timed out",
            "ReadTimeout",
            "rate_limit_exceeded",
            "RateLimitError",
            "Rate limit",
            "APIConnectionError",
            "connect",
            "overloaded_error",
            "service-unavailable",
            "internal_server_error",
            "401",
            "402",
            "authentication_error",
            "insufficient_quota",
            "malformed_response",
        ] {
            assert!(is_fault(kind), "{kind}");
        }
    }

    #[test]
    fn what_the_agent_did_wrong_is_no_fault() {
        for kind in [
            "400",
            "404",
            "413",
            "422",
            "context_length_exceeded",
            "content_filter",
            "invalid_request_error",
            "parse_error",
            "_OTHER",
            "",
        ] {
            assert!(!is_fault(kind), "{kind}");
        }
    }
}
