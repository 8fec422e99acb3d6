//! Finds what a span carries in its extensions.

use tracing_core::{Subscriber, span};
use tracing_subscriber::{layer::Context, registry::LookupSpan};

use crate::local::Place;

/// Returns the place of a span, unless it is in no capture or a filter hides it.
pub(super) fn look_up<S>(id: &span::Id, context: &Context<'_, S>) -> Option<Place>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    context.span(id)?.extensions().get::<Place>().cloned()
}

/// Returns the place of a new span's parent, as the registry knows it, or of the nearest ancestor that
/// no filter hides. A filter may have hidden from the layer that a span was entered.
#[cold]
pub(super) fn of_parent<S>(id: &span::Id, context: &Context<'_, S>) -> Option<Place>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    context.span(id)?.parent()?.extensions().get::<Place>().cloned()
}
