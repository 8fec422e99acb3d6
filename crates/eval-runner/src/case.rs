//! A case: what an agent is given, what is expected of it, and how to find it again.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A case: an input under a name that is unique in its run.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::Case;
///
/// let case = Case::new("refund-late", "My flight was late.")
///     .with_expected("refund")
///     .with_tags(["refund", "airline"])
///     .with_group("airline")
///     .with_metadata("difficulty", 3);
/// assert_eq!(case.expected, Some("refund"));
/// ```
#[doc(alias = "sample")]
#[doc(alias = "task")]
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Case<I, E = ()> {
    /// The name, by which results are stored and compared and seeds are derived.
    pub id: String,
    /// What the agent is given.
    pub input: I,
    /// What is expected of the agent, for evals to compare with; `None` if nothing was said.
    #[serde(default = "nothing", skip_serializing_if = "Option::is_none")]
    pub expected: Option<E>,
    /// Words to choose cases by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The family of related cases that this one belongs to: a repository, a persona. Ranges then speak of
    /// new families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What else is known of the case.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}

impl<I, E> Case<I, E> {
    /// Makes a case of which nothing is expected yet.
    pub fn new(id: impl Into<String>, input: I) -> Self {
        Self {
            id: id.into(),
            input,
            expected: None,
            tags: Vec::new(),
            group: None,
            metadata: Map::new(),
        }
    }

    /// Sets what is expected of the agent.
    #[must_use]
    pub fn with_expected(mut self, expected: E) -> Self {
        self.expected = Some(expected);
        self
    }

    /// Adds words to choose the case by.
    #[must_use]
    pub fn with_tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Sets the family of related cases that the case belongs to.
    #[must_use]
    pub fn with_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Notes something else that is known of the case.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }
}

/// A default that asks nothing of `E`.
fn nothing<E>() -> Option<E> {
    None
}
