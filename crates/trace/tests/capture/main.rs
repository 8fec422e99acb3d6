//! What a capture keeps, in every situation that has broken other captures.
//!
//! Each test brings its own subscriber, set for its own threads only. What needs a subscriber for the
//! whole process, or other state of the process, is in the files beside this folder.

#[path = "../support/deadline.rs"]
mod deadline;
#[path = "../support/noisy.rs"]
mod noisy;
#[path = "../support/runtime.rs"]
mod runtime;
#[path = "../support/shape.rs"]
mod shape;
#[path = "../support/stack.rs"]
mod stack;
#[path = "../support/tasks.rs"]
mod tasks;
mod spawning;
mod stacks;
mod subscribers;
mod threads;
mod under;

mod after_the_end;
mod cancel;
mod concurrency;
mod debug_impls;
mod depth;
mod fields;
mod filters;
mod ids;
mod links;
mod listeners;
mod nested;
mod nesting;
mod observers;
mod panics;
