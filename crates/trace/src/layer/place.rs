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
