//! Collects a turn that nobody watches.

use std::{future::poll_fn, ops::ControlFlow};

use super::{
    error::TurnError,
    result::TextTurnResult,
    stream::{TurnStream, Watch},
};
use crate::{model::ModelEvent, probe::StopReason};

/// Asks, and returns the whole answer. Since nobody sees a part of it, a turn whose answer breaks off can
/// begin anew.
pub(super) async fn collect(turn: &mut TurnStream) -> Result<TextTurnResult, TurnError> {
    poll_fn(|context| turn.poll_to_end(context, &mut Unwatched)).await?;
    Ok(turn.take_result())
}

/// Looks away.
struct Unwatched;

impl Watch for Unwatched {
    const HANDED_ON: bool = false;

    fn see(&mut self, _event: &ModelEvent) -> ControlFlow<StopReason> {
        ControlFlow::Continue(())
    }
}
