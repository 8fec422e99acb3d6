//! What a matcher is.

use std::{fmt, sync::Arc};

use crate::snapshot::SpanOrEvent;

/// A yes-or-no question about a span or event. What it prints is how it is written:
/// `name("chat") & field("tokens", 7)`.
///
/// It can be implemented for types outside of this crate; `&`, `|` and `!` are there for its own, and
/// take any matcher on their right. A closure becomes a matcher through
/// [`span_where`](super::span_where) or [`event_where`](super::event_where).
pub trait Matcher: fmt::Display {
    /// Returns the answer.
    fn matches(&self, item: SpanOrEvent<'_>) -> bool;

    /// Returns the parts that must all match, if it is made of such. A failed assertion says of each
    /// how often it matched.
    fn parts(&self) -> Vec<&dyn Matcher> {
        Vec::new()
    }
}

macro_rules! forward {
    ($($type:ty),*) => {$(
        impl<M: Matcher + ?Sized> Matcher for $type {
            fn matches(&self, item: SpanOrEvent<'_>) -> bool {
                (**self).matches(item)
            }

            fn parts(&self) -> Vec<&dyn Matcher> {
                (**self).parts()
            }
        }
    )*};
}

forward!(&M, Box<M>, Arc<M>);
