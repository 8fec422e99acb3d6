//! Ends a run that learns nothing new.

use std::collections::HashSet;

use probity_trace::genai::ToolCall;
use serde_json::Value;

use super::{Probe, StopReason};
use crate::json_value::{holds_mask, in_one_form};

/// Probe made by [`no_progress`].
#[derive(Debug, Clone)]
pub struct NoProgress {
    steps: u32,
    known: HashSet<Exchange>,
    idle: u32,
    not_compared: u64,
}

/// What a tool was asked and answered: name, arguments, result, kind of error.
type Exchange = (String, Value, Option<Value>, Option<String>);

/// Ends a run in which `steps` tool calls in a row told nothing new: the same tool was asked the same before and
/// answered the same.
///
/// Polling a tool whose answer changes is progress. A call whose arguments are not recorded, or hold a masked secret, is not compared,
/// neither ends a row nor lengthens it, and is counted by [`NoProgress::not_compared`]. At least one
/// step is allowed.
///
/// # Examples
///
/// ```
/// use probity_eval::{Probe as _, probe::no_progress};
/// use probity_trace::genai::ToolCall;
/// use serde_json::json;
///
/// # let (id, now) = (probity_trace::SpanId::from_bytes([1; 8]).unwrap(), std::time::SystemTime::now());
/// let mut call = ToolCall::new(id, "status", now);
/// call.arguments = Some(json!({"job": 7}));
/// let mut probe = no_progress(2);
/// for (answer, ends) in [("10 %", false), ("20 %", false), ("20 %", false), ("20 %", true)] {
///     call.result = Some(json!(answer));
///     probe.on_tool_call(&call);
///     assert_eq!(probe.stop().is_some(), ends);
/// }
/// ```
pub fn no_progress(steps: u32) -> NoProgress {
    NoProgress { steps: steps.max(1), known: HashSet::new(), idle: 0, not_compared: 0 }
}

impl NoProgress {
    /// Returns how many calls were not compared, since their arguments were not recorded, or a secret is
    /// masked in them or in the answer.
    pub fn not_compared(&self) -> u64 {
        self.not_compared
    }
}

impl Probe for NoProgress {
    fn on_tool_call(&mut self, call: &ToolCall) {
        let Some(arguments) = call.arguments.as_ref().filter(|value| !holds_mask(value)) else {
            self.not_compared += 1;
            return;
        };
        // An answer that is masked in part may differ there; nobody can tell that it is the same.
        if call.result.as_ref().is_some_and(holds_mask) {
            self.not_compared += 1;
            return;
        }
        let result = call.result.as_ref().map(in_one_form);
        let error = call.error.as_ref().map(|error| error.error_type.clone());
        let exchange = (call.name.clone(), in_one_form(arguments), result, error);
        let is_new = self.known.insert(exchange);
        self.idle = if is_new { 0 } else { self.idle.saturating_add(1) };
    }

    fn stop(&self) -> Option<StopReason> {
        let ends = self.idle >= self.steps;
        ends.then(|| StopReason::new(format!("{} tool calls in a row told nothing new", self.idle)))
    }

    fn name(&self) -> &'static str {
        "no_progress"
    }
}
