//! What the options of `#[observe]` change.

use std::panic::catch_unwind;

use probity_trace::{capture_sync, observe, set_input, set_output};
use serde::Serialize;

use crate::support::check;

struct Connection;

#[observe(name = "look up", skip(connection), redact(pin))]
fn look_up(connection: &Connection, user: &str, pin: Opaque) -> String {
    let _ = (connection, pin);
    format!("{user}'s record")
}

/// Not `Serialize`: what is redacted need not be.
struct Opaque;

#[observe(skip_all)]
fn silent(connection: &Connection, user: &str) -> usize {
    let _ = connection;
    user.len()
}

#[observe(skip_output)]
fn quiet(user: &str) -> Connection {
    let _ = user;
    Connection
}

#[observe(crate = "::probity_trace")]
fn renamed(r#type: u8) -> u8 {
    r#type
}

#[observe]
fn by_hand(question: &str) -> String {
    assert!(set_input(&["asked", question]));
    assert!(set_output(&serde_json::json!({"said": "by hand"})));
    "returned".to_owned()
}

#[observe(tool)]
fn tool_by_hand(question: &str) -> Result<String, String> {
    set_input(question);
    set_output(&3);
    Err("failed after all".to_owned())
}

#[test]
fn arguments_are_skipped_and_redacted_by_name() {
    let trace = capture_sync(|| look_up(&Connection, "Ada", Opaque)).trace;
    check(
        &trace,
        "look up",
        &[
            ("input.value", r#"{"user":"Ada","pin":"[redacted]"}"#),
            ("output.value", "Ada's record"),
        ],
    );
}

#[test]
fn all_arguments_or_the_output_can_be_skipped() {
    let trace = capture_sync(|| (silent(&Connection, "Ada"), quiet("Bo"))).trace;
    check(&trace, "silent", &[("input.value", "-"), ("output.value", "3")]);
    check(&trace, "quiet", &[("input.value", r#"{"user":"Bo"}"#), ("output.value", "-")]);
}

#[test]
fn the_crate_can_be_named_and_raw_names_lose_their_mark() {
    let trace = capture_sync(|| renamed(3)).trace;
    check(&trace, "renamed", &[("input.value", r#"{"type":3}"#)]);
}

#[test]
fn what_is_set_by_hand_is_not_replaced_by_what_is_returned() {
    let trace = capture_sync(|| (by_hand("why"), tool_by_hand("why"))).trace;
    check(
        &trace,
        "by_hand",
        &[("input.value", r#"["asked","why"]"#), ("output.value", r#"{"said":"by hand"}"#)],
    );
    let calls = trace.genai();
    let call = &calls.tool_calls()[0];
    assert_eq!(call.arguments, Some("why".into()));
    assert_eq!(call.result, Some(3.into()));
    assert_eq!(call.error.as_ref().unwrap().message.as_deref(), Some("failed after all"));
}

#[test]
fn secrets_among_the_arguments_are_masked_as_everywhere() {
    #[observe]
    fn login(password: &str, note: &str) -> bool {
        !password.is_empty() && !note.is_empty()
    }
    let trace =
        capture_sync(|| login("hunter2hunter2", "Authorization: Bearer abcdefghijklmnop")).trace;
    let shown = trace.to_string();
    assert!(shown.contains("login"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("abcdefghijklmnop"), "{shown}");
}

#[derive(Clone, Copy, Serialize)]
struct Login {
    user: u8,
    pin: u8,
}

#[test]
fn what_is_hidden_of_a_name_is_hidden_of_the_names_around_it_and_in_it() {
    #[observe(redact(pin))]
    fn part(login @ Login { user, pin }: Login) -> u8 {
        login.user + user + pin
    }
    #[observe(redact(login))]
    fn whole(login @ Login { user, pin }: Login, other: u8) -> u8 {
        login.user + user + pin + other
    }
    #[observe(skip(pin))]
    fn left_out(login @ Login { user, pin }: Login) -> u8 {
        login.user + user + pin
    }
    let login = Login { user: 1, pin: 99 };
    let trace = capture_sync(|| (part(login), whole(login, 3), left_out(login))).trace;
    let masked = r#"{"login":"[redacted]","user":1,"pin":"[redacted]"}"#;
    check(&trace, "part", &[("input.value", masked)]);
    let masked = r#"{"login":"[redacted]","user":"[redacted]","pin":"[redacted]","other":3}"#;
    check(&trace, "whole", &[("input.value", masked)]);
    check(&trace, "left_out", &[("input.value", r#"{"user":1}"#)]);
}

#[test]
fn what_errors_and_panics_say_can_be_skipped() {
    #[observe(redact(pin), skip_error)]
    fn refuse(pin: &str) -> Result<(), String> {
        Err(format!("wrong pin {pin}"))
    }
    #[observe(skip_all, skip_error)]
    fn explode(pin: &str) {
        panic!("wrong pin {pin}")
    }
    let trace = capture_sync(|| {
        assert!(refuse("4711").is_err());
        assert!(catch_unwind(|| explode("4711")).is_err());
    })
    .trace;
    assert!(!trace.to_string().contains("4711"), "{trace}");
    let refused = [("error.type", "alloc::string::String"), ("otel.status_code", "ERROR")];
    check(&trace, "refuse", &refused);
    check(&trace, "explode", &[("error.type", "panic"), ("otel.status_code", "ERROR")]);
}
