//! All trajectories of one task with one model.

use serde::{Deserialize, Serialize};

use super::Trajectory;

/// The trajectories of one task with one model, as [`Tracer::finish`](super::Tracer::finish) gives them.
///
/// Its JSON form is the body of Lunette's `POST /runs/save`.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::{Message, Run, Trajectory};
///
/// let answered = Trajectory::new("question-1", [Message::user(0, "What is 2 + 2?")]);
/// let run = Run::new("math-eval", "my-custom-model", [answered]);
/// let body = serde_json::to_value(&run).unwrap();
/// assert_eq!(body["trajectories"][0]["sample"], "question-1");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Run {
    /// The identifier, a UUID; `None` leaves the choice to the server.
    #[serde(default)]
    pub id: Option<String>,
    /// The name of the task.
    pub task: String,
    /// The name of the model.
    pub model: String,
    /// The trajectories. A tracer gives them in the order in which they ended.
    #[serde(default)]
    pub trajectories: Vec<Trajectory>,
}

impl Run {
    /// Makes a run of trajectories.
    #[must_use]
    pub fn new(
        task: impl Into<String>,
        model: impl Into<String>,
        trajectories: impl IntoIterator<Item = Trajectory>,
    ) -> Self {
        let trajectories = trajectories.into_iter().collect();
        Self { id: None, task: task.into(), model: model.into(), trajectories }
    }

    /// Sets the identifier.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Returns whether there is no trajectory, so that there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trajectories.is_empty()
    }

    /// Puts the trajectories into the order of their samples, whichever ended first; those of one sample
    /// stay as they are.
    pub fn sort_by_sample(&mut self) {
        self.trajectories.sort_by(|a, b| a.sample.cmp(&b.sample));
    }
}
