//! Arguments that are not there, or that are treated in two ways.

use probity_trace::observe;

#[observe(skip(pasword))]
fn misspelled(user: &str, password: &str) -> bool {
    user.len() > password.len()
}

#[observe(redact(token))]
fn without_any() {}

#[observe(skip(password), redact(password))]
fn in_two_ways(password: &str) {
    let _ = password;
}

#[observe(skip_all, skip(password))]
fn more_than_all(password: &str) {
    let _ = password;
}

#[observe(skip(password, password))]
fn twice(password: &str) {
    let _ = password;
}

struct Agent;

impl Agent {
    #[observe(skip(self))]
    fn of_itself(&self) {}
}

fn main() {}
