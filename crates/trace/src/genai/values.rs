//! Reads single values: texts, counts, times, lists and content.

use std::{borrow::Cow, time::Duration};

use serde_json::Value as Json;

use super::{
    FinishReason,
    aliases::{Form, Key},
    json,
};
use crate::value::{Value, ValueRef};

/// The greatest count that is believed: the greatest that every reader of JSON keeps.
const MAX_COUNT: u64 = 1 << 53;

/// What reading one value gives: a value, nothing, or what is wrong with it.
pub(super) type Outcome<T> = Result<Option<T>, Cow<'static, str>>;

/// Reads a text; what `Debug` wrote of a string or an option is taken for what it stands for.
pub(super) fn text(value: &Value) -> Outcome<String> {
    let text = match value {
        Value::Str(text) => text.clone(),
        Value::Debug(text) => match undebug(text) {
            Some(text) => text,
            None => return Ok(None),
        },
        other => match integer(other) {
            Some(digits) => digits,
            None => return Err(format!("is {}, not a text", kind(other)).into()),
        },
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Returns what `Debug` wrote, without the quotes of a string and the `Some` of an option.
fn undebug(text: &str) -> Option<String> {
    let inner = match text.strip_prefix("Some(").and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => inner,
        None if text == "None" => return None,
        None => text,
    };
    let is_quoted = inner.len() >= 2 && inner.starts_with('"') && inner.ends_with('"');
    let unquoted = if is_quoted { serde_json::from_str(inner).ok() } else { None };
    Some(unquoted.unwrap_or_else(|| inner.to_owned()))
}

fn integer(value: &Value) -> Option<String> {
    match value {
        Value::I64(_) | Value::U64(_) | Value::I128(_) | Value::U128(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Reads a count: a whole number from 0 to 2^53, or its digits.
pub(super) fn count(value: &Value) -> Outcome<u64> {
    let wrong = |what: &str| Err(format!("is {what}, not a count").into());
    let value = match value {
        Value::Str(text) | Value::Debug(text) => match number(text) {
            Some(value) => value,
            None => return wrong("a text"),
        },
        other => other.clone(),
    };
    let count = match value {
        Value::F64(number) if number.fract() == 0.0 => whole(number),
        Value::Bool(_) => return wrong("a boolean"),
        Value::F64(_) => return wrong("no whole number"),
        ref integer => integer.as_ref().as_u64(),
    };
    match count {
        Some(count) if count <= MAX_COUNT => Ok(Some(count)),
        _ if is_negative(&value) => wrong("negative"),
        _ => wrong("greater than 2^53"),
    }
}

/// Reads the digits of a number.
fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    let integer = text.parse().map(Value::I128).ok();
    integer.or_else(|| text.parse().map(Value::F64).ok())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in the range")]
fn whole(number: f64) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let fits = (0.0..=MAX_COUNT as f64).contains(&number);
    fits.then_some(number as u64)
}

fn is_negative(value: &Value) -> bool {
    value.as_ref().as_f64().is_some_and(|number| number < 0.0)
}

/// Reads a duration in seconds or, where the key says so, in milliseconds.
pub(super) fn duration(key: &Key, value: &Value) -> Outcome<Duration> {
    let (units, unit) = match key.form {
        Form::Milliseconds => (1_000.0, "milliseconds"),
        _ => (1.0, "seconds"),
    };
    let value = match value {
        Value::Str(text) | Value::Debug(text) => number(text).unwrap_or_else(|| value.clone()),
        other => other.clone(),
    };
    let Some(number) = value.as_ref().as_f64() else {
        return Err(format!("is {}, not a number of {unit}", kind(&value)).into());
    };
    let seconds = number / units;
    // What cannot be said in nanoseconds of 64 bits, some 584 years, cannot be written either.
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if u64::try_from(duration.as_nanos()).is_ok() => Ok(Some(duration)),
        _ if seconds < 0.0 => Err(format!("is negative, not a number of {unit}").into()),
        _ => Err(format!("is no number of {unit} that a clock could show").into()),
    }
}

/// Reads the reasons for which a model stopped: a list in JSON, or one name.
pub(super) fn finish_reasons(value: &Value) -> Outcome<Vec<FinishReason>> {
    let Some(name) = text(value)? else { return Ok(None) };
    if !name.trim_start().starts_with('[') {
        return Ok(Some(vec![FinishReason::from(name.as_str())]));
    }
    match serde_json::from_str::<Vec<FinishReason>>(&name) {
        Ok(reasons) => Ok(Some(reasons).filter(|reasons| !reasons.is_empty())),
        Err(error) => Err(format!("is no JSON list of texts: {error}").into()),
    }
}

/// Reads content: JSON or, where the key may hold it, a plain text.
pub(super) fn content(key: &Key, value: &Value) -> Outcome<Json> {
    let (Value::Str(text) | Value::Debug(text)) = value else { return other_json(value) };
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = match json::parse(text) {
        // A text that was written as JSON once more, as `Debug` writes it.
        Ok(Json::String(inner)) => json::parse(&inner).or(Ok(Json::String(inner))),
        parsed => parsed,
    };
    match (key.form, parsed) {
        (_, Ok(parsed @ (Json::Array(_) | Json::Object(_)))) => Ok(Some(parsed)),
        // The key is too common to say of anything but a list that it should be one of events.
        (Form::Events, _) if !text.starts_with('[') => Ok(None),
        (_, Err(wrong)) if text.starts_with("[{\"") || text.starts_with("{\"") => Err(wrong.into()),
        (Form::Body, Ok(Json::Null)) => Ok(None),
        (Form::JsonOrText | Form::Body, Ok(Json::String(inner))) => Ok(Some(Json::String(inner))),
        (Form::JsonOrText | Form::Body, _) => Ok(Some(Json::String(text.clone()))),
        (_, Ok(Json::Null)) => Ok(None),
        (_, Ok(_)) => Err("is neither a list nor an object".into()),
        (_, Err(wrong)) => Err(wrong.into()),
    }
}

/// Reads what may be JSON or a text.
pub(super) fn json(value: &Value) -> Outcome<Json> {
    match value {
        Value::Str(text) | Value::Debug(text) => Ok(Some(json::parse_or_text(text.clone()))),
        other => other_json(other),
    }
}

/// Takes a value that is no text for JSON.
pub(super) fn other_json(value: &Value) -> Outcome<Json> {
    match *value {
        Value::Bool(value) => Ok(Some(value.into())),
        Value::I64(value) => Ok(Some(value.into())),
        Value::U64(value) => Ok(Some(value.into())),
        Value::F64(value) if value.is_finite() => Ok(Some(value.into())),
        ref other => Err(format!("is {}, which JSON has not", kind(other)).into()),
    }
}

/// Names the type of a value.
fn kind(value: &Value) -> &'static str {
    match value.as_ref() {
        ValueRef::Bool(_) => "a boolean",
        ValueRef::I64(_) | ValueRef::U64(_) => "an integer",
        ValueRef::I128(_) | ValueRef::U128(_) => "an integer of 128 bits",
        ValueRef::F64(_) => "a floating-point number",
        ValueRef::Str(_) | ValueRef::Debug(_) => "a text",
    }
}
