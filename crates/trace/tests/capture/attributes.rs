//! Fields that are set while a span runs, declared or not.

use std::thread;

use probity_trace::{
    CaptureHandle, CaptureSpanExt as _, add_tags, capture_sync, set_attribute, set_attributes,
    set_input, set_output, set_session_id, set_user_id,
};
use tracing::{dispatcher, info_span};

use crate::{stack::with_layer, under::captured};

#[test]
fn the_current_span_gets_fields_that_it_did_not_declare() {
    let trace = captured(|| {
        let _top = info_span!("top", declared = 1).entered();
        info_span!("span", declared = 1).in_scope(|| {
            assert!(set_attribute("declared", 2));
            assert!(set_attribute("hits", 3_u64));
            assert!(set_attributes([("flag", true), ("other", false)]));
            assert!(set_input("question"));
            assert!(set_output("answer"));
            assert!(set_session_id("s"));
            assert!(set_user_id("u"));
            assert!(add_tags(["a", "b"]));
            assert!(add_tags(["b", "c"]));
        });
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.field("declared").unwrap(), 2);
    assert_eq!(span.field("hits").unwrap(), 3);
    assert_eq!(span.field("flag").unwrap(), true);
    assert_eq!(span.field("input.value").unwrap(), "question");
    assert_eq!(span.field("output.value").unwrap(), "answer");
    assert_eq!(span.field("session.id").unwrap(), "s");
    assert_eq!(span.field("user.id").unwrap(), "u");
    assert_eq!(span.field("probity.tags").unwrap(), r#"["a","b","c"]"#);
    assert_eq!(trace.span("top").unwrap().fields().count(), 1);
}

#[test]
fn what_is_set_last_stays_whichever_way_it_was_set() {
    let trace = captured(|| {
        let span = info_span!("span", value = 1);
        span.in_scope(|| set_attribute("value", 2));
        span.record("value", 3);
        span.in_scope(|| set_attribute("value", 4));
        assert!(span.capture_attribute("value", 5));
        assert!(span.capture_tags(["a"]));
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.field("value").unwrap(), 5);
    assert_eq!(span.fields().filter(|field| field.key() == "value").count(), 1);
}

#[test]
fn an_attribute_that_is_not_kept_is_said_not_to_be() {
    assert!(!set_attribute("key", 1), "outside of captures");
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        info_span!("outside").in_scope(|| assert!(!set_attribute("key", 1)));
        let ended = capture_sync(|| {
            assert!(!set_attribute("key", 1), "directly under the capture");
            let hidden = info_span!("hidden", probity.capture = false);
            hidden.in_scope(|| assert!(!set_attribute("key", 1), "in a span that is not kept"));
            assert!(!hidden.capture_attribute("key", 1));
            info_span!("left open")
        });
        let left_open = ended.output;
        left_open.in_scope(|| assert!(!set_attribute("key", 1), "after the end"));
        assert!(!left_open.capture_attribute("key", 1));
        assert!(!left_open.capture_tags(["a"]));
        assert_eq!(ended.trace.span("left open").unwrap().fields().count(), 0);
    });
}

#[test]
fn attributes_come_from_every_thread() {
    let trace = captured(|| {
        let span = info_span!("span");
        let handle = span.in_scope(|| CaptureHandle::current().unwrap());
        let work = move || handle.in_scope(|| assert!(set_attribute("elsewhere", 1)));
        thread::spawn(work).join().unwrap();
        let other = span.clone();
        let work = move || assert!(other.capture_attribute("by handle", 2));
        thread::spawn(work).join().unwrap();
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.field("elsewhere").unwrap(), 1);
    assert_eq!(span.field("by handle").unwrap(), 2);
}
