//! The layer that writes records of captures.

mod place;
mod tell;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tracing_core::{Event, Metadata, Subscriber, span};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use crate::{
    clock,
    local::{self, Ident, Parent, Place},
    log::{
        self,
        bytes::Entry,
        encode::{Encoder, Scratch},
        record::{EventRecord, SpanRecord, Timing},
    },
    policy::{CapturePolicy, Rules, Verdict},
    raw::RawVisitor,
    redact::Redaction,
};

/// Makes the layer that captures need; install it in any `tracing_subscriber::registry()` stack.
///
/// # Examples
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
/// # drop(subscriber);
/// ```
pub fn layer() -> CaptureLayer {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    CaptureLayer {
        number: NEXT.fetch_add(1, Ordering::Relaxed),
        rules: Rules::default(),
        is_second: false,
    }
}

/// The layer that captures need; made by [`layer`].
///
/// While no capture runs, it does nothing but look at one counter. It disables nothing for other
/// layers: it answers `never` for no callsite and hints no maximum level.
///
/// It works in every place of the stack, also behind a per-layer filter, which then decides what it
/// sees; boxed, in a `Vec` or an `Option`. Installed twice in one stack, the second one stays silent.
#[derive(Debug)]
pub struct CaptureLayer {
    number: u32,
    rules: Rules,
    /// The stack has such a layer already.
    is_second: bool,
}

impl CaptureLayer {
    /// Sets which spans and events are kept.
    #[must_use]
    pub fn with_policy(mut self, policy: CapturePolicy) -> Self {
        self.rules.policy = policy;
        self
    }

    /// Sets which fields and values are secret.
    #[must_use]
    pub fn with_redaction(mut self, redaction: Redaction) -> Self {
        self.rules.redaction = Arc::new(redaction);
        self
    }

    pub(crate) fn with_shared_redaction(mut self, redaction: Arc<Redaction>) -> Self {
        self.rules.redaction = redaction;
        self
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    fn ident(&self, id: &span::Id) -> Ident {
        Ident {
            layer: self.number,
            id: id.into_u64(),
        }
    }

    #[inline]
    fn is_idle(&self) -> bool {
        !log::any_live() || self.is_second
    }

    /// Returns what the rules say of a callsite. No lock is held: a predicate is the user's code.
    #[inline]
    fn verdict(&self, metadata: &'static Metadata<'static>) -> Verdict {
        let known = local::with(|local| local.verdicts().get(self.number, metadata)).flatten();
        known.unwrap_or_else(|| self.decide(metadata))
    }

    #[cold]
    fn decide(&self, metadata: &'static Metadata<'static>) -> Verdict {
        let verdict = Verdict::of(&self.rules, metadata);
        local::with(|local| local.verdicts().put(self.number, metadata, verdict));
        verdict
    }

    /// Takes what encoding needs, if a record with this parent belongs to a capture that runs.
    #[inline]
    fn prepare(&self, parent: &Parent) -> Option<(Box<Scratch>, u32)> {
        local::with(|local| {
            let log = local.log_of(parent)?;
            log.note_layer(&self.rules.redaction);
            let max_text = log.limits.max_field_bytes;
            Some((local.take_scratch(), max_text))
        })?
    }

    /// Writes a span that is to be kept, and returns its place.
    #[inline]
    fn open(
        &self,
        attributes: &span::Attributes<'_>,
        parent: &Parent,
        verdict: Verdict,
    ) -> Option<Place> {
        let (mut scratch, max_text) = self.prepare(parent)?;
        let mut keep = verdict.keep;
        if keep || verdict.marked {
            let mut encoder = Encoder::new(
                &mut scratch,
                &self.rules.redaction,
                verdict.secrets,
                max_text,
            );
            attributes.record(&mut encoder);
            keep = encoder.marker().unwrap_or(keep);
        }
        let metadata = attributes.metadata();
        local::with(|local| {
            let place = local.write(parent, |segment, parent| {
                let record = SpanRecord {
                    callsite: Some(metadata),
                    opened: clock::now(),
                    timing: Timing::default(),
                    fields: Entry::default(),
                    parent,
                };
                let own = keep
                    .then(|| segment.push_span(record, &mut scratch).ok())
                    .flatten();
                Place {
                    home: Arc::clone(segment),
                    key: own.unwrap_or(parent),
                    kept: own.is_some(),
                    secrets: verdict.secrets,
                }
            });
            local.give_scratch(scratch);
            place
        })?
    }

    #[inline]
    fn write_event(&self, event: &Event<'_>, parent: &Parent, verdict: Verdict) {
        let Some((mut scratch, max_text)) = self.prepare(parent) else {
            return;
        };
        let mut encoder = Encoder::new(
            &mut scratch,
            &self.rules.redaction,
            verdict.secrets,
            max_text,
        );
        event.record(&mut encoder);
        if !encoder.marker().unwrap_or(verdict.keep) {
            local::with(|local| local.give_scratch(scratch));
            return;
        }
        let metadata = event.metadata();
        let told = local::with(|local| {
            let told = local.write(parent, |segment, parent| {
                let record = EventRecord {
                    callsite: Some(metadata),
                    at: clock::now(),
                    fields: Entry::default(),
                    parent,
                };
                let index = segment.push_event(record, &mut scratch).ok()?;
                tell::event(segment, index)
            });
            local.give_scratch(scratch);
            told.flatten()
        });
        tell::deliver(told.flatten());
    }

    #[cold]
    fn write_raw(&self, event: &Event<'_>, parent: &Parent) {
        let site = local::with(|local| {
            let log = Arc::clone(local.log_of(parent)?);
            log.note_layer(&self.rules.redaction);
            let key = local.write(parent, |_, key| key)?;
            Some((log, key))
        });
        let Some((log, key)) = site.flatten().filter(|(log, _)| log.raw.is_some()) else {
            return;
        };
        let mut visitor = RawVisitor::default();
        event.record(&mut visitor);
        log.record_raw(visitor.finish(), key);
    }
}

impl<S> Layer<S> for CaptureLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_layer(&mut self, subscriber: &mut S) {
        let stack: &dyn Subscriber = subscriber;
        self.is_second = stack.is::<Self>();
    }

