//! Asks models through rig, and sees what agents written with rig send and get.
//!
//! [`RigModel`] makes any completion model of rig one that evals can ask. [`TappedClient`] is for the agents
//! under test: an HTTP client on which their own clients of rig are built. [`prices`] is what the models
//! cost that rig knows.
//!
//! # What rig does not tell
//!
//! Rig opens a span for each model call, with ids, usage and, where wanted, messages. It records neither
//! errors nor why the model stopped; the tap does. Two things stay as rig has them: the identifier of a
//! tool call comes with the end of the call, and the usage of an answer that breaks off is
//! not known.

mod errors;
mod events;
mod messages;
mod model;
mod prices;
mod request;
mod tap;

pub use self::{
    model::RigModel,
    prices::{prices, prices_of},
    tap::TappedClient,
};
