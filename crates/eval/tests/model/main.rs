//! The model layer as a user meets it: turns, their spans, budgets, retries, probes and raw entries, over
//! scripted models.

mod budgets;
mod concurrent;
mod probes;
mod rate_limits;
mod raw;
mod retries;
mod runtime;
mod scripted;
mod secrets;
mod span;
mod streams;
mod structured;
mod support;
mod turns;
