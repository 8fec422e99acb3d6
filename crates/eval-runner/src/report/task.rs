//! The tally of one task under its name.

use serde::{Deserialize, Serialize};

use crate::stats::Tally;

/// What the trials of one task came to.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskTally {
    /// The name of the task, unique in its report.
    pub id: String,
    /// The family of related tasks that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How many of its trials passed, failed and were not graded.
    pub trials: Tally,
}

impl TaskTally {
    /// Names a tally.
    pub fn new(id: impl Into<String>, trials: Tally) -> Self {
        Self { id: id.into(), group: None, trials }
    }

    /// Sets the family of related tasks that it belongs to.
    #[must_use]
    pub fn with_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }
}
