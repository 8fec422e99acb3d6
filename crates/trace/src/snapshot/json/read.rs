//! Reads a trace.

use std::{borrow::Cow, fmt, marker::PhantomData, time::SystemTime};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    assemble::{Assembly, Fault, ticks_since_1970},
    format,
};
use crate::{
    ids::TraceId,
    limits::Dropped,
    snapshot::{TraceSnapshot, store::StoredHeader},
    status::CaptureStatus,
};

impl<'de> Deserialize<'de> for TraceSnapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TraceVisitor)
    }
}

/// The keys of a trace.
#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Format,
    TraceId,
    StartUnixNano,
    DurationNs,
    Status,
    Dropped,
    Spans,
    Events,
    #[serde(other)]
    Unknown,
}

/// A point in time as the format writes it.
#[derive(Deserialize)]
struct UnixNanos(#[serde(with = "crate::wire::unix_nanos")] SystemTime);

/// An identifier that may be said to be missing.
#[derive(Deserialize)]
struct Nullable(Option<TraceId>);

struct TraceVisitor;

impl<'de> Visitor<'de> for TraceVisitor {
    type Value = TraceSnapshot;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a trace, a map with \"format\": {:?}", format::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TraceSnapshot, A::Error> {
        let mut parts = Parts::default();
        while let Some(key) = map.next_key()? {
            parts.read(key, &mut map)?;
        }
        parts.finish()
    }
}

/// What was read so far.
#[derive(Default)]
struct Parts {
    format: Option<()>,
    trace_id: Option<Nullable>,
    started_at: Option<SystemTime>,
    duration: Option<u64>,
    status: Option<CaptureStatus>,
    dropped: Option<Dropped>,
    spans: Option<()>,
    events: Option<()>,
    assembly: Assembly,
}

impl Parts {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: Key, map: &mut A) -> Result<(), A::Error> {
        match key {
            Key::Format => once(&mut self.format, "format", || {
                let name: Cow<'de, str> = map.next_value()?;
                format::check(&name).map_err(A::Error::custom)
            }),
            Key::TraceId => once(&mut self.trace_id, "trace_id", || map.next_value()),
            Key::StartUnixNano => once(&mut self.started_at, "start_unix_nano", || {
                map.next_value().map(|UnixNanos(start)| start)
            }),
            Key::DurationNs => once(&mut self.duration, "duration_ns", || map.next_value()),
            Key::Status => once(&mut self.status, "status", || map.next_value()),
            Key::Dropped => once(&mut self.dropped, "dropped", || map.next_value()),
            Key::Spans => once(&mut self.spans, "spans", || {
                map.next_value_seed(Each::new(&mut self.assembly, Assembly::push_span))
            }),
            Key::Events => once(&mut self.events, "events", || {
                map.next_value_seed(Each::new(&mut self.assembly, Assembly::push_event))
            }),
            Key::Unknown => map.next_value::<IgnoredAny>().map(|_| ()),
        }
    }

    fn finish<E: serde::de::Error>(self) -> Result<TraceSnapshot, E> {
        self.format.ok_or_else(|| E::missing_field("format"))?;
        let started_at = self.started_at.ok_or_else(|| E::missing_field("start_unix_nano"))?;
        let duration = self.duration.ok_or_else(|| E::missing_field("duration_ns"))?;
        if ticks_since_1970(started_at).is_none() || duration == u64::MAX {
            return Err(E::custom("the time of the trace is out of range"));
        }
        let header = StoredHeader {
            trace_id: self.trace_id.and_then(|Nullable(id)| id),
            started_at: Some(started_at),
            duration,
            status: self.status.ok_or_else(|| E::missing_field("status"))?,
            dropped: self.dropped.unwrap_or_default(),
        };
        self.assembly.finish(header).map_err(E::custom)
    }
}

/// Reads and keeps a value unless its key was there before.
fn once<T, E: serde::de::Error>(
    place: &mut Option<T>,
    key: &'static str,
    read: impl FnOnce() -> Result<T, E>,
) -> Result<(), E> {
    if place.is_some() {
        return Err(E::duplicate_field(key));
    }
    *place = Some(read()?);
    Ok(())
}

/// Hands each element of a list on as soon as it is read.
struct Each<'a, T, F> {
    assembly: &'a mut Assembly,
    push: F,
    element: PhantomData<T>,
}

impl<'a, T, F> Each<'a, T, F>
where
    F: FnMut(&mut Assembly, T) -> Result<(), Fault>,
{
    fn new(assembly: &'a mut Assembly, push: F) -> Self {
        Self { assembly, push, element: PhantomData }
    }
}

impl<'de, T, F> DeserializeSeed<'de> for Each<'_, T, F>
where
    T: Deserialize<'de>,
    F: FnMut(&mut Assembly, T) -> Result<(), Fault>,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T, F> Visitor<'de> for Each<'_, T, F>
where
    T: Deserialize<'de>,
    F: FnMut(&mut Assembly, T) -> Result<(), Fault>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            (self.push)(self.assembly, element).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}
