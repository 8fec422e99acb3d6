//! What may be spent on model calls, shared by all that spend it.

mod error;
mod reservation;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use self::error::{BudgetError, BudgetLimit};
pub(crate) use self::reservation::{Reservation, Used};

/// What may be spent on model calls: requests, tokens, money.
///
/// Clones share what is spent. A call reserves what it may need before it is sent, and is refused where
/// that would exceed a limit; when it ends, what it really used takes the place of the
/// reservation. The reservation is the size of the input, estimated at four bytes a token, and
/// `max_output_tokens`; a turn that sets none reserves nothing for its answer, and may
/// overdraw the budget by that one answer. Each attempt of a retried call is a request.
///
/// Where a provider reports no usage, or of an answer that was broken off only that of its beginning, an
/// estimate is charged, and [`Spent::estimated_requests`] counts it. An attempt that got no answer at all is
/// charged as a request without tokens, unless the provider reports some.
///
/// Set limits before handing out clones: each of the methods that add one makes a budget of its own, which
/// begins with what was spent.
///
/// # Examples
///
/// ```
/// use probity_eval::Budget;
///
/// let budget = Budget::unlimited().max_requests(100).max_tokens(50_000);
/// assert_eq!(budget.spent().requests, 0);
/// ```
#[derive(Clone, Default)]
pub struct Budget {
    account: Arc<Account>,
}

#[derive(Default)]
struct Account {
    limits: Limits,
    ledger: Mutex<Ledger>,
    /// The budget that this one is a part of.
    whole: Option<Budget>,
}

/// The most that may be spent; what is `None` is not limited.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Limits {
    requests: Option<u64>,
    tokens: Option<u64>,
    cost_usd: Option<f64>,
}

/// What is spent, and what is spoken for.
#[derive(Debug, Clone, Copy, Default)]
struct Ledger {
    spent: Spent,
    reserved: Used,
}

/// What was spent on model calls.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Spent {
    /// The requests that were sent.
    pub requests: u64,
    /// The tokens of inputs and outputs.
    pub tokens: u64,
    /// The cost in US dollars, of the requests whose price is known.
    pub cost_usd: f64,
    /// The requests whose tokens were estimated, since their usage was not reported.
    pub estimated_requests: u64,
    /// The requests whose cost is not known, since their model has no price.
    pub unpriced_requests: u64,
}

impl Budget {
    /// Makes a budget that limits nothing, and counts.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// Allows at most this many requests.
    #[must_use]
    pub fn max_requests(self, requests: u64) -> Self {
        self.limited(|limits| limits.requests = Some(requests))
    }

    /// Allows at most this many tokens, of input and output together.
    #[must_use]
    pub fn max_tokens(self, tokens: u64) -> Self {
        self.limited(|limits| limits.tokens = Some(tokens))
    }

    /// Allows at most this cost in US dollars, by the [`Prices`](crate::Prices) of the
    /// [`Llm`](crate::Llm). A call of a model without a price is refused. NaN allows nothing.
    #[must_use]
    pub fn max_cost_usd(self, dollars: f64) -> Self {
        let dollars = if dollars.is_nan() { 0.0 } else { dollars };
        self.limited(|limits| limits.cost_usd = Some(dollars))
    }

    /// Makes a budget that counts for itself, and whose spending counts here too: for one of several trials
    /// that share a budget. Limits added to it are its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use probity_eval::{Budget, Llm, scripted::ScriptedModel};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), probity_eval::TurnError> {
    /// let whole = Budget::unlimited().max_requests(100);
    /// let part = whole.part().max_requests(10);
    /// let llm = Llm::new(Arc::new(ScriptedModel::replies(["hi"])), part.clone());
    /// llm.completion("hello").collect().await?;
    /// assert_eq!((part.spent().requests, whole.spent().requests), (1, 1));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn part(&self) -> Self {
        let whole = Some(self.clone());
        Self { account: Arc::new(Account { whole, ..Account::default() }) }
    }

    /// Returns what was spent so far. What is still reserved is not in it.
    pub fn spent(&self) -> Spent {
        self.account.ledger().spent
    }

    /// Returns whether both spend from one account.
    pub(crate) fn shares_account_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.account, &other.account)
    }

    /// Returns this budget, that which it is a part of, and so on.
    pub(crate) fn with_wholes(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |budget| budget.account.whole.as_ref())
    }

    /// Makes an account of its own with one more limit.
    fn limited(self, set: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = self.account.limits;
        set(&mut limits);
        // What calls under way have reserved is settled with the account that they know.
        let ledger = Mutex::new(Ledger { spent: self.spent(), ..Ledger::default() });
        let whole = self.account.whole.clone();
        Self { account: Arc::new(Account { limits, ledger, whole }) }
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("limits", &self.account.limits)
            .field("spent", &self.spent())
            .finish_non_exhaustive()
    }
}

impl Account {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
