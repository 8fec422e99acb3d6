//! The context that async evals are given.

/// The context of an async [`Eval`](crate::Eval).
///
/// A cheap handle to clone and share. It holds no model: an eval that asks one brings its own client.
/// Every eval takes it, so that evals that use the context and evals that do not compose.
///
/// # Examples
///
/// ```
/// use probity_eval::Llm;
///
/// let llm = Llm::without_model();
/// let for_another_task = llm.clone();
/// # drop(for_another_task);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Llm {}

impl Llm {
    /// Makes a context without a model, for which no provider and no key is needed.
    pub fn without_model() -> Self {
        Self {}
    }
}
