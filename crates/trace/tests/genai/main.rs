//! The view of model calls, tool calls and agents, dialect by dialect and rule by rule.

mod dialects;
mod genai_crate;
mod rig;
mod turn;
