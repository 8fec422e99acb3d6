//! Fields that a callsite did not declare, set while its span runs.

use std::sync::Arc;

use tracing::Span;
use tracing_subscriber::{
    Registry,
    registry::{LookupSpan as _, SpanData as _},
};

use crate::{
    layer::CaptureLayer,
    local::{self, Parent, Place},
    log::{encode::encode_dynamic, record::SpanKey, segment::Segment},
    redact::MASK,
    tell,
    value::{Value, ValueRef},
};

/// Names of the fields that this crate's functions set.
pub mod keys {
    /// What a unit of work was given; set by [`set_input`](super::set_input).
    pub const INPUT: &str = "input.value";
    /// What a unit of work returned; set by [`set_output`](super::set_output).
    pub const OUTPUT: &str = "output.value";
    /// The session that a trace belongs to; set by [`set_session_id`](super::set_session_id).
    pub const SESSION_ID: &str = "session.id";
    /// The user on whose behalf work is done; set by [`set_user_id`](super::set_user_id).
    pub const USER_ID: &str = "user.id";
    /// Tags, as a JSON array of strings; set by [`add_tags`](super::add_tags).
    pub const TAGS: &str = "probity.tags";
}

/// Sets a field of the current span, declared or not; what is set last stays.
///
/// Returns whether the value was kept: it is not outside of a capture, directly under a capture
/// without a span, in a span that was not kept, and where a bound of the capture is reached. Where
/// the subscriber filters a span out altogether, tracing never enters it, and the current span is
/// the one around it.
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

/// Sets what the current span was given, as [`keys::INPUT`]; see [`set_attribute`].
pub fn set_input(input: impl Into<Value>) -> bool {
    set_attribute(keys::INPUT, input)
}

/// Sets what the current span returned, as [`keys::OUTPUT`]; see [`set_attribute`].
pub fn set_output(output: impl Into<Value>) -> bool {
    set_attribute(keys::OUTPUT, output)
}

/// Sets the session of the current span, as [`keys::SESSION_ID`]; see [`set_attribute`].
pub fn set_session_id(id: &str) -> bool {
    set_attribute(keys::SESSION_ID, id)
}

/// Sets the user of the current span, as [`keys::USER_ID`]; see [`set_attribute`].
pub fn set_user_id(id: &str) -> bool {
    set_attribute(keys::USER_ID, id)
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

fn current_place() -> Option<Place> {
    local::with(|local| local.current_span()).flatten()
}

fn place_of(span: &Span) -> Option<Place> {
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
fn set<K: AsRef<str>>(place: &Place, attributes: impl IntoIterator<Item = (K, Value)>) -> bool {
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
