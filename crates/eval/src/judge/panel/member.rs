//! One judge of a panel.

use crate::llm::Llm;

/// One judge of a [`Panel`](crate::Panel): a scored eval, its name, and the model that it asks.
///
/// # Examples
///
/// ```
/// use probity_eval::{EvalExt as _, Llm, RubricJudge, judge::{Criterion, Member}};
///
/// # let large = Llm::without_model();
/// let judge = RubricJudge::new([Criterion::new("polite", "The answer thanks the user.")])?;
/// let members = [
///     Member::new("small", judge.clone().scored()),
///     Member::new("large", judge.scored()).with_llm(large),
/// ];
/// # drop(members);
/// # Ok::<(), probity_eval::judge::InvalidRubric>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "members do nothing unless a panel is made of them"]
pub struct Member<E> {
    pub(super) name: String,
    pub(super) eval: E,
    pub(super) llm: Option<Llm>,
}

impl<E> Member<E> {
    /// Makes a member that asks the model of the context in which the panel judges.
    pub fn new(name: impl Into<String>, eval: E) -> Self {
        Self { name: name.into(), eval, llm: None }
    }

    /// Asks this model instead, and spends from its budget.
    pub fn with_llm(self, llm: Llm) -> Self {
        Self { llm: Some(llm), ..self }
    }
}
