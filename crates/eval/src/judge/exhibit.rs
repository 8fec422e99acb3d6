//! What a judge is shown: the artifact as text, and what it is to be judged against.

use serde::{Deserialize, Serialize};

/// What a judge is shown: one artifact as text or a [`Pair`] of them, and, where there are any, the task and
/// a reference answer.
///
/// # Examples
///
/// ```
/// use probity_eval::judge::Exhibit;
///
/// let exhibit = Exhibit::new("Oslo.").with_task("What is the capital of Norway?");
/// assert_eq!(exhibit.task.as_deref(), Some("What is the capital of Norway?"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exhibit<T = String> {
    /// What the artifact is an answer to.
    pub task: Option<String>,
    /// An answer that is known to be right.
    pub reference: Option<String>,
    /// What is judged.
    pub artifact: T,
}

impl Exhibit {
    /// Shows one artifact.
    pub fn new(artifact: impl Into<String>) -> Self {
        Self { task: None, reference: None, artifact: artifact.into() }
    }
}

impl Exhibit<Pair<String>> {
    /// Shows two artifacts.
    pub fn pair(first: impl Into<String>, second: impl Into<String>) -> Self {
        Self { task: None, reference: None, artifact: Pair::new(first.into(), second.into()) }
    }
}

impl<T> Exhibit<T> {
    /// Shows what the artifact is an answer to as well.
    #[must_use]
    pub fn with_task(self, task: impl Into<String>) -> Self {
        Self { task: Some(task.into()), ..self }
    }

    /// Shows an answer that is known to be right as well.
    #[must_use]
    pub fn with_reference(self, reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..self }
    }
}

/// Two artifacts to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pair<A> {
    /// The one, which a score is about: that of the candidate.
    pub first: A,
    /// The other, to which it is compared: that of the baseline.
    pub second: A,
}

impl<A> Pair<A> {
    /// Joins two artifacts.
    pub fn new(first: A, second: A) -> Self {
        Self { first, second }
    }
}
