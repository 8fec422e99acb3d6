//! What a turn may spend, and what it spent.

use probity_trace::genai::Usage;

use super::answer::Answer;
use crate::{
    budget::{Budget, BudgetError, Reservation, Used},
    llm::Llm,
    model::{ModelRequest, estimate},
    prices::Prices,
};

/// The account of one turn: with the budget of the context, and that of the turn.
#[derive(Debug)]
pub(super) struct Charge {
    budgets: Vec<Budget>,
    prices: Prices,
    provider: String,
    model: String,
    input_tokens: u64,
    output_tokens: u64,
    held: Vec<Reservation>,
}

impl Charge {
    pub(super) fn new(llm: &Llm, request: &ModelRequest, budget: Option<&Budget>) -> Self {
        let model = llm.model.as_ref();
        // A budget that is reached in two ways is charged once.
        let mut budgets: Vec<Budget> = Vec::new();
        for each in [Some(&llm.budget), budget].into_iter().flatten() {
            for one in each.with_wholes() {
                if !budgets.iter().any(|known| known.shares_account_with(one)) {
                    budgets.push(one.clone());
                }
            }
        }
        Self {
            budgets,
            prices: llm.shared.prices.clone(),
            provider: model.map(|model| model.provider().to_owned()).unwrap_or_default(),
            model: model.map(|model| model.name().to_owned()).unwrap_or_default(),
            input_tokens: estimate::tokens_of_messages(&request.input.messages),
            output_tokens: request.settings.max_output_tokens.unwrap_or(0),
            held: Vec::new(),
        }
    }

    /// Returns how many tokens an attempt may need.
    pub(super) fn tokens(&self) -> u64 {
        self.input_tokens.saturating_add(self.output_tokens)
    }

    /// Asks all budgets whether they allow an attempt, and reserves nothing.
    pub(super) fn check(&mut self) -> Result<(), BudgetError> {
        self.reserve()?;
        self.release();
        Ok(())
    }

    /// Reserves one attempt with all budgets, or with none.
    pub(super) fn reserve(&mut self) -> Result<(), BudgetError> {
        let need = self.used(Usage::new(self.input_tokens, self.output_tokens), false);
        self.held.clear();
        for budget in &self.budgets {
            match budget.reserve(need, &self.model) {
                Ok(reservation) => self.held.push(reservation),
                Err(error) => {
                    self.release();
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Charges what an attempt used; what was not reported is estimated from the input and from the
    /// bytes that came. What is reported of an answer that is not whole may be from its beginning. Returns the
    /// tokens.
    pub(super) fn settle(&mut self, answer: &Answer) -> u64 {
        let reported = answer.usage;
        let came = estimate::tokens_of_bytes(answer.bytes);
        let mut usage = reported.or(Usage::new(self.input_tokens, came));
        let is_known = reported.input_tokens.is_some() && reported.output_tokens.is_some();
        if !answer.is_whole() {
            usage.output_tokens = usage.output_tokens.max(Some(came));
        }
        self.charge(self.used(usage, !(is_known && answer.is_whole())))
    }

    /// Charges an attempt that got no answer: one request, and what the provider reported. Returns the tokens.
    pub(super) fn settle_unanswered(&mut self, reported: Usage) -> u64 {
        let usage = reported.or(Usage::new(0, 0));
        self.charge(self.used(usage, false))
    }

    fn charge(&mut self, used: Used) -> u64 {
        self.held.drain(..).for_each(|held| held.settle(used));
        used.tokens
    }

    /// Gives up what is reserved: nothing was sent, so nothing is charged.
    fn release(&mut self) {
        self.held.drain(..).for_each(|held| held.settle(Used::default()));
    }

    fn used(&self, usage: Usage, is_estimate: bool) -> Used {
        let cost = |usage: &Usage| self.prices.cost(usage, Some(&self.provider), &self.model);
        let known = cost(&usage);
        // Where cached tokens have no price of their own, they cost at most what others do.
        let (input, output) = (usage.input_tokens, usage.output_tokens);
        let uncached = Usage::new(input.unwrap_or(0), output.unwrap_or(0));
        let cost_usd = known.or_else(|| cost(&uncached));
        Used {
            requests: 1,
            tokens: usage.total_tokens().unwrap_or(0),
            is_estimate: is_estimate || known != cost_usd,
            cost_usd,
        }
    }
}
