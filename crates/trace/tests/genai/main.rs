//! The view of model calls, tool calls and agents, dialect by dialect and rule by rule.

mod captured;
mod conversations;
mod dialect_keys;
mod dialects;
mod families;
mod genai_crate;
mod hostile;
mod kinds;
mod live;
mod nesting;
mod properties;
mod rig;
mod size;
mod spans;
mod tools;
mod turn;
mod twins;
mod unreadable;
