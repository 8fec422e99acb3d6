//! Tells whether two spans of tool calls, one in the other, describe the same call.

use super::{ToolCall, fingerprint};

/// Returns whether a tool call within another is the same call, described once more.
pub(super) fn is_repeated(outer: &ToolCall, inner: &ToolCall) -> bool {
    match (&outer.id, &inner.id) {
        (Some(outer), Some(inner)) => outer == inner,
        _ => outer.name == inner.name && may_have_same_arguments(outer, inner),
    }
}

/// Returns whether the arguments are the same, or only one of the calls tells them. A tool that calls itself
/// does so with others.
fn may_have_same_arguments(outer: &ToolCall, inner: &ToolCall) -> bool {
    let (Some(of_outer), Some(of_inner)) = (&outer.arguments, &inner.arguments) else {
        return true;
    };
    let print = |arguments| fingerprint::of_call(&outer.name, arguments);
    print(of_outer) == print(of_inner)
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
