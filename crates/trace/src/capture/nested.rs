//! What an enclosing capture sees of one within it.

use std::sync::{Arc, OnceLock};

use tracing_core::Level;

use crate::{
    clock,
    ids::TraceId,
    local::{self, Parent, Place},
    log::{
        bytes::Entry,
        encode::encode_dynamic,
        record::{EventRecord, SpanKey, SpanRecord},
        scratch::Scratch,
        segment::{Description, Segment},
    },
    snapshot::{EventRef, SpanRef, TraceSnapshot},
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
                let fields = [("trace_id", ValueRef::Str(&id))];
                let scratch = &mut Scratch::default();
                encode(segment, scratch, fields.into_iter());
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
        local::with(|local| local.close_record(&self.place));
        tell::deliver(tell::closed(&self.place));
    }
}

/// Writes fields under keys of the segment's own.
fn encode<'a>(
    segment: &Segment,
    scratch: &mut Scratch,
    fields: impl Iterator<Item = (&'a str, ValueRef<'a>)>,
) {
    scratch.clear();
    let redaction = segment.log.redaction();
    for (key, value) in fields {
        if let Some(key) = segment.intern(key) {
            encode_dynamic(scratch, key, value, segment.log.limits.max_field_bytes, &redaction);
        }
    }
}

fn copy(segment: &Arc<Segment>, marker: SpanKey, inner: &TraceSnapshot) {
    let mut scratch = Scratch::default();
    let mut keys: Vec<SpanKey> = Vec::with_capacity(inner.len());
    let key_of = |keys: &[SpanKey], span: Option<SpanRef<'_>>| {
        span.and_then(|span| keys.get(span.position()).copied()).unwrap_or(marker)
    };
    for span in inner.all_spans() {
        encode(segment, &mut scratch, span.fields().map(|f| (f.key(), f.value())));
        let parent = key_of(&keys, span.parent());
        let record = SpanRecord { parent, ..span.moved() };
        // What does not fit is counted; its children hang from its parent.
        let key = segment.push_span(record, &mut scratch).unwrap_or(parent);
        if let (None, Some(described)) = (span.moved().callsite, span.description()) {
            segment.describe_span(key, described);
        }
        keys.push(key);
    }
    for event in inner.all_events() {
        encode(segment, &mut scratch, event.fields().map(|f| (f.key(), f.value())));
        let record = EventRecord { parent: key_of(&keys, event.span()), ..event.moved() };
        if let (Ok(index), Some(described)) =
            (segment.push_event(record, &mut scratch), event.description())
        {
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
