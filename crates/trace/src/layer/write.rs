//! Writes the records of spans, events and late fields.

use std::sync::Arc;

use tracing_core::{Event, Metadata, span};

use super::CaptureLayer;
use crate::{
    clock,
    local::{self, Ident, Late, Parent, Place, Start},
    log::{
        bytes::Entry,
        encode::{Encoder, Secrets},
        record::{EventRecord, SpanRecord, Timing},
    },
    policy::{Verdict, deciding},
    raw::RawVisitor,
    tell,
};

impl CaptureLayer {
    /// Returns what the rules say of a callsite, and remembers it. Nothing is borrowed meanwhile: a
    /// predicate is the user's code.
    #[cold]
    fn decide(&self, metadata: &'static Metadata<'static>) -> Verdict {
        // A predicate may log, and what it logs must not ask it again.
        let Some(_deciding) = deciding() else { return Verdict::UNWANTED };
        let verdict = Verdict::of(&self.rules, metadata);
        local::with(|local| local.learn(self.number.get(), metadata, verdict));
        verdict
    }

    /// Takes what writing a record needs; `None` if there is no capture for it.
    #[inline]
    fn begin(&self, metadata: &'static Metadata<'static>, parent: &Parent) -> Option<Start> {
        local::with(|local| {
            local.begin(self.number.get(), &self.rules.redaction, metadata, parent)
        })?
    }

    /// Writes a span if it is to be kept, and returns its place.
    #[inline]
    pub(super) fn write_span(
        &self,
        attributes: &span::Attributes<'_>,
        ident: Ident,
        parent: &Parent,
    ) -> Option<Place> {
        let metadata = attributes.metadata();
        let Start { mut scratch, max_text, verdict } = self.begin(metadata, parent)?;
        let verdict = verdict.unwrap_or_else(|| self.decide(metadata));
        let mut keep = verdict.keep;
        if keep || verdict.marked {
            let secrets = Secrets { fields: verdict.secrets, redaction: &self.rules.redaction };
            let mut encoder = Encoder::new(&mut scratch, secrets, max_text);
            attributes.record(&mut encoder);
            keep = encoder.marker().unwrap_or(keep);
        }
        local::with(|local| {
            let place = local.write(parent, |segment, parent| {
                let record = SpanRecord {
                    callsite: Some(metadata),
                    opened: clock::now(),
                    timing: Timing::default(),
                    fields: Entry::default(),
                    parent,
                };
                let own = keep.then(|| segment.push_span(record, &mut scratch).ok()).flatten();
                Place {
                    home: Arc::clone(segment),
                    key: own.unwrap_or(parent),
                    kept: own.is_some(),
                    has_secrets: verdict.secrets != 0,
                }
            });
            local.give_scratch(scratch);
            local.remember(ident, place.clone()?);
            place
        })?
    }

    #[inline]
    pub(super) fn write_event(&self, event: &Event<'_>, parent: &Parent) {
        let metadata = event.metadata();
        let Some(Start { mut scratch, max_text, verdict }) = self.begin(metadata, parent) else {
            return;
        };
        let verdict = verdict.unwrap_or_else(|| self.decide(metadata));
        let mut keep = verdict.keep;
        if keep || verdict.marked {
            let secrets = Secrets { fields: verdict.secrets, redaction: &self.rules.redaction };
            let mut encoder = Encoder::new(&mut scratch, secrets, max_text);
            event.record(&mut encoder);
            keep = encoder.marker().unwrap_or(keep);
        }
        let told = local::with(|local| {
            let told = local.write(parent, |segment, parent| {
                let record = EventRecord {
                    callsite: Some(metadata),
                    at: clock::now(),
                    fields: Entry::default(),
                    parent,
                };
                let index = keep.then(|| segment.push_event(record, &mut scratch).ok())??;
                tell::event(segment, index)
            });
            local.give_scratch(scratch);
            told.flatten()
        });
        tell::deliver(told.flatten());
        if verdict.raw {
            write_raw(event, parent);
        }
    }

    /// Writes fields of a span that come after its opening.
    #[inline]
    pub(super) fn write_late(&self, values: &span::Record<'_>, parent: &Parent, late: Late) {
        let Late { mut scratch, max_text, has_secrets } = late;
        // Which fields of the callsite are secret is not known here, only whether any are.
        let fields = if has_secrets { u64::MAX } else { 0 };
        let secrets = Secrets { fields, redaction: &self.rules.redaction };
        values.record(&mut Encoder::new(&mut scratch, secrets, max_text));
        let told = local::with(|local| {
            let told = local.write(parent, |segment, key| {
                segment.push_late(key, &mut scratch).ok()?;
                tell::recorded(segment, key)
            });
            local.give_scratch(scratch);
            told.flatten()
        });
        tell::deliver(told.flatten());
    }
}

/// Keeps what an event says in the raw form, if the capture is a raw one.
#[cold]
fn write_raw(event: &Event<'_>, parent: &Parent) {
    let site =
        local::with(|local| local.write(parent, |segment, key| (Arc::clone(&segment.log), key)));
    let Some((log, key)) = site.flatten().filter(|(log, _)| log.raw.is_some()) else {
        return;
    };
    let mut visitor = RawVisitor::default();
    event.record(&mut visitor);
    log.record_raw(visitor.finish(), key);
}
