//! Ends a run that spends too much.

use probity_trace::genai::{LlmCall, ToolCall, Usage};

use super::{Probe, StopReason};
use crate::prices::Prices;

/// Probe made by [`spend_limit`].
#[derive(Debug, Clone, Default)]
pub struct SpendLimit {
    max_tokens: Option<u64>,
    max_model_calls: Option<u64>,
    max_tool_calls: Option<u64>,
    max_cost: Option<(f64, Prices)>,
    usage: Usage,
    model_calls: u64,
    tool_calls: u64,
    cost_usd: f64,
    unpriced_calls: u64,
}

/// Ends a run that spends more than it may; what that is, is said by the methods.
///
/// It looks at the calls that have ended, so a run may exceed a limit by its last call. What a provider does
/// not report is not counted; [`SpendLimit::unpriced_calls`] tells how many calls have no known cost.
///
/// # Examples
///
/// ```
/// use probity_eval::{Probe as _, probe::spend_limit};
/// use probity_trace::genai::{LlmCall, Usage};
///
/// # let (id, now) = (probity_trace::SpanId::from_bytes([1; 8]).unwrap(), std::time::SystemTime::now());
/// let mut call = LlmCall::new(id, "chat", now);
/// call.usage = Usage::new(900, 200);
/// let mut probe = spend_limit().max_tokens(1_000);
/// probe.on_turn_finished(&call);
/// assert_eq!(probe.stop().unwrap().reason, "1100 tokens were used, of 1000 allowed");
/// ```
pub fn spend_limit() -> SpendLimit {
    SpendLimit::default()
}

impl SpendLimit {
    /// Allows this many tokens, of input and output together.
    #[must_use]
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// Allows this many model calls.
    #[must_use]
    pub fn max_model_calls(mut self, calls: u64) -> Self {
        self.max_model_calls = Some(calls);
        self
    }

    /// Allows this many tool calls.
    #[must_use]
    pub fn max_tool_calls(mut self, calls: u64) -> Self {
        self.max_tool_calls = Some(calls);
        self
    }

    /// Allows this cost in US dollars, by these prices. NaN allows nothing.
    #[must_use]
    pub fn max_cost_usd(mut self, dollars: f64, prices: Prices) -> Self {
        self.max_cost = Some((if dollars.is_nan() { 0.0 } else { dollars }, prices));
        self
    }

    /// Returns the tokens used so far.
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// Returns the cost so far in US dollars, of the calls whose cost is known.
    pub fn cost_usd(&self) -> f64 {
        self.cost_usd
    }

    /// Returns how many model calls have no known cost, since their model has no price or their usage was
    /// not reported; only where cost is limited.
    pub fn unpriced_calls(&self) -> u64 {
        self.unpriced_calls
    }
}

impl Probe for SpendLimit {
    fn on_tool_call(&mut self, _call: &ToolCall) {
        self.tool_calls += 1;
    }

    fn on_turn_finished(&mut self, call: &LlmCall) {
        self.model_calls += 1;
        self.usage += call.usage;
        if let Some((_, prices)) = &self.max_cost {
            let cost = prices.cost_of_call(call);
            self.cost_usd += cost.unwrap_or(0.0);
            self.unpriced_calls += u64::from(cost.is_none());
        }
    }

    fn stop(&self) -> Option<StopReason> {
        let counts = [
            (self.usage.total_tokens().unwrap_or(0), self.max_tokens, "tokens were used"),
            (self.model_calls, self.max_model_calls, "model calls were made"),
            (self.tool_calls, self.max_tool_calls, "tool calls were made"),
        ];
        for (spent, limit, what) in counts {
            if let Some(limit) = limit.filter(|limit| spent > *limit) {
                return Some(StopReason::new(format!("{spent} {what}, of {limit} allowed")));
            }
        }
        let (limit, _) = self.max_cost.as_ref().filter(|(limit, _)| self.cost_usd > *limit)?;
        let reason = format!("{:.6} US dollars were spent, of {limit} allowed", self.cost_usd);
        Some(StopReason::new(reason))
    }

    fn name(&self) -> &'static str {
        "spend_limit"
    }
}
