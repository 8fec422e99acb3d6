//! Makes traces of spans in the JSON of OTLP, as a receiver would.

use std::{collections::BTreeMap, path::PathBuf};

use probity_trace::{TraceSnapshot, testing::TraceBuilder};
use serde_json::{Map, Value, json};

/// A span as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Raw {
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) name: String,
    pub(crate) started: u64,
    pub(crate) ended: u64,
    pub(crate) attributes: Map<String, Value>,
    /// Names, times and attributes.
    pub(crate) events: Vec<(String, u64, Map<String, Value>)>,
    pub(crate) status: Option<(String, Option<String>)>,
}

/// Reads a fixture of the recorded traffic; `None`, told on the output, where it is not there.
pub(crate) fn fixture(name: &str) -> Option<Value> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("PROBITY_SHARED").map(PathBuf::from);
    let path = shared.unwrap_or_else(|| root.join("../shared")).join("data/protocol-fixtures");
    let Ok(text) = std::fs::read_to_string(path.join(name)) else {
        println!("skipped: {name} is not in {}", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).expect("a fixture in JSON"))
}

/// Returns the traces of everything that a fixture sent, in the order in which they began.
pub(crate) fn traces(fixture: &Value) -> Vec<TraceSnapshot> {
    let mut traces: BTreeMap<String, Vec<Raw>> = BTreeMap::new();
    for (trace, span) in spans(fixture) {
        traces.entry(trace).or_default().push(span);
    }
    let mut traces: Vec<Vec<Raw>> = traces.into_values().collect();
    traces.sort_by_key(|spans| spans.iter().map(|span| span.started).min());
    traces.into_iter().map(snapshot).collect()
}

/// Returns the spans that a fixture sent, with the identifiers of their traces. Of a span that was sent
/// several times the last counts.
pub(crate) fn spans(fixture: &Value) -> Vec<(String, Raw)> {
    let mut found: BTreeMap<(String, String), Raw> = BTreeMap::new();
    let requests = fixture["requests"].as_array().expect("requests");
    for resource in requests.iter().flat_map(|request| list(&request["body"]["resourceSpans"])) {
        for span in list(&resource["scopeSpans"]).flat_map(|scope| list(&scope["spans"])) {
            found.insert((text(&span["traceId"]), text(&span["spanId"])), raw(span));
        }
    }
    found.into_iter().map(|((trace, _), span)| (trace, span)).collect()
}

/// Makes a trace of spans in any order.
pub(crate) fn snapshot(mut spans: Vec<Raw>) -> TraceSnapshot {
    put_parents_first(&mut spans);
    let start = spans.first().map_or(0, |span| span.started);
    let end = spans.iter().map(|span| span.ended).max().unwrap_or(start);
    let mut trace = serde_json::to_value(TraceBuilder::new().build()).expect("a trace");
    trace["duration_ns"] = (end - start).into();
    let known: Vec<&str> = spans.iter().map(|span| span.id.as_str()).collect();
    let of = |span: &Raw| {
        let parent = span.parent.as_deref().filter(|parent| known.contains(parent));
        let mut json = json!({
            "id": span.id, "name": span.name, "target": "otlp", "level": "INFO",
            "start_unix_nano": span.started.to_string(), "duration_ns": span.ended.saturating_sub(span.started),
            "fields": fields(&span.attributes),
        });
        if let Some(parent) = parent {
            json["parent"] = parent.into();
        }
        let list = json["fields"].as_array_mut().expect("a list");
        if let Some((code, message)) = &span.status {
            list.push(json!({"key": "otel.status_code", "value": code}));
            let description = |message| json!({"key": "otel.status_description", "value": message});
            list.extend(message.iter().map(description));
        }
        json
    };
    let events = spans.iter().flat_map(|span| {
        span.events.iter().map(move |(name, at, attributes)| {
            json!({"span": span.id, "name": name, "target": "otlp", "level": "INFO",
                   "unix_nano": at.to_string(), "fields": fields(attributes)})
        })
    });
    let events: Vec<Value> = events.collect();
    trace["start_unix_nano"] = start.to_string().into();
    trace["spans"] = spans.iter().map(of).collect();
    trace["events"] = events.into();
    TraceSnapshot::from_json(&trace.to_string()).expect("a trace")
}

/// Orders spans by their time. Clocks of milliseconds let some begin before the span around them.
fn put_parents_first(spans: &mut Vec<Raw>) {
    let mut placed: Vec<Raw> = Vec::new();
    spans.sort_by_key(|span| span.started);
    while !spans.is_empty() {
        let waits = |span: &Raw| spans.iter().any(|other| Some(&other.id) == span.parent.as_ref());
        let next = spans.iter().position(|span| !waits(span)).expect("a span around others");
        let mut next = spans.remove(next);
        let parent = placed.iter().find(|span| Some(&span.id) == next.parent.as_ref());
        next.started = next.started.max(parent.map_or(0, |parent| parent.started));
        placed.push(next);
    }
    *spans = placed;
}

fn raw(span: &Value) -> Raw {
    let code = match &span["status"]["code"] {
        Value::String(code) => code.trim_start_matches("STATUS_CODE_").to_ascii_lowercase(),
        code if *code == 2 => "error".to_owned(),
        code if *code == 1 => "ok".to_owned(),
        _ => "unset".to_owned(),
    };
    let event = |event: &Value| {
        (text(&event["name"]), nanos(&event["timeUnixNano"]), attributes(&event["attributes"]))
    };
    Raw {
        id: text(&span["spanId"]),
        parent: span["parentSpanId"].as_str().filter(|id| !id.is_empty()).map(str::to_owned),
        name: text(&span["name"]),
        started: nanos(&span["startTimeUnixNano"]),
        ended: nanos(&span["endTimeUnixNano"]),
        attributes: attributes(&span["attributes"]),
        events: list(&span["events"]).map(event).collect(),
        status: Some((code, span["status"]["message"].as_str().map(str::to_owned))),
    }
}

fn attributes(list_of: &Value) -> Map<String, Value> {
    list(list_of).map(|entry| (text(&entry["key"]), value(&entry["value"]))).collect()
}

/// Returns what an attribute holds as plain JSON.
fn value(any: &Value) -> Value {
    let Some((kind, value)) = any.as_object().and_then(|any| any.iter().next()) else {
        return Value::Null;
    };
    match kind.as_str() {
        "intValue" => value
            .as_str()
            .map_or(value.clone(), |digits| digits.parse::<i64>().map_or(Value::Null, Value::from)),
        "arrayValue" => list(&value["values"]).map(self::value).collect(),
        _ => value.clone(),
    }
}

/// Makes fields of attributes: lists as JSON, as the fields of spans cannot be lists.
fn fields(attributes: &Map<String, Value>) -> Vec<Value> {
    let field = |(key, value): (&String, &Value)| {
        let value = match value {
            Value::Number(number) if number.is_f64() => json!({"f64": number}),
            Value::Number(number) => json!({"i64": number}),
            Value::Array(_) | Value::Object(_) => json!(value.to_string()),
            plain => plain.clone(),
        };
        json!({"key": key, "value": value})
    };
    attributes.iter().filter(|(_, value)| !value.is_null()).map(field).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn nanos(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).expect("a time")
}
