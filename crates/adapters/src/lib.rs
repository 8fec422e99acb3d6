//! Connects probity to what others make: file formats today, providers and backends as they come.
//!
//! Each connection is a feature of its own, and none is on by default, so that nobody builds what
//! they do not use.
//!
//! | feature | module | what it does |
//! |---|---|---|
//! | `genai` | `genai` | asks models through genai, any of its providers |
//! | `openai` | `openai` | asks models through async-openai, and records what programs do that use it themselves |
//! | `rig` | `rig` | asks models through rig, taps the clients of agents written with it, and has its prices |
//! | `tau-bench` | `tau_bench` | reads result files of tau-bench and replays their trajectories as spans |
//!
//! # How the pieces fit
//!
//! An adapter turns a foreign thing into one that the other crates know, and adds no judgement of
//! its own: a recorded trajectory becomes the spans that an instrumented agent would have emitted,
//! so that a capture, an eval and a report of it work as they do for a live one.
//!
//! # Stability
//!
//! Before 1.0 a minor version may break; the changelog says what. The minimum supported Rust version
//! is that of the workspace; raising it is a minor version.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::dbg_macro
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a failing test panics"
    )
)]

#[cfg(any(feature = "genai", feature = "openai", feature = "rig"))]
mod http;
#[cfg(any(feature = "genai", feature = "openai", feature = "rig"))]
mod outgoing;

#[cfg(feature = "genai")]
pub mod genai;
#[cfg(feature = "openai")]
pub mod openai;
#[cfg(feature = "rig")]
pub mod rig;
#[cfg(feature = "tau-bench")]
pub mod tau_bench;
