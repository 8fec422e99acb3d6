//! Agents that know nothing of probity, written with rig and with genai, give the same view.

mod expected;
mod genai;
#[path = "../process/mod.rs"]
mod process;
#[cfg(feature = "rig")]
mod rig;
