//! What spans and events say of themselves.

use std::fmt;

use probity_trace::ValueRef;
use tracing::{Level, field::Empty, info, info_span, span};

use crate::{
    stack::with_layer,
    under::{captured, captured_by},
};

#[test]
fn values_keep_their_types() {
    let trace = captured(|| {
        info!(
            flag = true,
            signed = -1_i64,
            unsigned = u64::MAX,
            wide = i128::MIN,
            wide_unsigned = u128::MAX,
            float = 0.1,
            text = "text",
            debug = ?Some(1),
            display = %"shown",
            "said {}", 7
        );
    });

    let event = trace.event("said 7").unwrap();
    let field = |key| event.field(key).unwrap();
    assert!(matches!(field("flag"), ValueRef::Bool(true)));
    assert!(matches!(field("signed"), ValueRef::I64(-1)));
    assert!(matches!(field("unsigned"), ValueRef::U64(u64::MAX)));
    assert!(matches!(field("wide"), ValueRef::I128(i128::MIN)));
    assert!(matches!(field("wide_unsigned"), ValueRef::U128(u128::MAX)));
    assert!(matches!(field("float"), ValueRef::F64(value) if value.to_bits() == 0.1_f64.to_bits()));
    assert!(matches!(field("text"), ValueRef::Str("text")));
    assert!(matches!(field("debug"), ValueRef::Debug("Some(1)")));
    assert!(matches!(field("display"), ValueRef::Debug("shown")));
}

#[test]
fn the_value_that_was_recorded_last_counts() {
    let trace = captured(|| {
        let span = span!(Level::INFO, "span", value = 1, late = Empty);
        span.record("value", 2);
        span.record("late", "first");
        span.record("value", 3);
        span.record("late", "second");
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.field("value").unwrap(), 3);
    assert_eq!(span.field("late").unwrap(), "second");
    let fields: Vec<_> = span.fields().map(|f| (f.key(), f.value().to_string())).collect();
    assert_eq!(fields, [("value", "3".to_owned()), ("late", "second".to_owned())]);
}

#[test]
fn a_value_that_never_came_is_no_field() {
    let trace = captured(|| drop(info_span!("span", late = Empty)));

    let span = trace.span("span").unwrap();
    assert!(span.field("late").is_none());
    assert_eq!(span.fields().count(), 0);
}

#[test]
fn a_record_under_a_key_that_was_not_declared_is_ignored() {
    let trace = captured(|| {
        let span = info_span!("span", declared = 1);
        span.record("undeclared", 2);
        span.record("declared", 3);
    });

    let span = trace.span("span").unwrap();
    assert!(span.field("undeclared").is_none());
    assert_eq!(span.field("declared").unwrap(), 3);
    assert!(trace.dropped().is_empty());
}

#[test]
fn a_record_through_the_identifier_of_a_closed_span_is_ignored() {
    let subscriber = with_layer();
    let trace = captured_by(&subscriber, || {
        let span = info_span!("closed", value = 1);
        let (id, fields) = (span.id().unwrap(), span.metadata().unwrap().fields());
        drop(span);
        let open = info_span!("open", value = 2);
        let field = fields.field("value").unwrap();
        let values = [(&field, Some(&3 as &dyn tracing::Value))];
        subscriber.record(&id, &span::Record::new(&fields.value_set(&values)));
        open.in_scope(|| info!("still here"));
    });

    assert_eq!(trace.span("closed").unwrap().field("value").unwrap(), 1);
    assert_eq!(trace.span("open").unwrap().field("value").unwrap(), 2);
    assert!(trace.has_event_message("still here"));
}

#[test]
fn a_thousand_events_on_one_span_are_a_thousand_events() {
    let trace = captured(|| {
        info_span!("span").in_scope(|| (0..1_000).for_each(|n| info!(n, "counted")));
    });

    let events: Vec<_> = trace.span("span").unwrap().events().collect();
    assert_eq!(events.len(), 1_000);
    assert!(events.iter().zip(0..).all(|(event, n): (_, u64)| event.field("n").unwrap() == n));
    assert!(trace.dropped().is_empty());
}

#[test]
fn a_thousand_values_of_one_field_leave_the_last() {
    let trace = captured(|| {
        let span = info_span!("span", n = Empty, other = 1);
        for n in 0..1_000 {
            span.record("n", n);
        }
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.field("n").unwrap(), 999);
    assert_eq!(span.fields().count(), 2);
}

#[test]
fn a_debug_implementation_that_fails_leaves_what_it_wrote() {
    struct Fails;
    impl fmt::Debug for Fails {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half")?;
            Err(fmt::Error)
        }
    }

    let trace = captured(|| info!(value = ?Fails, other = 1, "said"));

    let event = trace.event("said").unwrap();
    assert_eq!(event.field("value").unwrap(), "half");
    assert_eq!(event.field("other").unwrap(), 1);
}
