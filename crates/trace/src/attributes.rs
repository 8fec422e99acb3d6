//! Fields that a callsite did not declare, set while its span runs.

use std::sync::Arc;

use tracing::{Metadata, Span};
use tracing_subscriber::{
    Registry,
    registry::{LookupSpan as _, SpanData as _},
};

use crate::{
    layer::CaptureLayer,
    local::{self, Parent, Place},
    log::{encode::encode_dynamic, record::SpanKey, segment::Segment},
    redact::MASK,
    switches::Switches,
    tell,
    value::{Value, ValueRef},
};

/// Names of the fields that this crate's functions set.
pub mod keys {
    /// What a unit of work was given; set by [`set_input`](crate::set_input).
    pub const INPUT: &str = "input.value";
    /// What a unit of work returned; set by [`set_output`](crate::set_output).
    pub const OUTPUT: &str = "output.value";
    /// The session that a trace belongs to; set by [`set_session_id`](super::set_session_id).
    pub const SESSION_ID: &str = "session.id";
    /// The user on whose behalf work is done; set by [`set_user_id`](super::set_user_id).
    pub const USER_ID: &str = "user.id";
    /// The project that a trace belongs to; set by [`set_project`](super::set_project).
    pub const PROJECT: &str = "probity.project";
    /// Tags, as a JSON array of strings; set by [`add_tags`](super::add_tags).
    pub const TAGS: &str = "probity.tags";
}

/// Sets a field of the current span, declared or not; what is set last stays.
///
/// Returns whether the value was kept: it is not outside of a capture, directly under a capture
/// without a span, in a span that was not kept, where a bound of the capture is reached, and where
/// [`Switches::monitoring`](crate::Switches::monitoring) is off. Where the subscriber filters a span
/// out altogether, tracing never enters it, and the current span is the one around it.
///
/// # Examples
///
/// ```
/// let collected = probity_trace::capture_sync(|| {
///     tracing::info_span!("search").in_scope(|| probity_trace::set_attribute("hits", 3))
/// });
/// assert!(collected.output);
/// assert!(collected.trace.span("search").unwrap().field("hits").unwrap() == 3);
/// ```
pub fn set_attribute(key: &str, value: impl Into<Value>) -> bool {
    set_current([(key, value.into())])
}

/// Sets several fields of the current span at once; see [`set_attribute`].
pub fn set_attributes<K, V>(attributes: impl IntoIterator<Item = (K, V)>) -> bool
where
    K: AsRef<str>,
    V: Into<Value>,
{
    set_current(attributes.into_iter().map(|(key, value)| (key, value.into())))
}

/// Sets the session of the current span, as [`keys::SESSION_ID`]; see [`set_attribute`].
///
/// Spans below inherit it ([`SpanRef::session_id`](crate::SpanRef::session_id)), and several traces of
/// one session can be put together ([`observe::sessions`](crate::observe::sessions)).
pub fn set_session_id(id: &str) -> bool {
    set_attribute(keys::SESSION_ID, id)
}

/// Sets the user of the current span, as [`keys::USER_ID`]; see [`set_attribute`].
pub fn set_user_id(id: &str) -> bool {
    set_attribute(keys::USER_ID, id)
}

/// Sets the project that the trace of the current span belongs to, as [`keys::PROJECT`]; see
/// [`set_attribute`].
///
/// It says to which of several places a trace is to be sent, and holds for the whole trace:
/// [`TraceSnapshot::projects`](crate::TraceSnapshot::projects) and
/// [`observe::LiveProjects`](crate::observe::LiveProjects) tell it for each root.
pub fn set_project(name: &str) -> bool {
    set_attribute(keys::PROJECT, name)
}

/// Adds tags to those of the current span, as [`keys::TAGS`]; each tag is kept once, in the order of
/// first use. See [`set_attribute`].
pub fn add_tags<T: Into<String>>(tags: impl IntoIterator<Item = T>) -> bool {
    let tags = tags.into_iter().map(Into::into).collect();
    current_place().is_some_and(|place| add_tags_to(&place, tags))
}

/// Sets fields of a given span, declared or not.
///
/// The names differ from those of `OpenTelemetrySpanExt`, so that both traits can be used. It needs
/// a subscriber whose root is [`tracing_subscriber::Registry`], and a capture layer that is not
/// inside of [`tracing_subscriber::reload`]; otherwise nothing is kept, which the return value says.
pub trait CaptureSpanExt {
    /// Sets a field of the span; see [`set_attribute`].
    fn capture_attribute(&self, key: &str, value: impl Into<Value>) -> bool;

