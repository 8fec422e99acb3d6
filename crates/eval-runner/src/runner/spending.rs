//! What the model calls of a trace used.

use probity_eval::Prices;
use probity_trace::TraceSnapshot;

use crate::store::Spending;

/// Sums what the model calls of a trace used, by these prices.
pub(super) fn spending(trace: &TraceSnapshot, prices: &Prices) -> Spending {
    if !trace.has_llm_calls() {
        return Spending::default();
    }
    let genai = trace.genai();
    let mut spent = Spending { usage: genai.usage(), ..Spending::default() };
    for call in genai.llm_calls() {
        match prices.cost_of_call(call) {
            Some(cost) => spent.cost_usd = Some(spent.cost_usd.unwrap_or_default() + cost),
            None => spent.unpriced_calls = spent.unpriced_calls.saturating_add(1),
        }
    }
    spent
}
