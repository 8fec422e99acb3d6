//! Tells whether two spans of tool calls, one in the other, describe the same call.

use super::ToolCall;

/// Returns whether a tool call within another is the same call, described once more.
pub(super) fn is_repeated(outer: &ToolCall, inner: &ToolCall) -> bool {
    match (&outer.id, &inner.id) {
        (Some(outer), Some(inner)) => outer == inner,
        _ => outer.name == inner.name,
    }
}

/// Takes from another span of the same call what a call does not say itself.
pub(super) fn fill(call: &mut ToolCall, other: ToolCall) {
    if call.name.is_empty() {
        call.name = other.name;
    }
    call.id = call.id.take().or(other.id);
    call.arguments = call.arguments.take().or(other.arguments);
    if call.result.is_none() {
        call.result = other.result;
        call.error = call.error.take().or(other.error);
    }
}
