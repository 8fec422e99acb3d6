//! Yes-or-no questions about spans and events, which say what they ask.
//!
//! A [`Matcher`] is made by one of the functions here and combined with `&`, `|` and `!`.
//! [`TraceSnapshot::find_all`](crate::TraceSnapshot::find_all) and
//! [`TraceSnapshot::events_matching`](crate::TraceSnapshot::events_matching) search with it; a [`Scan`]
//! asserts with it, and a failed assertion shows the matcher, what each part of it matched, and the
//! tree.
//!
//! ```
//! use probity_trace::{
//!     matcher::{ancestor, field, name},
//!     testing::TraceBuilder,
//! };
//!
//! let trace = TraceBuilder::new()
//!     .span("agent", |agent| {
//!         agent.span("chat", |chat| chat.field("gen_ai.request.model", "x"))
//!     })
//!     .build();
//! let asked = name("chat") & field("gen_ai.request.model", "x");
//! let chat = trace.scan_spans().single(asked & ancestor(name("agent")));
//! assert_eq!(chat.parent().expect("a parent").name(), "agent");
//! ```

mod ancestor;
mod any;
mod closure;
mod field;
mod find;
mod has_field;
mod level;
mod message;
mod name;
mod ops;
mod parent;
mod question;
mod scan;
mod target;
mod unmatched;

pub use self::{
    ancestor::{Ancestor, ancestor},
    any::{Any, any},
    closure::{EventWhere, SpanWhere, event_where, span_where},
    field::{Field, field},
    has_field::{HasField, has_field},
    level::{IsLevel, level},
    message::{Message, message},
    name::{Name, name},
    ops::{And, Not, Or},
    parent::{Parent, parent},
    question::Matcher,
    scan::Scan,
    target::{Target, target},
    unmatched::Unmatched,
};
