//! What the calls of each model cost.

use std::fmt;

use probity_trace::genai::LlmCall;
use serde::{Deserialize, Serialize};

use crate::{checks::shortlist::Shortlist, prices::Prices};

/// What the calls of one model cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ModelCost {
    /// The provider, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The model that answered or, where that is not known, the one that was asked for.
    pub model: String,
    /// The number of its calls.
    pub calls: usize,
    /// What they cost, in US dollars.
    pub cost_usd: f64,
}

/// Prints the model, what it cost, and in how many calls: `acme/small for $0.0075 in 1 call`.
impl fmt::Display for ModelCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(provider) = &self.provider {
            write!(f, "{provider}/")?;
        }
        let noun = if self.calls == 1 { "call" } else { "calls" };
        write!(f, "{} for ${} in {} {noun}", self.model, self.cost_usd, self.calls)
    }
}

/// What the calls of a trace cost, model by model.
#[derive(Debug, Default)]
pub(super) struct Costs<'c> {
    models: Vec<ModelCost>,
    unknown_models: Vec<&'c str>,
    /// How many calls have no cost.
    pub(super) unknown: usize,
}

impl<'c> Costs<'c> {
    pub(super) fn of(calls: &'c [LlmCall], prices: &Prices) -> Self {
        let mut costs = Self::default();
        for call in calls {
            let model = call.model().unwrap_or("an unknown model");
            if let Some(cost_usd) = prices.cost_of_call(call) {
                costs.add(call.provider.as_deref(), model, cost_usd);
            } else {
                costs.unknown += 1;
                costs.unknown_models.push(model);
            }
        }
        costs
    }

    fn add(&mut self, provider: Option<&str>, model: &str, cost_usd: f64) {
        let mut known = self.models.iter_mut();
        match known.find(|known| known.provider.as_deref() == provider && known.model == model) {
            Some(known) => {
                known.calls += 1;
                known.cost_usd += cost_usd;
            }
            None => self.models.push(ModelCost {
                provider: provider.map(str::to_owned),
                model: model.to_owned(),
                calls: 1,
                cost_usd,
            }),
        }
    }

    pub(super) fn total_usd(&self) -> f64 {
        self.models.iter().map(|model| model.cost_usd).sum::<f64>() + 0.0
    }

    pub(super) fn unknown_models(&self) -> Shortlist<String> {
        Shortlist::of_distinct(self.unknown_models.iter().copied())
    }

    pub(super) fn into_models(self) -> Shortlist<ModelCost> {
        self.models.into_iter().collect()
    }
}
