//! Secrets: masked by name while recording, by shape on the way out, and before anything is cut.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use probity_trace::{
    CaptureLimits, RawPayload, Redaction, SpanNode, TraceDiff, TraceEvent, TraceSnapshot, capture,
    capture_raw, layer,
};
use tracing::{Dispatch, debug, field::Empty, info, info_span, instrument::WithSubscriber as _};
use tracing_subscriber::{layer::SubscriberExt as _, registry};

use crate::{
    stack::with_layer,
    under::{captured, captured_by},
};

const MASK: &str = "[redacted]";

/// The shapes of keys that the documentation lists, none of them real.
const KEYS: &[&str] = &[
    "sk-proj-abcdefghijklmnop1234",
    "sk-ant-api03-abcdefghijklmnop",
    "AKIAIOSFODNN7EXAMPLE",
    "AIzaSyA-0123456789abcdefghijklmnopqrstu",
    "ghp_0123456789abcdefghijABCDEFGHIJ",
    "xoxb-0123456789-abcdef",
    "sk_live_0123456789abcdefgh",
    "hf_abcdefghijklmnopqrstuvwx",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
];

#[test]
fn values_under_secret_names_are_masked_while_they_are_recorded() {
    let trace = captured(|| {
        let span = info_span!(
            "span",
            api_key = "open sesame",
            http.request.header.authorization = "open sesame",
            password = Empty,
            user = "bob"
        );
        span.record("password", "open sesame");
        span.in_scope(|| {
            info!(accessToken = "open sesame", cookie = ?Some("open sesame"), password = 12345, "said");
        });
    });

    let span = trace.span("span").unwrap();
    for key in ["api_key", "http.request.header.authorization", "password"] {
        assert_eq!(span.field(key).unwrap(), MASK, "{key}");
    }
    assert_eq!(span.field("user").unwrap(), "bob");
    let event = trace.event("said").unwrap();
    for key in ["accessToken", "cookie", "password"] {
        assert_eq!(event.field(key).unwrap(), MASK, "{key}");
    }
}

#[test]
fn counts_of_tokens_are_no_secrets() {
    let trace = captured(|| {
        info!(
            gen_ai.usage.input_tokens = 17,
            max_tokens = 100,
            time_to_first_token = 0.25,
            token = 3,
            "said"
        );
    });

    let event = trace.event("said").unwrap();
    assert_eq!(event.field("gen_ai.usage.input_tokens").unwrap(), 17);
    assert_eq!(event.field("max_tokens").unwrap(), 100);
    assert_eq!(event.field("time_to_first_token").unwrap(), 0.25);
    assert_eq!(event.field("token").unwrap(), 3);
}

#[test]
fn a_debug_implementation_under_a_secret_name_is_not_even_asked() {
    let trace = captured(|| {
        info!(password = ?crate::noisy::Noisy(|| panic!("asked for the password")), "said");
    });

    assert_eq!(trace.event("said").unwrap().field("password").unwrap(), MASK);
}

#[test]
fn names_of_the_programs_own_are_masked_too() {
    let redaction = Redaction::new().with_secret_name("ssn");
    let subscriber = Dispatch::new(registry().with(layer().with_redaction(redaction)));
    let trace = captured_by(&subscriber, || info!(user.ssn = "123", session = "456", "said"));

    let event = trace.event("said").unwrap();
    assert_eq!(event.field("user.ssn").unwrap(), MASK);
    assert_eq!(event.field("session").unwrap(), "456");
}

/// All ways by which a trace leaves memory.
fn ways_out(trace: &TraceSnapshot) -> Vec<(&'static str, String)> {
    let span = trace.all_spans().next().unwrap();
    let event = trace.all_events().next().unwrap();
    vec![
        ("Display", trace.to_string()),
        ("Debug", format!("{trace:?}")),
        ("JSON", trace.to_json().unwrap()),
        ("pretty JSON", trace.to_json_pretty().unwrap()),
        ("Debug of a span", format!("{span:?}")),
        ("node of a span", format!("{:?}", span.to_node())),
        ("Debug of an event", format!("{event:?}")),
        ("node of an event", format!("{:?}", event.to_node())),
    ]
}

#[test]
fn keys_of_known_shapes_stay_in_memory_and_are_masked_on_every_way_out() {
    for key in KEYS {
        let trace = captured(|| {
            let span = info_span!("span", text = format!("with {key} inside"), late = Empty);
            span.record("late", format!("also {key}"));
            span.in_scope(|| info!(shown = %key, debug = ?Some(key), "said {key}"));
        });

        let in_memory = trace.span("span").unwrap().field("text").unwrap();
        assert_eq!(in_memory, format!("with {key} inside").as_str());
        for (way, text) in ways_out(&trace) {
            assert!(!text.contains(key), "{way} gives {key} away: {text}");
            assert!(text.contains(MASK), "{way} says nothing of {key}: {text}");
        }
    }
}

#[test]
fn a_diff_gives_no_secret_away() {
    let with = |text: &str| captured(|| info_span!("span", text).in_scope(|| info!("said {text}")));
    for (key, other) in KEYS.iter().zip(&KEYS[1..]) {
        let (before, after) = (with(key), with(other));
        let diff = TraceDiff::between(&before, &after);
        for text in [diff.to_string(), format!("{diff:?}")] {
            assert!(!text.contains(key) && !text.contains(other), "{text}");
        }
    }
}

