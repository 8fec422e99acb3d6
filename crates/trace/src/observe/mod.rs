//! Functions as spans: `#[observe]`, and what belongs to whole traces: sessions and projects.
//!
//! ```
//! # #[cfg(feature = "macros")] {
//! use probity_trace::{capture_sync, observe};
//!
//! #[observe(tool)]
//! fn weather(city: &str) -> Result<u32, String> {
//!     if city == "Oslo" { Ok(18) } else { Err(format!("no station in {city}")) }
//! }
//!
//! #[observe(agent, name = "weather-bot")]
//! fn answer(question: &str) -> String {
//!     match weather("Oslo") {
//!         Ok(degrees) => format!("{degrees} degrees"),
//!         Err(error) => error,
//!     }
//! }
//!
//! let trace = capture_sync(|| answer("Is it warm in Oslo?")).trace;
//! let view = trace.genai();
//! assert_eq!(view.tool_calls()[0].arguments, Some(serde_json::json!({"city": "Oslo"})));
//! assert_eq!(view.tool_calls()[0].result, Some(18.into()));
//! assert_eq!(view.tool_calls()[0].agent.as_deref(), Some("weather-bot"));
//! assert_eq!(view.agents()[0].output[0].content(), "18 degrees");
//! # }
//! ```
//!
//! # What `#[observe]` goes on
//!
//! Functions and methods, also of traits: blocking and async ones, generic ones, those that borrow, those
//! that return `impl Future` or a future in a box (so that methods under `#[async_trait]` work too), and
//! those that return streams. It is refused, with a message, on what is no function, on methods without a
//! body, and on a `const fn`. The macro needs the feature `macros`.
//!
//! # Options
//!
//! | option | what it does |
//! |---|---|
//! | `function` (default), `tool`, `llm`, `agent`, `chain` | the kind of function |
//! | `name = ".."` | the name of the span, the tool or the agent, instead of the function's |
//! | `skip(argument, ..)`, `skip_all` | leaves arguments out |
//! | `redact(argument, ..)` | shows that an argument was there, and not what it was |
//! | `skip_output` | leaves out what the function returns; errors are recorded still |
//! | `skip_error` | leaves out what errors and panics say; their types are recorded still |
//! | `crate = ".."` | the path of this crate, where it is not `::probity_trace` |
//!
//! Arguments and outputs must be [`serde::Serialize`], or be left out; the compiler names the argument
//! otherwise. `self` is never recorded. What is hidden of a name is hidden, too, of the names that bind a part
//! of the same value or the whole of it, as in `whole @ Pair(part, _)`. An error may repeat what was hidden of an
//! argument: `skip_error` is for that. Under `#[async_trait]` an argument that is a pattern has the name
//! `__arg` with its number, so give it a name of its own where it is to be hidden.
//!
//! Users of the facade take `probity::observe`, which needs no `crate`. In a blocking function
//! `#[track_caller]` sees the function itself and not its caller.
//!
//! # What is recorded
//!
//! A span at the level `INFO` with the field `probity.kind`, of the target of the function's module, and:
//!
//! | kind | `gen_ai.operation.name` | given | returned |
//! |---|---|---|---|
//! | `function`, `chain` | | `input.value` | `output.value` |
//! | `tool` | `execute_tool`, with `gen_ai.tool.name` | `gen_ai.tool.call.arguments` | `gen_ai.tool.call.result` |
//! | `agent` | `invoke_agent`, with `gen_ai.agent.name` | `gen_ai.input.messages` | `gen_ai.output.messages` |
//! | `llm` | `chat` | `gen_ai.input.messages` | `gen_ai.output.messages` |
//!
//! - Arguments are a JSON object by their names. What is returned is recorded as it is where it is a text,
//!   a number or a boolean, and as JSON otherwise.
//! - Messages are taken over where an argument or an output is one, or a list of them. Otherwise they are
//!   one message of the user, with the only argument if it is a text and with the JSON object of all
//!   arguments if not, and one of the assistant. What becomes `null` in JSON, as `()` and `None` do, is no
//!   answer.
//! - An `Err` is recorded as `error.type` (the name of the type), `otel.status_code` (`ERROR`) and
//!   `otel.status_description` (its `Display`, or else its `Debug`, if it has one). Whether an output is a `Result` is known
//!   by its type, whatever it is called.
//! - A panic is an error of the type `panic`. It goes on as it came.
//! - A future that is dropped before it is ready, as by a timeout or a `select!`, is an error of the type
//!   `cancelled`.
//! - A stream is collected: its span lasts until it ends or is dropped. Its output is the list of what it
//!   yielded, in order, and of a model or an agent that yields texts the whole text. At most 1 MiB is
//!   kept; `probity.output.dropped_items` counts the rest, and `probity.output.unfinished_after` says how
//!   many items there were before it was dropped.
//!   It is collected where a capture keeps the span, or where a layer has looked at the arguments.
//! - What [`set_input`] and [`set_output`] set in the function replaces what was recorded.
//!
//! A protocol that has keys of its own is served from these: Judgment's `judgment.span_kind` is
//! `probity.kind`, and its `judgment.input` and `judgment.output` are the columns above
//! ([`SpanRef::observed`](crate::SpanRef::observed) gives them for every kind), its
//! `judgment.session_id` and `judgment.customer_id` are `session.id` and `user.id`.
//!
//! # When it is recorded
//!
//! A call begins with the first poll of an async function, and of a function whose body ends with
//! `async move { .. }` or `Box::pin(async move { .. })`, as methods under `#[async_trait]` do; otherwise
//! when the function is called. Arguments and outputs become JSON where a capture keeps the span, or
//! where a layer of the subscriber looks at them, and nowhere else. [`Switches`](crate::Switches) turn
//! the recording off for the process, by the program or by the environment.
//!
//! # Sessions, users and projects
//!
//! [`set_session_id`](crate::set_session_id), [`set_user_id`](crate::set_user_id) and
//! [`set_project`](crate::set_project) name them on the current span. Spans below inherit what they do not
//! name themselves: [`SpanRef::session_id`](crate::SpanRef::session_id) and its kin look it up in the
//! trace, so that spans which other libraries open inherit it too. [`sessions`] takes the traces of each
//! session together; [`TraceSnapshot::projects`](crate::TraceSnapshot::projects) and, while a capture
//! runs, [`LiveProjects`] say where each trace is to go.

