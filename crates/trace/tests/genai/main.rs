//! The view of model calls, tool calls and agents, dialect by dialect and rule by rule.

mod captured;
mod conversations;
mod dialects;
mod genai_crate;
mod live;
mod nesting;
mod properties;
mod rig;
mod size;
mod spans;
mod tools;
mod turn;
mod unreadable;