#[test]
fn listeners_get_no_secrets() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (of_events, of_spans) = (Arc::clone(&heard), Arc::clone(&heard));
    let capture = capture(async {
        for key in KEYS {
            let span = info_span!("span", text = *key, late = Empty, password = "open sesame");
            span.record("late", *key);
            span.in_scope(|| info!("said {key}"));
        }
    });
    let capture = capture
        .listen_events(move |event: TraceEvent| {
            of_events.lock().unwrap().push(format!("{event:?}"));
        })
        .listen_spans(move |span: SpanNode| of_spans.lock().unwrap().push(format!("{span:?}")));
    block_on(capture.with_subscriber(with_layer()));

    let heard = heard.lock().unwrap().concat();
    for secret in KEYS.iter().chain(&["open sesame"]) {
        assert!(!heard.contains(secret), "a listener was told {secret}");
    }
}

#[test]
fn patterns_of_the_programs_own_are_masked_on_the_way_out() {
    let redaction = Redaction::new().with_secret_pattern(r"\bcust-\d+").unwrap();
    let subscriber = Dispatch::new(registry().with(layer().with_redaction(redaction)));
    let trace = captured_by(&subscriber, || info_span!("span").in_scope(|| info!("for cust-42")));

    assert!(trace.has_event_message("for cust-42"));
    for (way, text) in ways_out(&trace) {
        assert!(!text.contains("cust-42"), "{way}: {text}");
    }
}

/// Captures `secret` in texts that are cut at every position within it.
#[track_caller]
fn check_cut(secret: &str, telling: &str) {
    for cut_after in 1..secret.len().min(300) {
        let max = 20 + cut_after;
        let text = format!("{}{secret} and more", "x ".repeat(10));
        let limits = CaptureLimits::default().with_max_field_bytes(u32::try_from(max).unwrap());
        let work = async {
            info_span!("span", text = text.as_str()).in_scope(|| info!(shown = %text, "said"));
        };
        let capture = capture(work).limits(limits);
        let trace = block_on(capture.with_subscriber(with_layer())).trace;

        for (way, printed) in ways_out(&trace) {
            assert!(
                !printed.contains(telling),
                "cut after {cut_after} bytes, {way} gives the secret away: {printed}"
            );
        }
        let kept = trace.span("span").unwrap().field("text").unwrap().as_str().unwrap();
        assert!(kept.len() <= max && !kept.contains(telling), "in memory: {kept}");
    }
}

#[test]
fn a_key_is_masked_before_the_text_is_cut_through_it() {
    check_cut("sk-proj-abcdefghijklmnop1234", "sk-proj-a");
    check_cut("ghp_0123456789abcdefghijABCDEFGHIJ", "ghp_0");
    check_cut("postgres://bob:hunter2-hunter2@db/x", "hunter2");
}

#[test]
fn a_long_token_is_masked_before_the_text_is_cut_through_it() {
    let claims = "eyJzdWIi".to_owned() + &"abcd".repeat(250);
    check_cut(&format!("eyJhbGciOiJIUzI1NiJ9.{claims}.c2lnbmF0dXJl"), "eyJzdWIi");
}

#[test]
fn a_private_key_is_masked_before_the_text_is_cut_through_it() {
    let body = "MIIEvQIBADANBgkqhkiG\n".repeat(80);
    let key = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----");
    check_cut(&key, "MIIEvQ");
}

#[test]
fn a_visible_inner_capture_gives_no_secret_to_the_outer_one() {
    let outer = block_on(
        capture(async {
            let inner = capture(async {
                info_span!("span", password = "open sesame").in_scope(|| info!("said {}", KEYS[0]));
            });
            inner.visible_outside().await
        })
        .with_subscriber(with_layer()),
    );

    let span = outer.trace.span("span").unwrap();
    assert_eq!(span.field("password").unwrap(), MASK);
    for (way, text) in ways_out(&outer.trace) {
        assert!(!text.contains(KEYS[0]), "{way}: {text}");
    }
}

#[test]
fn attributes_set_later_are_masked_as_fields_are() {
    let trace = captured(|| {
        info_span!("span").in_scope(|| {
            assert!(probity_trace::set_attribute("db.password", "open sesame"));
            assert!(probity_trace::set_attribute("text", KEYS[0]));
            info!("said");
        });
    });

    assert_eq!(trace.span("span").unwrap().field("db.password").unwrap(), MASK);
    for (way, text) in ways_out(&trace) {
        assert!(!text.contains(KEYS[0]), "{way}: {text}");
    }
}

#[test]
fn raw_entries_keep_no_authorization() {
    let collected = block_on(
        capture_raw(async {
            let headers = "Authorization: Bearer abcdef\nX-Api-Key: open sesame\nAccept: */*";
            debug!(
                target: "probity::raw",
                kind = "request",
                method = "POST",
                url = "https://bob:hunter2@api.example/v1?x=1",
                headers,
                body = "{}"
            );
            let handle = probity_trace::CaptureHandle::current().unwrap();
            assert!(handle.record_raw(RawPayload::Response {
                status: 200,
                headers: vec![("set-cookie".to_owned(), "open sesame".to_owned())],
                body: None,
            }));
        })
        .with_subscriber(with_layer()),
    );

    let text = format!("{:?}", collected.raw);
    for secret in ["abcdef", "open sesame", "hunter2"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains("*/*"), "the rest stays: {text}");
}
