//! What holds for every trace, and for every text that claims to be one.

use std::time::{Duration, UNIX_EPOCH};

use probity_trace::{
    Redacted, TraceDiff, TraceSnapshot, Value,
    matcher::{self, ancestor, name, parent},
    testing::TraceBuilder,
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngSeed},
};
use tracing::Level;

use crate::sample::sample;

/// The same cases in every run.
fn seeded() -> Config {
    Config { rng_seed: RngSeed::Fixed(2_026), failure_persistence: None, ..Config::default() }
}

/// One call of a builder.
#[derive(Debug, Clone)]
enum Call {
    Open(String),
    Close,
    Event(String),
    Field(String, Value),
    Cut,
    Level(Level),
    Target(String),
    Name(String),
    Source(String, u32),
    Follows(String),
    Wait(Duration),
    Lasts(Duration),
    Busy(Duration),
}

impl Call {
    fn apply(self, builder: TraceBuilder) -> TraceBuilder {
        match self {
            Self::Open(name) => builder.open(&name),
            Self::Close => builder.close(),
            Self::Event(message) => builder.event(&message),
            Self::Field(key, value) => builder.field(&key, value),
            Self::Cut => builder.cut(),
            Self::Level(level) => builder.level(level),
            Self::Target(target) => builder.target(&target),
            Self::Name(name) => builder.name(&name),
            Self::Source(file, line) => builder.source(&file, line),
            Self::Follows(name) => builder.follows_from(&name),
            Self::Wait(time) => builder.wait(time),
            Self::Lasts(time) => builder.lasts(time),
            Self::Busy(time) => builder.busy(time),
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::I64),
        any::<u64>().prop_map(Value::U64),
        any::<i128>().prop_map(Value::I128),
        any::<u128>().prop_map(Value::U128),
        any::<u64>().prop_map(|bits| Value::F64(f64::from_bits(bits))),
        any::<String>().prop_map(Value::Str),
        any::<String>().prop_map(Value::Debug),
        (500_usize..600).prop_map(|length| Value::Str("é".repeat(length))),
    ]
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(vec![Level::TRACE, Level::DEBUG, Level::INFO, Level::WARN, Level::ERROR])
}

/// Few, so that spans have namesakes.
fn short() -> impl Strategy<Value = String> {
    "[abc]{1,2}|message|\\PC{0,5}"
}

fn time() -> impl Strategy<Value = Duration> {
    any::<u64>().prop_map(Duration::from_nanos)
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        4 => short().prop_map(Call::Open),
        3 => Just(Call::Close),
        2 => short().prop_map(Call::Event),
        3 => (short(), value()).prop_map(|(key, value)| Call::Field(key, value)),
        1 => Just(Call::Cut),
        1 => level().prop_map(Call::Level),
        1 => short().prop_map(Call::Target),
        1 => short().prop_map(Call::Name),
        1 => (short(), any::<u32>()).prop_map(|(file, line)| Call::Source(file, line)),
        1 => short().prop_map(Call::Follows),
        1 => time().prop_map(Call::Wait),
        1 => time().prop_map(Call::Lasts),
        1 => time().prop_map(Call::Busy),
    ]
}

prop_compose! {
    fn trace()(start in any::<u64>(), calls in vec(call(), 0..40)) -> TraceSnapshot {
        let start = UNIX_EPOCH + Duration::from_nanos(start);
        let builder = TraceBuilder::new().started_at(start);
        calls.into_iter().fold(builder, |builder, call| call.apply(builder)).build()
    }
}

/// Uses a trace in every way; nothing of this may panic, and some of it must hold.
fn use_up(trace: &TraceSnapshot, other: &TraceSnapshot) {
    let lines = trace.to_tree(Redacted::new()).lines().count();
    assert!(lines >= trace.len() + trace.all_events().len(), "{lines} lines");
    assert!(trace.to_string().lines().count() >= lines);
    let (same, also_same) = (trace == other, other == trace);
    assert_eq!(same, also_same);
    assert!(TraceDiff::between(trace, trace).is_empty());
    let (there, back) = (TraceDiff::between(trace, other), TraceDiff::between(other, trace));
    assert_eq!(there.is_empty(), back.is_empty());
    assert!(there.to_string().lines().count() >= usize::from(!there.is_empty()));
    let below = trace.roots().map(|root| 1 + root.descendants().count());
    assert_eq!(below.sum::<usize>(), trace.len());
    let found =
        trace.find_all(parent(matcher::any()) | name("a") | !ancestor(matcher::any())).count();
    assert_eq!(found, trace.len());
    for span in trace.all_spans() {
        assert!(span.ancestors().count() <= span.position());
        assert_eq!(span.to_node().id, span.id());
        let _ = (span.siblings().count(), span.follows_from().count(), span.idle());
    }
    let _ = format!("{trace:?}");
}

