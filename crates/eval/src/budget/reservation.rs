//! Reserving what a call may need, and settling what it used.

use super::{Budget, BudgetError, BudgetLimit, Ledger, Limits};

/// What one call may need, or used.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Used {
    pub(crate) requests: u64,
    pub(crate) tokens: u64,
    /// In US dollars; `None` if there is no price.
    pub(crate) cost_usd: Option<f64>,
    /// The tokens are an estimate.
    pub(crate) is_estimate: bool,
}

/// A reservation. Dropped without being settled, it is charged as it was estimated.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Budget,
    reserved: Used,
    settled: bool,
}

impl Budget {
    /// Reserves what a call may need.
    pub(crate) fn reserve(&self, need: Used, model: &str) -> Result<Reservation, BudgetError> {
        let mut ledger = self.account.ledger();
        check(&self.account.limits, &ledger, need, model)?;
        ledger.add_reserved(need);
        drop(ledger);
        Ok(Reservation { budget: self.clone(), reserved: need, settled: false })
    }
}

impl Reservation {
    /// Charges what was really used in place of what was reserved.
    pub(crate) fn settle(mut self, used: Used) {
        self.charge(used);
    }

    fn charge(&mut self, used: Used) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let mut ledger = self.budget.account.ledger();
        ledger.remove_reserved(self.reserved);
        ledger.add_spent(used);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.charge(Used { is_estimate: true, ..self.reserved });
    }
}

impl Ledger {
    fn add_reserved(&mut self, need: Used) {
        let Used { requests, tokens, cost_usd, .. } = &mut self.reserved;
        *requests = requests.saturating_add(need.requests);
        *tokens = tokens.saturating_add(need.tokens);
        *cost_usd = Some(cost_usd.unwrap_or(0.0) + need.cost_usd.unwrap_or(0.0));
    }

    fn remove_reserved(&mut self, need: Used) {
        let Used { requests, tokens, cost_usd, .. } = &mut self.reserved;
        *requests = requests.saturating_sub(need.requests);
        *tokens = tokens.saturating_sub(need.tokens);
        // Where nothing is under way, no rounding error is left behind.
        let rest = cost_usd.unwrap_or(0.0) - need.cost_usd.unwrap_or(0.0);
        *cost_usd = Some(if *requests == 0 { 0.0 } else { rest.max(0.0) });
    }

    fn add_spent(&mut self, used: Used) {
        self.spent.requests = self.spent.requests.saturating_add(used.requests);
        self.spent.tokens = self.spent.tokens.saturating_add(used.tokens);
        self.spent.cost_usd += used.cost_usd.unwrap_or(0.0);
        if used.is_estimate {
            self.spent.estimated_requests += used.requests;
        }
        if used.cost_usd.is_none() {
            self.spent.unpriced_requests += used.requests;
        }
    }
}

fn check(limits: &Limits, ledger: &Ledger, need: Used, model: &str) -> Result<(), BudgetError> {
    let Ledger { spent, reserved } = ledger;
    if let Some(limit) = limits.requests {
        let state = [limit, spent.requests, reserved.requests, need.requests];
        check_count(BudgetLimit::Requests, state)?;
    }
    if let Some(limit) = limits.tokens {
        let state = [limit, spent.tokens, reserved.tokens, need.tokens];
        check_count(BudgetLimit::Tokens, state)?;
    }
    if let Some(limit) = limits.cost_usd {
        let Some(needed) = need.cost_usd else {
            return Err(BudgetError::UnknownPrice { model: model.to_owned() });
        };
        let (spent, reserved) = (spent.cost_usd, reserved.cost_usd.unwrap_or(0.0));
        // A call that is free may be made by whoever has spent all, not by whoever has overdrawn.
        if spent + reserved + needed > limit {
            let what = BudgetLimit::Cost;
            return Err(BudgetError::Exceeded { what, limit, spent, reserved, needed });
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "for a message")]
fn check_count(
    what: BudgetLimit,
    [limit, spent, reserved, needed]: [u64; 4],
) -> Result<(), BudgetError> {
    if spent.saturating_add(reserved).saturating_add(needed) <= limit {
        return Ok(());
    }
    Err(BudgetError::Exceeded {
        what,
        limit: limit as f64,
        spent: spent as f64,
        reserved: reserved as f64,
        needed: needed as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(tokens: u64) -> Used {
        Used { requests: 1, tokens, cost_usd: None, is_estimate: false }
    }

    #[test]
    fn what_is_reserved_counts_until_what_was_used_takes_its_place() {
        let budget = Budget::unlimited().max_tokens(100);
        let first = budget.reserve(need(60), "m").unwrap();
        let refused = budget.clone().reserve(need(60), "m").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the budget of 100 tokens does not allow this call: 0 spent, 60 reserved by calls under \
             way, 60 more needed"
        );
        first.settle(need(10));
        assert_eq!((budget.spent().tokens, budget.spent().requests), (10, 1));
        assert!(budget.reserve(need(90), "m").is_ok());
    }

    #[test]
    fn a_call_that_is_dropped_is_charged_as_estimated() {
        let budget = Budget::unlimited();
        drop(budget.reserve(need(60), "m").unwrap());
        assert_eq!((budget.spent().tokens, budget.spent().estimated_requests), (60, 1));
    }

    #[test]
    fn a_limit_of_cost_needs_a_price() {
        let budget = Budget::unlimited().max_cost_usd(1.0);
        let refused = budget.reserve(need(1), "mystery").unwrap_err();
        assert!(refused.to_string().contains("no price for model \"mystery\""), "{refused}");
        let priced = Used { cost_usd: Some(0.75), ..need(1) };
        let first = budget.reserve(priced, "m").unwrap();
        assert!(budget.reserve(priced, "m").is_err());
        first.settle(Used { cost_usd: Some(0.25), ..need(1) });
        assert!(budget.reserve(priced, "m").is_ok());
    }
}
