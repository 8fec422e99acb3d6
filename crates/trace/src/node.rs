//! Owned spans, events and fields: what listeners get and what JSON is made of.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};
use tracing_core::Level;

use crate::{ids::SpanId, value::Value, wire};

/// A field, owned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldNode {
    /// The field's name.
    pub key: Cow<'static, str>,
    /// The field's value.
    pub value: Value,
    /// The value was cut to [`CaptureLimits::max_field_bytes`](crate::CaptureLimits).
    #[serde(default, skip_serializing_if = "wire::is_false")]
    pub cut: bool,
}

/// A span, owned. Secrets in its values are masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SpanNode {
    /// The identifier, unique within the trace.
    pub id: SpanId,
    /// The identifier of the nearest kept ancestor; `None` for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SpanId>,
    /// The name that the callsite gives.
    pub name: Cow<'static, str>,
    /// The target, by default the module that the callsite is in.
    #[serde(default)]
    pub target: Cow<'static, str>,
    /// The level.
    #[serde(with = "wire::level", default = "wire::level::default")]
    pub level: Level,
    /// The source file of the callsite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Cow<'static, str>>,
    /// The line of the callsite in its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// When the span was opened.
    #[serde(rename = "start_unix_nano", with = "wire::unix_nanos")]
    pub started_at: SystemTime,
    /// The time from opening to closing; `None` while the span is open.
    #[serde(rename = "duration_ns", with = "wire::nanos_option", default)]
    pub duration: Option<Duration>,
    /// The sum of the times in which the span was entered.
    #[serde(rename = "busy_ns", with = "wire::nanos", default)]
    pub busy: Duration,
    /// The time from opening to the last exit; `None` if the span was never entered and left.
    #[serde(
        rename = "last_exit_ns",
        with = "wire::nanos_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub last_exit: Option<Duration>,
    /// The fields, each key once, with the value recorded last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldNode>,
    /// The spans that this one follows from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follows_from: Vec<SpanId>,
}

/// An event, owned. Secrets in its values are masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventNode {
    /// The identifier of the span it is in; `None` for a root event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<SpanId>,
    /// The name that the callsite gives; `event <file>:<line>` unless the program names it.
    #[serde(default)]
    pub name: Cow<'static, str>,
    /// The target, by default the module that the callsite is in.
    #[serde(default)]
    pub target: Cow<'static, str>,
    /// The level.
    #[serde(with = "wire::level", default = "wire::level::default")]
    pub level: Level,
    /// The source file of the callsite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Cow<'static, str>>,
    /// The line of the callsite in its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// When it happened.
    #[serde(rename = "unix_nano", with = "wire::unix_nanos")]
    pub at: SystemTime,
    /// The fields, `message` among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldNode>,
}

impl SpanNode {
    /// Returns the value of a field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Value> {
        find(&self.fields, key)
    }

    /// Returns whether the span had not closed when the node was made.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.duration.is_none()
    }
}

impl EventNode {
    /// Returns the value of a field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Value> {
        find(&self.fields, key)
    }

    /// Returns the text of the event.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.field("message").and_then(|value| value.as_ref().as_str())
    }
}

fn find<'a>(fields: &'a [FieldNode], key: &str) -> Option<&'a Value> {
    fields.iter().find(|field| field.key == key).map(|field| &field.value)
}

/// Something that happened in a capture, as it is told to listeners and observers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum TraceEvent {
    /// A span was opened; its fields are those that it was opened with.
    SpanOpened(SpanNode),
    /// A span got fields after it was opened.
    FieldsRecorded {
        /// The span's identifier.
        span: SpanId,
        /// The new fields.
        fields: Vec<FieldNode>,
    },
    /// An event was recorded.
    Event(EventNode),
    /// A span closed; it carries all its fields.
    SpanClosed(SpanNode),
}
