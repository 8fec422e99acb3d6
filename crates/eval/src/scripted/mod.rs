//! A model that answers what it is told to: for tests, examples and trying out evals.
//!
//! [`ScriptedModel`] needs no provider, no key and no network, and answers the same on every machine.
//! It takes its [`Reply`]s from a list or from a closure, streams them in pieces, waits where it is told
//! to, and fails as providers fail: see [`Fault`].

mod answering;
mod cut;
mod delivery;
mod fault;
mod headers;
mod model;
mod plan;
mod playback;
mod progress;
mod random;
mod reply;
mod script;
mod turn;
mod wire;

pub use self::{fault::Fault, model::ScriptedModel, reply::Reply, script::WhenUsedUp, turn::Turn};
