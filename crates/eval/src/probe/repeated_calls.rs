//! Ends a run that makes the same tool call over and over.

use std::collections::HashMap;

use probity_trace::genai::ToolCall;
use serde_json::Value;

use super::{Probe, StopReason};
use crate::{
    excerpt::Excerpt,
    json_value::{holds_mask, in_one_form},
};

/// Probe made by [`repeated_calls`].
#[derive(Debug, Clone)]
pub struct RepeatedCalls {
    at_most: u32,
    seen: HashMap<(String, Value), u32>,
    reason: Option<String>,
    not_compared: u64,
}

/// Ends a run that makes the same tool call, of the same arguments, more than `at_most` times.
///
/// The calls need not follow one another, so that a loop of several steps is seen as well. A call whose
/// arguments are not recorded, or hold a masked secret, is not compared, and counted by [`RepeatedCalls::not_compared`].
///
/// # Examples
///
/// ```
/// use probity_eval::{CaptureProbeExt as _, probe::repeated_calls};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let agent = async {
///     loop {
///         let tool = tracing::info_span!(
///             "execute_tool",
///             gen_ai.operation.name = "execute_tool",
///             gen_ai.tool.name = "search",
///             gen_ai.tool.call.arguments = r#"{"query": "cats"}"#,
///         );
///         drop(tool);
///         tokio::task::yield_now().await;
///     }
/// };
/// let collected = probity_trace::capture(agent).probe(repeated_calls(3)).await;
/// let output: Result<(), _> = collected.output;
/// assert_eq!(output.unwrap_err().reason, r#"`search({"query":"cats"})` was called 4 times"#);
/// # }
/// ```
pub fn repeated_calls(at_most: u32) -> RepeatedCalls {
    RepeatedCalls { at_most, seen: HashMap::new(), reason: None, not_compared: 0 }
}

impl RepeatedCalls {
    /// Returns how many calls were not compared, since their arguments were not recorded or hold a masked
    /// secret.
    pub fn not_compared(&self) -> u64 {
        self.not_compared
    }
}

impl Probe for RepeatedCalls {
    fn on_tool_call(&mut self, call: &ToolCall) {
        let Some(arguments) = call.arguments.as_ref().filter(|value| !holds_mask(value)) else {
            self.not_compared += 1;
            return;
        };
        let times = self.seen.entry((call.name.clone(), in_one_form(arguments))).or_default();
        *times += 1;
        if *times > self.at_most && self.reason.is_none() {
            let called = Excerpt::of(&format!("{}({arguments})", call.name));
            self.reason = Some(format!("`{called}` was called {times} times"));
        }
    }

    fn stop(&self) -> Option<StopReason> {
        self.reason.as_ref().map(StopReason::new)
    }

    fn name(&self) -> &'static str {
        "repeated_calls"
    }
}
