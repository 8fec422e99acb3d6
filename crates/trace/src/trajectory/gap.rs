//! What a trajectory does not show.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::SpanId;

/// Something that was recorded and is not in the messages of a trajectory, or is changed in them.
///
/// # Examples
///
/// ```
/// use probity_trace::{testing::TraceBuilder, trajectory::Trajectory};
///
/// let said = r#"[{"role": "user", "parts": [{"type": "video", "content": "AAAA"}]}]"#;
/// let trace = TraceBuilder::new()
///     .span("chat", |chat| {
///         chat.field("gen_ai.operation.name", "chat").field("gen_ai.input.messages", said)
///     })
///     .build();
/// let trajectory = Trajectory::from_trace(1, &trace);
/// assert_eq!(
///     trajectory.gaps[0].to_string(),
///     r#"message 0: a part of the type "video" is left out"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gap {
    /// What is missing, and why.
    pub reason: String,
    /// The message in which it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// The span that recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<SpanId>,
}

impl Gap {
    /// Something that is missing in the whole trajectory.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), position: None, span: None }
    }

    /// Something that is missing in a message.
    pub(super) fn at(position: usize, reason: impl Into<String>) -> Self {
        Self { position: Some(position), ..Self::new(reason) }
    }

    /// Something that a span recorded.
    pub(super) fn of(span: SpanId, reason: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::new(reason) }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(f, "message {position}: ")?;
        }
        if let Some(span) = self.span {
            write!(f, "span {span}: ")?;
        }
        f.write_str(&self.reason)
    }
}