    /// Adds tags to those of the span; see [`add_tags`].
    fn capture_tags<T: Into<String>>(&self, tags: impl IntoIterator<Item = T>) -> bool;
}

impl CaptureSpanExt for Span {
    fn capture_attribute(&self, key: &str, value: impl Into<Value>) -> bool {
        place_of(self).is_some_and(|place| set(&place, [(key, value.into())]))
    }

    fn capture_tags<T: Into<String>>(&self, tags: impl IntoIterator<Item = T>) -> bool {
        let tags = tags.into_iter().map(Into::into).collect();
        place_of(self).is_some_and(|place| add_tags_to(&place, tags))
    }
}

/// Returns the place of the current span; none if observing is switched off, since the span of the
/// function that asks was not opened, and another is current.
fn current_place() -> Option<Place> {
    let place = || local::with(|local| local.current_span()).flatten();
    Switches::current().monitoring().then(place)?
}

/// Returns the callsite of the current span, if the span was kept.
pub(crate) fn current_callsite() -> Option<&'static Metadata<'static>> {
    let place = current_place().filter(|place| place.kept)?;
    place.home.log.callsite_of(place.key)
}

/// Notes that the code in the current span has set its output itself.
pub(crate) fn note_own_output() -> bool {
    current_place().is_some_and(|place| place.home.log.note_own_output(place.key))
}

/// Returns whether the code in a span has set the span's output itself.
#[cfg(feature = "macros")]
pub(crate) fn has_own_output(place: &Place) -> bool {
    place.home.log.has_own_output(place.key)
}

/// Returns where a span is in a capture.
pub(crate) fn place_of(span: &Span) -> Option<Place> {
    span.with_subscriber(|(id, dispatch)| {
        dispatch.downcast_ref::<CaptureLayer>()?;
        let data = dispatch.downcast_ref::<Registry>()?.span_data(id)?;
        data.extensions().get::<Place>().cloned()
    })?
}

fn set_current<K: AsRef<str>>(attributes: impl IntoIterator<Item = (K, Value)>) -> bool {
    current_place().is_some_and(|place| set(&place, attributes))
}

/// Sets fields of a span. No code of the user runs once something is borrowed: the attributes are
/// collected first.
pub(crate) fn set<K: AsRef<str>>(
    place: &Place,
    attributes: impl IntoIterator<Item = (K, Value)>,
) -> bool {
    if !may_set(place) {
        return false;
    }
    let attributes: Vec<(K, Value)> = attributes.into_iter().collect();
    let attributes: Vec<(&str, ValueRef<'_>)> =
        attributes.iter().map(|(key, value)| (key.as_ref(), value.as_ref())).collect();
    let told = write_at(place, &attributes);
    let kept = told.is_some();
    tell::deliver(told.flatten());
    kept
}

/// Returns whether the span takes fields; one of an ended capture does not, which is counted.
fn may_set(place: &Place) -> bool {
    let is_done = place.home.log.is_done();
    if is_done {
        place.home.log.count_late();
    }
    place.kept && !is_done
}

/// Writes the fields, and returns what listeners are told; `None` if they were not kept.
fn write_at(place: &Place, attributes: &[(&str, ValueRef<'_>)]) -> Option<tell::Told> {
    let parent = Parent::Explicit(place.clone());
    let told =
        local::with(|local| local.write(&parent, |segment, span| write(segment, span, attributes)));
    told.flatten().flatten()
}

/// Writes the fields, and returns what listeners are told; `None` if they were not kept.
fn write(
    segment: &Arc<Segment>,
    span: SpanKey,
    attributes: &[(&str, ValueRef<'_>)],
) -> Option<tell::Told> {
    let log = &segment.log;
    let redaction = log.redaction();
    let mut scratch = crate::log::scratch::Scratch::default();
    for &(name, value) in attributes {
        let value = if redaction.masks(name, value) { ValueRef::Str(MASK) } else { value };
        let key = segment.intern(name)?;
        encode_dynamic(&mut scratch, key, value, log.limits.max_field_bytes, &redaction);
    }
    segment.push_late(span, &mut scratch).ok()?;
    Some(tell::recorded(segment, span))
}

fn add_tags_to(place: &Place, tags: Vec<String>) -> bool {
    if !may_set(place) {
        return false;
    }
    let told = place.home.log.add_tags(place.key, tags, |all| {
        let text = serde_json::to_string(all).ok()?;
        write_at(place, &[(keys::TAGS, ValueRef::Str(&text))])
    });
    let kept = told.is_some();
    tell::deliver(told.flatten());
    kept
}
