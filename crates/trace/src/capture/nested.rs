//! What an enclosing capture sees of one within it.

use std::sync::{Arc, OnceLock};

use tracing_core::Level;

use crate::{
    clock,
    ids::TraceId,
    local::{self, Parent, Place},
    log::{
        bytes::Entry,
        record::{EventRecord, SpanKey, SpanRecord},
        scratch::Scratch,
        segment::{Description, Segment},
        whole::encode_whole,
    },
    snapshot::{EventRef, FieldRef, SpanRef, TraceSnapshot},
    tell,
    value::ValueRef,
};

/// The span that stands for a capture in the one around it.
pub(super) struct Marker {
    place: Place,
    /// What the inner capture records is copied below the marker when it ends.
    copies: bool,
}

/// What the marker says of itself.
fn description() -> Arc<Description> {
    static DESCRIPTION: OnceLock<Arc<Description>> = OnceLock::new();
    Arc::clone(DESCRIPTION.get_or_init(|| {
        Arc::new(Description {
            name: "probity.capture".into(),
            target: "probity".into(),
            level: Level::INFO,
            file: None,
            line: None,
        })
    }))
}

impl Marker {
    /// Opens the marker, if this thread works for a capture that is to enclose the new one.
    pub(super) fn open(inner: TraceId, copies: bool) -> Option<Self> {
        let place = local::with(|local| {
            local.write(&Parent::Current, |segment, parent| {
                let id = inner.to_string();
                let scratch = &mut Scratch::default();
                let key = segment.intern("trace_id")?;
                encode_whole(scratch, key, ValueRef::Str(&id), false);
                let record = SpanRecord { opened: clock::now(), parent, ..SpanRecord::blank() };
                let key = segment.push_span(record, scratch).ok()?;
                segment.describe_span(key, description());
                Some(Place { home: Arc::clone(segment), key, kept: true, has_secrets: false })
            })
        });
        let place = place.flatten().flatten()?;
        tell::deliver(tell::opened(&place));
        Some(Self { place, copies })
    }

    /// Closes the marker and, where that was asked for, copies the inner trace below it. A marker that
    /// is dropped closes too.
    pub(super) fn close(self, inner: &TraceSnapshot) {
        if self.copies {
            local::with(|local| {
                local.write_at(&self.place, |segment, marker| copy(segment, marker, inner));
            });
        }
    }
}

impl Drop for Marker {
    fn drop(&mut self) {
        local::with(|local| local.close(&self.place));
        tell::deliver(tell::closed(&self.place));
    }
}

/// Writes fields that were recorded elsewhere under keys of the segment's own.
fn encode<'a>(
    segment: &Segment,
    scratch: &mut Scratch,
    fields: impl Iterator<Item = FieldRef<'a>>,
) {
    scratch.clear();
    for field in fields {
        if let Some(key) = segment.intern(field.key()) {
            encode_whole(scratch, key, field.value(), field.is_cut());
        }
    }
}

/// Copies spans, events and links below the marker. What does not fit is counted; the children of a
/// span that does not fit hang from its parent.
fn copy(segment: &Arc<Segment>, marker: SpanKey, inner: &TraceSnapshot) {
    segment.write(|buffer| buffer.is_mixed = true);
    let mut scratch = Scratch::default();
    let mut keys: Vec<SpanKey> = Vec::with_capacity(inner.len());
    let key_of = |keys: &[SpanKey], span: Option<SpanRef<'_>>| {
        span.and_then(|span| keys.get(span.position()).copied()).unwrap_or(marker)
    };
    for span in inner.all_spans() {
        encode(segment, &mut scratch, span.fields());
        let parent = key_of(&keys, span.parent());
        let copied = segment.push_span(SpanRecord { parent, ..span.moved() }, &mut scratch).ok();
        if let (Some(key), Some(described)) = (copied, span.description()) {
            segment.describe_span(key, described);
        }
        keys.push(copied.unwrap_or(parent));
    }
    for (span, &key) in inner.all_spans().zip(&keys) {
        for cause in span.follows_from() {
            segment.push_link(key, key_of(&keys, Some(cause)));
        }
    }
    for event in inner.all_events() {
        encode(segment, &mut scratch, event.fields());
        let record = EventRecord { parent: key_of(&keys, event.span()), ..event.moved() };
        let copied = segment.push_event(record, &mut scratch).ok();
        if let (Some(index), Some(described)) = (copied, event.description()) {
            segment.describe_event(index, described);
        }
    }
}

impl SpanRef<'_> {
    /// Returns the record without its place: for another log of the same process.
    fn moved(self) -> SpanRecord {
        let record = self.record().map_or_else(SpanRecord::blank, |(_, record)| *record);
        SpanRecord { fields: Entry::default(), timing: self.timing(), ..record }
    }
}

impl EventRef<'_> {
    /// Returns the record without its place: for another log of the same process.
    fn moved(self) -> EventRecord {
        let record = self.record().map_or_else(EventRecord::blank, |(_, record)| *record);
        EventRecord { fields: Entry::default(), ..record }
    }
}
