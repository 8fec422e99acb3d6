//! Writes a trace.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{super::TraceSnapshot, format};
use crate::{
    snapshot::{EventRef, SpanRef},
    wire::whole_nanos,
};

/// A point in time as the format writes it.
#[derive(Serialize)]
struct UnixNanos(#[serde(with = "crate::wire::unix_nanos")] std::time::SystemTime);

/// The spans of a trace, made one by one while they are written.
struct Spans<'a>(&'a TraceSnapshot);

/// The events of a trace, made one by one while they are written.
struct Events<'a>(&'a TraceSnapshot);

impl Serialize for TraceSnapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let trace_id = self.trace_id();
        let keys = 7 + usize::from(trace_id.is_some());
        let mut map = serializer.serialize_struct("TraceSnapshot", keys)?;
        map.serialize_field("format", format::NAME)?;
        match trace_id {
            Some(trace_id) => map.serialize_field("trace_id", &trace_id)?,
            None => map.skip_field("trace_id")?,
        }
        map.serialize_field("start_unix_nano", &UnixNanos(self.started_at()))?;
        map.serialize_field("duration_ns", &whole_nanos(self.duration()))?;
        map.serialize_field("status", self.status())?;
        map.serialize_field("dropped", &self.dropped())?;
        map.serialize_field("spans", &Spans(self))?;
        map.serialize_field("events", &Events(self))?;
        map.end()
    }
}

impl Serialize for Spans<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.all_spans().map(SpanRef::to_node))
    }
}

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.all_events().map(EventRef::to_node))
    }
}
