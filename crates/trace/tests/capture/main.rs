//! What a capture keeps, in every situation that has broken other captures.
//!
//! Each test brings its own subscriber, set for its own threads only. What needs a subscriber for the
//! whole process, or other state of the process, is in the files beside this folder.

#[path = "../support/child.rs"]
mod child;
#[path = "../support/deadline.rs"]
mod deadline;
#[path = "../support/noisy.rs"]
mod noisy;
mod policy;
mod raw_entries;
#[path = "../support/runtime.rs"]
mod runtime;
mod secrets;
#[path = "../support/shape.rs"]
mod shape;
mod snapshots;
mod spawning;
#[path = "../support/stack.rs"]
mod stack;
mod stacks;
mod status;
mod subscribers;
#[path = "../support/tasks.rs"]
mod tasks;
mod threads;
mod under;

mod after_the_end;
mod anchors;
mod attributes;
mod cancel;
mod concurrency;
mod debug_impls;
mod depth;
mod fields;
mod filters;
mod ids;
mod limits;
mod links;
mod listeners;
mod model;
mod nested;
mod nesting;
mod observers;
mod panics;
mod regressions;
