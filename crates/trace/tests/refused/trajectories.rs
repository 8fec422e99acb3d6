//! What `#[trajectory]` refuses.

#![expect(unused_variables, reason = "the bodies do nothing with them")]

use probity_trace::trajectory;

#[trajectory(sample = "a")]
fn without_a_tracer() -> Result<(), String> {
    Ok(())
}

#[trajectory(tracer = tracer)]
async fn without_a_sample(tracer: &str) -> Result<(), String> {
    Ok(())
}

#[trajectory(tracer = tracer, sample = "a", sandbox = "b")]
fn misspelled(tracer: &str) -> Result<(), String> {
    Ok(())
}

#[trajectory(tracer = tracer, tracer = tracer, sample = "a")]
fn twice(tracer: &str) -> Result<(), String> {
    Ok(())
}

#[trajectory(tracer = tracer, sample = "a")]
async fn without_an_error(tracer: &str) -> String {
    tracer.to_owned()
}

#[trajectory(tracer = tracer, sample = "a")]
fn without_an_output(tracer: &str) {}

#[trajectory(tracer = 3, sample = "a")]
struct NoFunction;

fn main() {}
