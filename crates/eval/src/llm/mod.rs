//! The context of async evals: a model, and how to ask it.

mod content;
mod retry;

use std::{fmt, sync::Arc};

pub use self::retry::RetryPolicy;
use crate::{
    budget::Budget,
    model::{Extensions, Model, Settings},
    prices::Prices,
    rate_limit::RateLimiter,
};

/// The context of an async [`Eval`](crate::Eval): a model, how to ask it, and what may be spent.
///
/// A cheap handle to clone and share: clones ask the same model and spend from the same
/// [`Budget`]. Asked with [`completion`](Llm::completion) or through a [`Session`](crate::Session).
/// One made [`without_model`](Llm::without_model) is for evals that bring their own client or need
/// none.
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
/// let model = ScriptedModel::replies(["Paris"]);
/// let llm = Llm::new(Arc::new(model), Budget::unlimited().max_requests(10));
///
/// let answer = llm.completion("What is the capital of France?").collect().await?;
/// assert_eq!(answer.text, "Paris");
/// assert_eq!(llm.budget().spent().requests, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Llm {
    pub(crate) model: Option<Arc<dyn Model>>,
    pub(crate) budget: Budget,
    pub(crate) shared: Arc<Shared>,
}

/// What changes rarely.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) retry: RetryPolicy,
    pub(crate) prices: Prices,
    pub(crate) extensions: Extensions,
    pub(crate) captures_content: bool,
    pub(crate) limiter: Option<RateLimiter>,
}

impl Llm {
    /// Makes a context that asks `model` and spends from `budget`.
    ///
    /// Messages are recorded on spans if the environment says so:
    /// `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is `true`, `SPAN_ONLY` or
    /// `SPAN_AND_EVENT`.
    pub fn new(model: Arc<dyn Model>, budget: Budget) -> Self {
        let captures_content = content::wanted_by_environment();
        let shared = Arc::new(Shared { captures_content, ..Shared::default() });
        Self { model: Some(model), budget, shared }
    }

    /// Makes a context without a model, for which no provider and no key is needed.
    pub fn without_model() -> Self {
        Self { model: None, budget: Budget::unlimited(), shared: Arc::default() }
    }

    /// Sets how turns are to be answered that do not say it themselves.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        self.with(|shared| shared.settings = settings)
    }

    /// Sets which failed calls are tried again, and when.
    #[must_use]
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        self.with(|shared| shared.retry = retry)
    }

    /// Sets what models cost.
    #[must_use]
    pub fn with_prices(self, prices: Prices) -> Self {
        self.with(|shared| shared.prices = prices)
    }

    /// Adds a value that every request carries to the adapter.
    #[must_use]
    pub fn with_extension<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.with(|shared| shared.extensions.insert(value))
    }

    /// Sets whether spans record what the model is told and answers, whatever the environment says.
    #[must_use]
    pub fn with_content_capture(self, captures: bool) -> Self {
        self.with(|shared| shared.captures_content = captures)
    }

    /// Sets the limiter that calls ask before they are sent, whatever limiter is
    /// [current](RateLimiter::current). Without one, calls ask that.
    #[must_use]
    pub fn with_rate_limiter(self, limiter: RateLimiter) -> Self {
        self.with(|shared| shared.limiter = Some(limiter))
    }

    /// Sets another budget. Clones made before keep the old one.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Returns a context for one trial of many: it asks a [fork](Model::fork) of the model where there is one, so
    /// that what it is answered does not depend on which trial asks first, and spends from a
    /// [part](Budget::part) of the budget, so that it has accounts of its own.
    #[must_use]
    pub fn fork(&self, seed: u64) -> Self {
        let model = self.model.as_ref();
        let forked = model.and_then(|model| model.fork(seed)).or_else(|| model.cloned());
        Self { model: forked, budget: self.budget.part(), shared: Arc::clone(&self.shared) }
    }

    /// Returns the budget that calls spend from.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Returns the model, unless there is none.
    pub fn model(&self) -> Option<&Arc<dyn Model>> {
        self.model.as_ref()
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        change(Arc::make_mut(&mut self.shared));
        self
    }
}

impl fmt::Debug for Llm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let model = self.model.as_ref();
        f.debug_struct("Llm")
            .field("provider", &model.map(|model| model.provider()))
            .field("model", &model.map(|model| model.name()))
            .field("budget", &self.budget)
            .field("shared", &self.shared)
            .finish()
    }
}