    #[inline]
    fn on_new_span(
        &self,
        attributes: &span::Attributes<'_>,
        id: &span::Id,
        context: Context<'_, S>,
    ) {
        if self.is_idle() {
            return;
        }
        let parent = self.parent(attributes.parent(), attributes.is_root(), &context);
        let verdict = self.verdict(attributes.metadata());
        let Some(place) = self.open(attributes, &parent, verdict) else {
            return;
        };
        let told = if place.kept {
            tell::opened(&place)
        } else {
            None
        };
        if let Some(span) = context.span(id) {
            span.extensions_mut().replace(place.clone());
        }
        local::with(|local| local.opened(self.ident(id), place));
        tell::deliver(told);
    }

    #[inline]
    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        if self.is_idle() {
            return;
        }
        let Some(place) = self.place(id, &context).filter(|place| place.kept) else {
            return;
        };
        let parent = Parent::Explicit(place);
        let Some((mut scratch, max_text)) = self.prepare(&parent) else {
            return;
        };
        let Parent::Explicit(place) = parent else {
            return;
        };
        let mut encoder =
            Encoder::new(&mut scratch, &self.rules.redaction, place.secrets, max_text);
        values.record(&mut encoder);
        let told = local::with(|local| {
            let told = local.write_at(&place, |segment, key| {
                segment.push_late(key, &mut scratch).ok()?;
                tell::recorded(segment, &place)
            });
            local.give_scratch(scratch);
            told.flatten()
        });
        tell::deliver(told.flatten());
    }

    fn on_follows_from(&self, id: &span::Id, follows: &span::Id, context: Context<'_, S>) {
        if self.is_idle() {
            return;
        }
        let Some(place) = self.place(id, &context).filter(|place| place.kept) else {
            return;
        };
        let Some(cause) = self.place(follows, &context).filter(|cause| cause.kept) else {
            return;
        };
        if Arc::ptr_eq(&place.home.log, &cause.home.log) {
            local::with(|local| {
                local.write_at(&place, |segment, span| segment.push_link(span, cause.key))
            });
        }
    }

    #[inline]
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if self.is_idle() {
            return;
        }
        let verdict = self.verdict(event.metadata());
        if !verdict.keep && !verdict.marked && !verdict.raw {
            return;
        }
        let parent = self.parent(event.parent(), event.is_root(), &context);
        if verdict.raw {
            self.write_raw(event, &parent);
        } else {
            self.write_event(event, &parent, verdict);
        }
    }

    #[inline]
    fn on_enter(&self, id: &span::Id, context: Context<'_, S>) {
        if self.is_idle() {
            return;
        }
        let ident = self.ident(id);
        if local::with(|local| local.enter_remembered(ident)) == Some(true) {
            return;
        }
        if let Some(place) = place::look_up(id, &context) {
            local::with(|local| local.enter(ident, place));
        }
    }

    #[inline]
    fn on_exit(&self, id: &span::Id, _: Context<'_, S>) {
        if !self.is_second {
            // Also when no capture runs any more: what was entered must be left.
            local::with(|local| local.exit(self.ident(id)));
        }
    }

    #[inline]
    fn on_close(&self, id: span::Id, context: Context<'_, S>) {
        if self.is_idle() {
            return;
        }
        let recalled = local::with(|local| local.recall(self.ident(&id))).flatten();
        let Some(place) = recalled.or_else(|| place::look_up(&id, &context)) else {
            return;
        };
        local::with(|local| local.close(&place, clock::now()));
        if place.kept {
            tell::deliver(tell::closed(&place));
        }
    }
}

impl CaptureLayer {
    #[inline]
    fn parent<S>(
        &self,
        explicit: Option<&span::Id>,
        is_root: bool,
        context: &Context<'_, S>,
    ) -> Parent
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        match explicit {
            Some(id) => self
                .place(id, context)
                .map_or(Parent::Root, Parent::Explicit),
            None if is_root => Parent::Root,
            None => Parent::Current,
        }
    }

    #[inline]
    fn place<S>(&self, id: &span::Id, context: &Context<'_, S>) -> Option<Place>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let known = local::with(|local| local.place_of(self.ident(id))).flatten();
        known.or_else(|| place::look_up(id, context))
    }
}
