//! How the kinds of functions record what they were given and what they returned.

use serde::Serialize;
use serde_json::Value as Json;
use tracing::Metadata;
#[cfg(feature = "macros")]
use tracing::Span;

#[cfg(feature = "macros")]
use super::arguments::Arguments;
use super::messages::messages;
use crate::{attributes, keys, switches::Switches, value::Value};

/// The fields of a kind, and how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A function or a chain: JSON under keys of our own.
    Plain,
    /// A tool: the arguments and the result of the GenAI conventions.
    Tool,
    /// An agent or a model: messages of the GenAI conventions.
    Messages,
}

const TOOL_INPUT: &str = "gen_ai.tool.call.arguments";
const TOOL_OUTPUT: &str = "gen_ai.tool.call.result";
const INPUT_MESSAGES: &str = "gen_ai.input.messages";
const OUTPUT_MESSAGES: &str = "gen_ai.output.messages";

impl Form {
    /// Returns the form by which a span records, from what its callsite declares.
    pub(super) fn of(metadata: &Metadata<'_>) -> Self {
        let declares = |key| metadata.fields().field(key).is_some();
        if !declares("probity.kind") {
            Self::Plain
        } else if declares(TOOL_OUTPUT) {
            Self::Tool
        } else if declares(OUTPUT_MESSAGES) {
            Self::Messages
        } else {
            Self::Plain
        }
    }

    /// Returns the form by which functions of a kind record.
    pub(super) fn of_kind(kind: &str) -> Self {
        match kind {
            "tool" => Self::Tool,
            "agent" | "llm" => Self::Messages,
            _ => Self::Plain,
        }
    }

    pub(super) fn input_key(self) -> &'static str {
        match self {
            Self::Plain => keys::INPUT,
            Self::Tool => TOOL_INPUT,
            Self::Messages => INPUT_MESSAGES,
        }
    }

    pub(super) fn output_key(self) -> &'static str {
        match self {
            Self::Plain => keys::OUTPUT,
            Self::Tool => TOOL_OUTPUT,
            Self::Messages => OUTPUT_MESSAGES,
        }
    }

    /// Returns what is recorded of the arguments.
    #[cfg(feature = "macros")]
    pub(super) fn input(self, arguments: Arguments) -> String {
        match (self, arguments.only()) {
            (Self::Messages, Some(only)) if only.starts_with(['"', '[']) => messages(only, "user"),
            (Self::Messages, _) => messages(&arguments.into_object(), "user"),
            _ => arguments.into_object(),
        }
    }

    /// Returns what is recorded of the output.
    #[cfg(feature = "macros")]
    pub(super) fn output(self, json: &str) -> String {
        match self {
            Self::Messages => messages(json, "assistant"),
            Self::Plain | Self::Tool => bare(json),
        }
    }
}

/// Sets what the current span was given; what is set last stays.
///
/// A text is recorded as it is, numbers and booleans as such, and anything else as JSON. The key is
/// [`keys::INPUT`](crate::keys::INPUT), and in functions that are observed as a tool, an agent or a
/// model that of their arguments or messages; see [`observe`](mod@crate::observe). The return value is
/// that of [`set_attribute`](crate::set_attribute).
///
/// # Examples
///
/// ```
/// let trace = probity_trace::capture_sync(|| {
///     tracing::info_span!("search").in_scope(|| probity_trace::set_input("a question"));
/// })
/// .trace;
/// assert!(trace.span("search").unwrap().field("input.value").unwrap() == "a question");
/// ```
pub fn set_input<T: Serialize + ?Sized>(input: &T) -> bool {
    set(input, Form::input_key, "user")
}

/// Sets what the current span returned; see [`set_input`].
///
/// What an observed function returns does not replace what it has set itself.
pub fn set_output<T: Serialize + ?Sized>(output: &T) -> bool {
    set(output, Form::output_key, "assistant") && attributes::note_own_output()
}

fn set<T: Serialize + ?Sized>(value: &T, key: fn(Form) -> &'static str, role: &str) -> bool {
    let switches = Switches::current();
    if !switches.monitoring() || !switches.content() {
        return false;
    }
    let Some(form) = attributes::current_callsite().map(Form::of) else { return false };
    let json = json(value);
    match form {
        Form::Messages => attributes::set_attribute(key(form), messages(&json, role)),
        Form::Plain | Form::Tool => attributes::set_attribute(key(form), plain(&json)),
    }
}

/// Records JSON on a span as the simplest value that says the same.
#[cfg(feature = "macros")]
pub(super) fn record(span: &Span, key: &str, json: &str) {
    match plain(json) {
        Value::Bool(value) => span.record(key, value),
        Value::I64(value) => span.record(key, value),
        Value::U64(value) => span.record(key, value),
        Value::F64(value) => span.record(key, value),
        Value::Str(value) => span.record(key, value.as_str()),
        _ => span,
    };
}

/// Returns the text of a JSON string, and other JSON as it is.
#[cfg(feature = "macros")]
pub(super) fn bare(json: &str) -> String {
    if json.starts_with('"') {
        serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())
    } else {
        json.to_owned()
    }
}

/// Returns JSON as the simplest value that says the same: a text without quotes, a number, a boolean.
fn plain(json: &str) -> Value {
    if json.starts_with(['{', '[', 'n']) {
        return Value::Str(json.to_owned());
    }
    match serde_json::from_str(json) {
        Ok(Json::Bool(value)) => Value::Bool(value),
        Ok(Json::String(text)) => Value::Str(text),
        Ok(Json::Number(number)) => number
            .as_i64()
            .map(Value::I64)
            .or_else(|| number.as_u64().map(Value::U64))
            .or_else(|| number.as_f64().map(Value::F64))
            .unwrap_or_else(|| Value::Str(json.to_owned())),
        _ => Value::Str(json.to_owned()),
    }
}

/// Writes a value as JSON. What has no form in JSON is told in its place.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut text = String::new();
    append_json(&mut text, value);
    text
}

/// Writes a value as JSON behind a text.
pub(super) fn append_json<T: Serialize + ?Sized>(text: &mut String, value: &T) {
    let start = text.len();
    let mut bytes = std::mem::take(text).into_bytes();
    let written = serde_json::to_writer(&mut bytes, value);
    if let Err(error) = written {
        bytes.truncate(start);
        let told = Json::from(format!("not written as JSON: {error}"));
        bytes.extend_from_slice(told.to_string().as_bytes());
    }
    // What was there and what JSON writes is text.
    *text = String::from_utf8(bytes).unwrap_or_default();
}
