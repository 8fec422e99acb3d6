//! Options that are not there, or not written so.

use probity_trace::observe;

#[observe(tol)]
fn misspelled() {}

#[observe(kind = "agent")]
fn as_elsewhere() {}

#[observe(tool, llm)]
fn of_two_kinds() {}

#[observe(name = 3)]
fn named_by_a_number() {}

#[observe(name = "")]
fn named_by_nothing() {}

#[observe(name = "a", name = "b")]
fn named_twice() {}

#[observe("tool")]
fn in_quotes() {}

#[observe(skip)]
fn skipping_nothing(secret: &str) {
    let _ = secret;
}

fn main() {}
