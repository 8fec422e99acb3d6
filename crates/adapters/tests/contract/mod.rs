//! What every model of a provider keeps to, whatever client is behind it: tests that take their subjects
//! from the test that includes them.

mod answers;
mod errors;
mod raw;
mod retries;
mod secrets;
mod subject;

pub(crate) use subject::{KEY, Subject, serve};
