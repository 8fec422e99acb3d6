//! What a blocking or async function records, with its borrows and its generics.

use std::panic::catch_unwind;

use futures::executor::block_on;
use probity_trace::{SpanRef, capture, capture_sync, observe};
use serde::Serialize;

use crate::support::check;

#[observe]
fn add(first: i64, second: i64) -> i64 {
    first + second
}

#[observe]
async fn greet(name: &str) -> String {
    format!("Hello, {name}!")
}

#[observe]
fn nothing() {}

#[observe]
fn torn((left, right): (u8, u8), [first, ..]: [char; 2], mut list: Vec<u8>, _: u8) -> Vec<u8> {
    list.push(left + right);
    let _ = first;
    list
}

#[observe]
fn shown<T: Serialize + ?Sized, U: Serialize>(value: &T, other: U) -> U {
    let _ = serde_json::to_string(value);
    other
}

#[observe]
async fn early(number: Option<u32>) -> Option<u32> {
    if number? > 3 {
        return Some(0);
    }
    number
}

#[observe(skip_output)]
fn boxed(kind: u8) -> Box<dyn Fn() -> u8 + Send>
where
    u8: Copy,
{
    if kind == 0 {
        return Box::new(|| 0);
    }
    Box::new(move || kind)
}

#[derive(Default)]
struct Shelf {
    items: Vec<String>,
}

impl Shelf {
    #[observe]
    fn put(&mut self, item: String) -> &mut String {
        self.items.push(item);
        self.items.last_mut().unwrap()
    }

    #[observe]
    fn longest<'a>(&'a self, other: &'a str) -> &'a str {
        self.items.iter().map(String::as_str).chain([other]).max_by_key(|item| item.len()).unwrap()
    }

    #[observe]
    async fn count(&mut self, more: &[String]) -> usize {
        self.items.extend_from_slice(more);
        self.items.len()
    }

    #[observe(skip_output)]
    fn take(self) -> Vec<String> {
        self.items
    }
}

#[test]
fn a_blocking_function_records_its_arguments_and_its_output() {
    let collected = capture_sync(|| add(1, 2));
    assert_eq!(collected.output, 3);
    check(
        &collected.trace,
        "add",
        &[
            ("probity.kind", "function"),
            ("input.value", r#"{"first":1,"second":2}"#),
            ("output.value", "3"),
            ("otel.status_code", "-"),
        ],
    );
    let span = collected.trace.span("add").unwrap();
    assert_eq!(span.field("output.value").unwrap().as_i64(), Some(3), "as a number");
    assert!(span.target().ends_with("functions"), "{}", span.target());
}

#[test]
fn an_async_function_records_its_arguments_and_its_output() {
    let collected = block_on(capture(greet("Ada")));
    assert_eq!(collected.output, "Hello, Ada!");
    check(
        &collected.trace,
        "greet",
        &[("input.value", r#"{"name":"Ada"}"#), ("output.value", "Hello, Ada!")],
    );
}

#[test]
fn a_function_without_arguments_and_output_records_neither() {
    let trace = capture_sync(nothing).trace;
    check(&trace, "nothing", &[("input.value", "-"), ("output.value", "-")]);
}

#[test]
fn arguments_that_are_taken_apart_are_recorded_by_the_names_that_they_get() {
    let trace = capture_sync(|| torn((1, 2), ['a', 'b'], vec![7], 0)).trace;
    check(
        &trace,
        "torn",
        &[
            ("input.value", r#"{"left":1,"right":2,"first":"a","list":[7]}"#),
            ("output.value", "[7,3]"),
        ],
    );
}

#[test]
fn generic_and_borrowing_functions_are_observed() {
    let trace = capture_sync(|| {
        assert_eq!(shown("a", 2), 2);
        let mut shelf = Shelf::default();
        shelf.put("vase".to_owned()).push('s');
        assert_eq!(shelf.longest("x"), "vases");
        assert_eq!(block_on(shelf.count(&["rug".to_owned()])), 2);
        assert_eq!(shelf.take(), ["vases", "rug"]);
    })
    .trace;
    check(&trace, "shown", &[("input.value", r#"{"value":"a","other":2}"#)]);
    check(&trace, "put", &[("input.value", r#"{"item":"vase"}"#), ("output.value", "vase")]);
    check(&trace, "longest", &[("output.value", "vases")]);
    check(&trace, "count", &[("input.value", r#"{"more":["rug"]}"#), ("output.value", "2")]);
    check(&trace, "take", &[("output.value", "-")]);
}

#[test]
fn returns_and_question_marks_leave_the_body_and_not_the_span() {
    let trace = capture_sync(|| {
        assert_eq!(block_on(early(Some(4))), Some(0));
        assert_eq!(block_on(early(None)), None);
    })
    .trace;
    let outputs = trace.spans("early").map(|span| span.field("output.value").unwrap().to_string());
    assert_eq!(outputs.collect::<Vec<_>>(), ["0", "null"]);
}

#[test]
fn a_body_becomes_what_the_signature_says() {
    let trace = capture_sync(|| assert_eq!(boxed(0)() + boxed(2)(), 2)).trace;
    assert_eq!(trace.spans("boxed").count(), 2);
}

#[test]
fn calls_within_calls_are_children() {
    #[observe(chain)]
    async fn outer(name: String) -> usize {
        let greeting = greet(&name).await;
        usize::try_from(add(1, greeting.len().try_into().unwrap())).unwrap()
    }
    let trace = block_on(capture(outer("Bo".to_owned()))).trace;
    let outer = trace.span("outer").unwrap();
    let children: Vec<_> = outer.children().map(SpanRef::name).collect();
    assert_eq!(children, ["greet", "add"]);
    check(&trace, "outer", &[("probity.kind", "chain"), ("output.value", "11")]);
}

#[test]
fn the_span_is_current_in_the_body_and_not_after_it() {
    #[observe]
    async fn inner() -> bool {
        futures::future::ready(()).await;
        probity_trace::set_attribute("inside", true)
    }
    let trace = block_on(capture(async {
        assert!(inner().await);
        assert!(!probity_trace::set_attribute("outside", true));
    }))
    .trace;
    check(&trace, "inner", &[("inside", "true")]);
}

macro_rules! make {
    ($name:ident, $argument:ident, $returned:ty) => {
        #[observe]
        fn $name($argument: u8) -> $returned {
            $argument
        }
    };
}
make!(made, argument, u8);

#[test]
fn a_function_that_another_macro_writes_is_observed() {
    let trace = capture_sync(|| made(3)).trace;
    check(&trace, "made", &[("input.value", r#"{"argument":3}"#), ("output.value", "3")]);
}

#[test]
fn attributes_in_the_braces_of_a_function_stay_there() {
    #[observe]
    fn allowed() -> u8 {
        #![allow(unused_variables, reason = "that it may be unused is what is tested")]
        let unused = 3;
        4
    }
    let trace = capture_sync(allowed).trace;
    check(&trace, "allowed", &[("output.value", "4")]);
}

#[test]
fn a_function_that_never_returns_is_observed() {
    #[observe]
    fn give_up(reason: &str) -> ! {
        panic!("{reason}")
    }
    #[observe]
    async fn give_up_later() -> ! {
        futures::future::ready(()).await;
        give_up("later")
    }
    let trace = capture_sync(|| {
        assert!(catch_unwind(|| give_up("now")).is_err());
        assert!(catch_unwind(|| block_on(give_up_later())).is_err());
    })
    .trace;
    check(&trace, "give_up", &[("otel.status_description", "now")]);
    check(&trace, "give_up_later", &[("otel.status_description", "later")]);
}
