//! How errors and panics are recorded.

use std::{
    error::Error,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures::{FutureExt as _, executor::block_on};
use probity_trace::{capture, capture_sync, observe};
use serde::Serialize;

use crate::support::check;

#[derive(Debug)]
struct NotFound(String);

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {}", self.0)
    }
}

impl Error for NotFound {}

#[observe]
fn find(name: &str) -> Result<u32, NotFound> {
    if name == "lamp" { Ok(39) } else { Err(NotFound(name.to_owned())) }
}

type Answer<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[observe]
async fn find_in_alias(name: &str) -> Answer<u32> {
    Ok(find(name)?)
}

#[derive(Debug)]
struct Plain {
    _code: u8,
}

#[observe]
fn only_debug(fail: bool) -> Result<(), Plain> {
    if fail { Err(Plain { _code: 3 }) } else { Ok(()) }
}

struct Opaque;

#[observe(skip_output)]
fn opaque(fail: bool) -> Result<Opaque, String> {
    if fail { Err("no".to_owned()) } else { Ok(Opaque) }
}

#[observe]
fn explode(message: &str) -> u8 {
    assert!(message.is_empty(), "boom: {message}");
    0
}

#[observe]
async fn explode_later() -> u8 {
    futures::future::ready(()).await;
    std::panic::panic_any(7)
}

#[test]
fn a_value_of_a_result_is_the_output_and_an_error_is_an_error() {
    let trace =
        capture_sync(|| (find("lamp").unwrap(), find("rug").unwrap_err().to_string())).trace;
    let [found, missing] = trace.spans("find").collect::<Vec<_>>()[..] else { panic!("two spans") };
    assert_eq!(found.field("output.value").unwrap(), 39);
    assert!(found.field("error.type").is_none());
    assert!(missing.field("output.value").is_none());
    let text = |key: &str| missing.field(key).unwrap().to_string();
    assert!(text("error.type").ends_with("NotFound"), "{}", text("error.type"));
    assert_eq!(text("otel.status_code"), "ERROR");
    assert_eq!(text("otel.status_description"), "there is no rug");
}

#[test]
fn a_result_is_known_by_its_type_whatever_it_is_called() {
    let trace = block_on(capture(find_in_alias("rug"))).trace;
    check(
        &trace,
        "find_in_alias",
        &[("otel.status_description", "there is no rug"), ("output.value", "-")],
    );
}

#[test]
fn an_error_that_cannot_be_shown_is_debugged() {
    let trace = capture_sync(|| only_debug(true).is_err()).trace;
    check(&trace, "only_debug", &[("otel.status_description", "Plain { _code: 3 }")]);
}

#[test]
fn an_error_is_recorded_though_the_output_is_skipped() {
    let trace = capture_sync(|| (opaque(true).is_err(), opaque(false).is_ok())).trace;
    let [failed, done] = trace.spans("opaque").collect::<Vec<_>>()[..] else { panic!("two spans") };
    assert_eq!(failed.field("otel.status_description").unwrap(), "no");
    assert!(done.field("output.value").is_none() && done.field("error.type").is_none());
}

#[test]
fn a_panic_is_recorded_and_goes_on() {
    let collected = capture_sync(|| catch_unwind(|| explode("x")).unwrap_err());
    assert_eq!(collected.output.downcast_ref::<String>().unwrap(), "boom: x");
    check(
        &collected.trace,
        "explode",
        &[
            ("error.type", "panic"),
            ("otel.status_code", "ERROR"),
            ("otel.status_description", "boom: x"),
            ("output.value", "-"),
        ],
    );

    let collected = block_on(capture(AssertUnwindSafe(explode_later()).catch_unwind()));
    assert_eq!(collected.output.unwrap_err().downcast_ref::<i32>(), Some(&7));
    let expected =
        [("error.type", "panic"), ("otel.status_description", "a panic without a message")];
    check(&collected.trace, "explode_later", &expected);
}

#[test]
fn a_panic_is_an_error_in_every_observed_function_that_it_leaves() {
    #[observe(agent)]
    fn outer() -> u8 {
        explode("y")
    }
    let trace = capture_sync(|| catch_unwind(outer).is_err()).trace;
    check(&trace, "outer", &[("otel.status_description", "boom: y")]);
    assert_eq!(trace.genai().agents()[0].error.as_ref().unwrap().error_type, "panic");
}

#[test]
fn an_error_that_can_only_be_serialized_is_an_error() {
    #[derive(Serialize)]
    struct Code(u8);
    #[observe]
    fn coded() -> Result<u8, Code> {
        Err(Code(3))
    }
    #[observe(skip_output)]
    fn coded_quietly() -> Result<Opaque, Code> {
        Err(Code(4))
    }
    let trace = capture_sync(|| {
        assert!(coded().is_err_and(|code| code.0 == 3));
        assert!(coded_quietly().is_err());
    })
    .trace;
    for name in ["coded", "coded_quietly"] {
        let expected = [
            ("output.value", "-"),
            ("otel.status_code", "ERROR"),
            ("otel.status_description", "an error that cannot be shown"),
        ];
        check(&trace, name, &expected);
        assert!(
            trace.span(name).unwrap().field("error.type").unwrap().to_string().ends_with("Code")
        );
    }
}