#[cfg(feature = "macros")]
mod arguments;
#[cfg(feature = "macros")]
mod call;
mod content;
mod inherited;
mod live_projects;
mod messages;
mod observed;
#[cfg(feature = "macros")]
mod run;
#[cfg(feature = "macros")]
mod said;
mod sessions;
#[cfg(feature = "macros")]
mod stream;

#[cfg(feature = "macros")]
use self::{call::Call, said::Said};
pub use self::{
    content::{set_input, set_output},
    live_projects::{ClosedRoot, LiveProjects},
    observed::Observed,
    sessions::{TraceSession, sessions},
};

/// What the macro names. No part of the API.
#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod __private {
    pub use std::boxed::Box;

    pub use serde::Serialize;
    pub use tracing;

    pub use super::{
        arguments::Arguments,
        call::Call,
        run::{Observing, call, finish, finish_unit, future, future_of, is_on, open},
        said::{
            Message, OfDebugResult, OfNothing, OfOpaqueResult, OfResult, OfValue, Output, Quiet,
            RecordableOutput, Said, ToJson,
        },
        stream::{Collecting, stream, stream_result},
    };

    /// The value of a field that is recorded later.
    pub const EMPTY: tracing::field::Empty = tracing::field::Empty;

    /// Marks the way of an argument that is written as JSON.
    #[derive(Debug)]
    pub struct Json;

    /// Marks the way that no argument goes.
    #[derive(Debug)]
    pub struct No;

    /// Is implemented by nothing.
    pub trait Never {}
}
