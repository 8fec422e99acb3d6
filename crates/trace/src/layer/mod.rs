//! The layer that writes records of captures.

mod filter;
mod place;
mod write;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tracing_core::{Event, Subscriber, span};
use tracing_subscriber::{Layer, filter::Filtered, layer::Context, registry::LookupSpan};

pub use self::filter::CaptureFilter;

use crate::{
    ids::TraceId,
    local::{self, Ident, LayerNumber, Local, Parent, Place},
    log,
    policy::{CapturePolicy, Rules},
    redact::Redaction,
    tell,
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
    CaptureLayer {
        number: LayerNumber::new(),
        rules: Rules::default(),
        trace_id_source: None,
        is_second: AtomicBool::new(false),
    }
}

/// The layer that captures need; made by [`layer`].
///
/// While no capture runs, it does nothing but look at one counter. It disables nothing for other
/// layers: it answers `never` for no callsite and hints no maximum level.
///
/// It works in every place of the stack, also behind a per-layer filter, which then decides what it
/// sees; boxed, in a `Vec` or an `Option`. Installed twice in one stack, the second one stays
/// silent, at the latest from the first captured span on.
pub struct CaptureLayer {
    number: LayerNumber,
    rules: Rules,
    /// Gives the identifier of the trace that a capture is a part of.
    trace_id_source: Option<TraceIdSource>,
    /// The stack has such a layer already.
    is_second: AtomicBool,
}

type TraceIdSource = Box<dyn Fn() -> Option<TraceId> + Send + Sync>;

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

    /// Puts the layer behind a per-layer filter that hides the events which the policy never keeps.
    ///
    /// An unfiltered layer asks for every event of the program, so that `debug!` events that no one
    /// wants are made and thrown away while no capture runs, for some 15 ns each. Behind this filter
    /// they cost nothing where all other layers of the stack are filtered too. In return each span of
    /// the program costs more, as with every per-layer filter. Spans are not hidden: tasks find their
    /// capture through them.
    pub fn filtered<S>(self) -> Filtered<Self, CaptureFilter, S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let filter = CaptureFilter::new(self.rules.policy.clone());
        self.with_filter(filter)
    }

    /// Sets where captures find the identifier of the trace that they are a part of.
    ///
    /// `source` is called when a capture starts that was not told by
    /// [`continues`](crate::Capture::continues). With `tracing-opentelemetry`, for example, it returns
    /// the trace of the current span, so that a capture and an export have the same identifier:
    /// `TraceId::from_bytes(Span::current().context().span().span_context().trace_id().to_bytes())`.
    /// Where it returns `None`, the identifier is random.
    #[must_use]
    pub fn with_trace_id_source(
        mut self,
        source: impl Fn() -> Option<TraceId> + Send + Sync + 'static,
    ) -> Self {
        self.trace_id_source = Some(Box::new(source));
        self
    }

    pub(crate) fn redaction(&self) -> &Arc<Redaction> {
        &self.rules.redaction
    }

    /// Returns the trace that a capture which starts now is a part of.
    pub(crate) fn ambient_trace_id(&self) -> Option<TraceId> {
        self.trace_id_source.as_ref()?()
    }

    pub(crate) fn with_shared_redaction(mut self, redaction: Arc<Redaction>) -> Self {
        self.rules.redaction = redaction;
        self
    }

    pub(crate) fn ident(&self, id: &span::Id) -> Ident {
        Ident { layer: self.number.get(), id: id.into_u64() }
    }

    #[inline]
    fn is_idle(&self) -> bool {
        !log::any_live() || self.is_second.load(Ordering::Relaxed)
    }
}

impl<S> Layer<S> for CaptureLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_layer(&mut self, subscriber: &mut S) {
        let stack: &dyn Subscriber = subscriber;
        self.is_second = AtomicBool::new(stack.is::<Self>());
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
        let mut parent = self.parent(attributes.parent(), attributes.is_root(), &context);
        let is_lost = match parent {
            Parent::Explicit(_) => false,
            // A filter may hide the explicit parent from this layer.
            Parent::Root => attributes.parent().is_some(),
            Parent::Current => local::with(Local::is_nowhere) == Some(true),
        };
        if is_lost {
            parent = place::of_parent(id, &context).map_or(parent, Parent::Explicit);
        }
        let ident = self.ident(id);
        let Some(place) = self.write_span(attributes, ident, &parent) else { return };
        if let Some(span) = context.span(id) {
            let first = span.extensions_mut().replace(place.clone());
            if let Some(first) = first {
                // Another layer was here before, in a place where this one could not see it.
                self.is_second.store(true, Ordering::Relaxed);
                span.extensions_mut().replace(first);
                return local::with(|local| local.take_back(ident, &place)).unwrap_or_default();
            }
        }
        tell::deliver(if place.kept { tell::opened(&place) } else { None });
    }

    #[inline]
    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        if self.is_idle() {
            return;
        }
        let current = local::with(|local| local.begin_late(self.ident(id)));
        let (late, parent) = if let Some(Some(late)) = current {
            (late, Parent::Current)
        } else {
            let Some(place) = self.place(id, &context) else { return };
            let late = local::with(|local| local.begin_late_at(&place)).flatten();
            (late, Parent::Explicit(place))
        };
        if let Some(late) = late {
            self.write_late(values, &parent, late);
        }
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
        let parent = self.parent(event.parent(), event.is_root(), &context);
        self.write_event(event, &parent);
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
        if !self.is_second.load(Ordering::Relaxed) {
            // Also when no capture runs any more: what was entered must be left.
            local::with(|local| local.exit(self.ident(id)));
        }
    }

    #[inline]
    fn on_close(&self, id: span::Id, context: Context<'_, S>) {
        if self.is_idle() {
            return;
        }
        let ident = self.ident(&id);
        let closed = local::with(|local| local.close_remembered(ident)).flatten();
        let closed = closed.or_else(|| {
            let place = place::look_up(&id, &context)?;
            local::with(|local| local.close_looked_up(ident, &place))?;
            Some(place)
        });
        if let Some(place) = closed.filter(|place| place.kept) {
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
            Some(id) => self.place(id, context).map_or(Parent::Root, Parent::Explicit),
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

impl fmt::Debug for CaptureLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureLayer").field("rules", &self.rules).finish_non_exhaustive()
    }
}
