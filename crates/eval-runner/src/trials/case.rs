//! One row of a dataset: what an agent is given.

use serde::{Deserialize, Serialize};

/// A case: an input under a name that is unique in its run.
#[doc(alias = "sample")]
#[doc(alias = "task")]
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Case<T> {
    /// The name, by which results are stored and compared and seeds are derived.
    pub id: String,
    /// What the agent is given.
    pub input: T,
}

impl<T> Case<T> {
    /// Makes a case.
    pub fn new(id: impl Into<String>, input: T) -> Self {
        Self { id: id.into(), input }
    }
}
