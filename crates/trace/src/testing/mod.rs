//! Makes traces by hand, for tests and examples.

mod builder;
mod draft;

pub use self::builder::TraceBuilder;
