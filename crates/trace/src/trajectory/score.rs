//! What someone thinks of a trajectory.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A number that someone gave a trajectory, and why.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::{Trajectory, TrajectoryScore};
///
/// let mut accuracy = TrajectoryScore::new(1.0);
/// accuracy.explanation = Some("2 + 2 is 4".to_owned());
/// let trajectory = Trajectory::new("question-1", []).with_score("accuracy", accuracy);
/// assert_eq!(trajectory.score(), Some(1.0));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrajectoryScore {
    /// The number. It has no range of its own.
    pub value: f64,
    /// The answer that was judged.
    #[serde(default)]
    pub answer: Option<String>,
    /// Why the number is what it is.
    #[serde(default)]
    pub explanation: Option<String>,
    /// Whatever else there is to say.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
}

impl TrajectoryScore {
    /// Makes a score of its number.
    #[must_use]
    pub fn new(value: f64) -> Self {
        Self { value, ..Self::default() }
    }
}