#[track_caller]
fn round_trip(trace: &TraceSnapshot) {
    let json = trace.to_json().expect("JSON");
    let back = TraceSnapshot::from_json(&json).expect("a trace");
    assert_eq!(&back, trace);
    assert_eq!(back.to_json().expect("JSON"), json);
    assert_eq!(back.to_string(), trace.to_string());
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn whatever_is_built_comes_back_from_json(trace in trace()) {
        round_trip(&trace);
    }

    #[test]
    fn whatever_is_built_can_be_used(trace in trace(), other in trace()) {
        use_up(&trace, &other);
        use_up(&trace, &sample());
    }

    #[test]
    fn what_a_change_says_is_so(before in trace(), after in trace()) {
        let diff = TraceDiff::between(&before, &after);
        for change in diff.changes() {
            prop_assert!(change.before().is_none_or(|item| std::ptr::eq(item.trace(), &raw const before)));
            prop_assert!(change.after().is_none_or(|item| std::ptr::eq(item.trace(), &raw const after)));
        }
        let names = |trace: &TraceSnapshot| trace.all_spans().map(|span| span.name().to_owned()).collect::<Vec<_>>();
        prop_assert!(!diff.is_empty() || before.len() == after.len());
        prop_assert!(!diff.is_empty() || names(&before) == names(&after));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(trace) = serde_json::from_slice::<TraceSnapshot>(&bytes) {
            use_up(&trace, &sample());
        }
    }

    #[test]
    fn a_spoiled_trace_is_read_or_refused(
        trace in trace(),
        edits in vec((any::<prop::sample::Index>(), "[\\[\\]{}:,\"0-9a-z.-]{0,3}", 0_usize..6), 1..4),
    ) {
        let mut json = trace.to_json().expect("JSON");
        for (place, text, length) in edits {
            let start = json.floor_char_boundary(place.index(json.len()));
            let end = json.ceil_char_boundary((start + length).min(json.len()));
            json.replace_range(start..end, &text);
        }
        if let Ok(read) = TraceSnapshot::from_json(&json) {
            use_up(&read, &trace);
            let again = TraceSnapshot::from_json(&read.to_json().expect("JSON"));
            prop_assert_eq!(again, Ok(read));
        }
    }

    /// Keeps the form and changes what is said, which gets past the parser more often.
    #[test]
    fn a_trace_of_other_numbers_is_read_or_refused(
        trace in trace(),
        edits in vec((any::<prop::sample::Index>(), any::<u64>()), 1..6),
    ) {
        let mut json = serde_json::to_value(&trace).expect("JSON");
        for (place, number) in edits {
            change(&mut json, place, number);
        }
        if let Ok(read) = serde_json::from_value::<TraceSnapshot>(json) {
            use_up(&read, &trace);
            round_trip(&read);
        }
    }
}

/// Changes one of the numbers, times and identifiers of a trace.
fn change(json: &mut serde_json::Value, place: prop::sample::Index, number: u64) {
    let ids: Vec<_> = ["spans", "events"]
        .into_iter()
        .flat_map(|list| json[list].as_array().cloned().unwrap_or_default())
        .filter_map(|item| item.get("id").cloned())
        .collect();
    let list = if number.is_multiple_of(3) { "events" } else { "spans" };
    let items = json[list].as_array_mut().expect("a list");
    if items.is_empty() {
        return;
    }
    let at = place.index(items.len());
    let time = (number >> (number % 64)).to_string();
    match number % 7 {
        0 => items[at]["start_unix_nano"] = time.into(),
        1 => items[at]["unix_nano"] = time.into(),
        2 => items[at]["duration_ns"] = (number >> (number % 64)).into(),
        3 if !ids.is_empty() => items[at]["parent"] = ids[place.index(ids.len())].clone(),
        4 if !ids.is_empty() => items[at]["span"] = ids[place.index(ids.len())].clone(),
        5 if !ids.is_empty() => {
            items[at]["follows_from"] = serde_json::json!([ids[place.index(ids.len())]]);
        }
        _ => items.rotate_left(at),
    }
}
