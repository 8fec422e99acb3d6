//! One trajectory, as a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct as _};
use serde_json::{Map, Value};

use super::{Gap, Message, Sample, TrajectoryScore, transcript};
use crate::snapshot::TraceSnapshot;

/// What an agent and its model and tools said to each other on one sample.
///
/// A [`Tracer`](super::Tracer) makes it of what it captured, and [`from_trace`](Self::from_trace) of any
/// trace. Its JSON form is that of Lunette's `POST /runs/save`; there `score` is the value of the only
/// score, or `null`. Fields that are not known are ignored.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::{Message, Trajectory};
///
/// let trajectory = Trajectory::new(
///     "question-1",
///     [
///         Message::system(0, "You are a helpful assistant."),
///         Message::user(1, "What is 2 + 2?"),
///         Message::assistant(2, "4", []),
///     ],
/// );
/// assert_eq!(trajectory.messages[2].content().text(), "4");
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Trajectory {
    /// The sample that the agent worked on.
    pub sample: Sample,
    /// The messages, in the order of their positions.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// What others think of it, by name.
    #[serde(default)]
    pub scores: Option<BTreeMap<String, TrajectoryScore>>,
    /// What the program said of it; and, where it failed, `error` and `error_type`.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// What the agent made, such as a patch.
    #[serde(default)]
    pub solution: Option<String>,
    /// The container that the agent worked in; Lunette takes UUIDs only.
    #[serde(default)]
    pub sandbox_id: Option<String>,
    /// What was recorded and the messages do not show. Left out of JSON where there is none.
    #[serde(default)]
    pub gaps: Vec<Gap>,
}

impl Trajectory {
    /// Makes a trajectory of messages, for a program that records its messages itself.
    #[must_use]
    pub fn new(sample: impl Into<Sample>, messages: impl IntoIterator<Item = Message>) -> Self {
        Self {
            sample: sample.into(),
            messages: messages.into_iter().collect(),
            scores: None,
            metadata: Map::new(),
            solution: None,
            sandbox_id: None,
            gaps: Vec::new(),
        }
    }

    /// Makes a trajectory of the model calls of a trace.
    ///
    /// The messages are those of the [GenAI view](crate::genai), conversation after conversation, with
    /// these changes: an answer of a tool holds the call that it answers, what spans tell of the answers to the
    /// last calls of a conversation follows it, and what has no place in a trajectory is in
    /// [`gaps`](Self::gaps).
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_trace::{testing::TraceBuilder, trajectory::Trajectory};
    ///
    /// let trace = TraceBuilder::new()
    ///     .span("chat", |chat| {
    ///         chat.field("gen_ai.operation.name", "chat")
    ///             .field("gen_ai.input.messages", r#"[{"role":"user","content":"What is 2 + 2?"}]"#)
    ///             .field("gen_ai.output.messages", r#"[{"role":"assistant","content":"4"}]"#)
    ///     })
    ///     .build();
    ///
    /// let trajectory = Trajectory::from_trace(1, &trace);
    /// assert_eq!(trajectory.messages[1].content().text(), "4");
    /// assert!(trajectory.gaps.is_empty());
    /// ```
    #[must_use]
    pub fn from_trace(sample: impl Into<Sample>, trace: &TraceSnapshot) -> Self {
        let (messages, gaps) = transcript::of(trace);
        Self { gaps, ..Self::new(sample, messages) }
    }

    /// Sets the container that the agent worked in.
    #[must_use]
    pub fn with_sandbox_id(mut self, id: impl Into<String>) -> Self {
        self.sandbox_id = Some(id.into());
        self
    }

    /// Adds something to the metadata; what was there under this key is replaced.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Adds a score; one of the same name is replaced.
    #[must_use]
    pub fn with_score(mut self, name: impl Into<String>, score: TrajectoryScore) -> Self {
        self.scores.get_or_insert_default().insert(name.into(), score);
        self
    }

    /// Sets what the agent made.
    #[must_use]
    pub fn with_solution(mut self, solution: impl Into<String>) -> Self {
        self.solution = Some(solution.into());
        self
    }

    /// Returns the value of the only score; `None` if there are several, or none.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        let mut scores = self.scores.iter().flat_map(BTreeMap::values);
        let first = scores.next()?;
        scores.next().is_none().then_some(first.value)
    }

    /// Returns what went wrong, as the tracer wrote it into the metadata.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.metadata.get(super::ERROR)?.as_str()
    }
}

impl Serialize for Trajectory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has_gaps = !self.gaps.is_empty();
        let mut all = serializer.serialize_struct("Trajectory", 7 + usize::from(has_gaps))?;
        all.serialize_field("sample", &self.sample)?;
        all.serialize_field("messages", &self.messages)?;
        all.serialize_field("scores", &self.scores)?;
        all.serialize_field("metadata", &self.metadata)?;
        all.serialize_field("solution", &self.solution)?;
        all.serialize_field("sandbox_id", &self.sandbox_id)?;
        all.serialize_field("score", &self.score())?;
        if has_gaps {
            all.serialize_field("gaps", &self.gaps)?;
        }
        all.end()
    }
}
