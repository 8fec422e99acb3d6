//! Trajectories: what they hold, how they fail, and that they keep apart.
//!
//! Each test brings its own subscriber, set for its own threads only.

#[path = "../support/deadline.rs"]
mod deadline;
#[path = "../support/runtime.rs"]
mod runtime;
#[path = "../support/stack.rs"]
mod stack;
#[path = "../support/tasks.rs"]
mod tasks;

mod model;

mod attribute;
mod cancel;
mod failures;
mod json;
mod losses;
mod many;
mod messages;
mod nesting;
mod recorded;
mod scopes;
mod secrets;
mod spans;
