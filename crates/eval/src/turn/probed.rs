//! Shows a turn to a probe.

use std::{future::poll_fn, ops::ControlFlow};

use super::{
    call,
    error::TurnError,
    result::TextTurnResult,
    stream::{TurnStream, Watch},
};
use crate::{
    model::ModelEvent,
    probe::{Guarded, Probe, Probed, StopReason},
};

/// Collects a turn under the eyes of a probe.
pub(super) async fn collect<P: Probe>(
    turn: &mut TurnStream,
    probe: P,
) -> Result<Probed<TextTurnResult, P>, TurnError> {
    let mut probe = Guarded::new(probe);
    let ended = poll_fn(|context| turn.poll_to_end(context, &mut probe)).await;
    // It has ended, so that a reason to stop it comes too late, except in what the model asks for.
    let (llm_call, tool_calls) =
        turn.in_span(|engine| call::describe(engine, ended.as_ref().err()));
    let said = turn.in_span(|_| {
        let mut said = None;
        for call in &tool_calls {
            said = said.or(probe.tell(|probe| probe.on_tool_call(call)));
        }
        said.or(probe.tell(|probe| probe.on_turn_finished(&llm_call)))
    });
    if let (Ok(None), Some(reason)) = (&ended, &said) {
        turn.note_stop(reason);
    }
    let mut stopped = ended?.or(said);
    if let Some(reason) = &mut stopped {
        reason.span.get_or_insert(llm_call.span);
        reason.usage = llm_call.usage;
        reason.model_calls = 1;
    }
    let (probe, panicked) = probe.into_parts();
    Ok(Probed { result: turn.take_result(), probe, stopped, panicked })
}

impl<P: Probe> Watch for Guarded<P> {
    const HANDED_ON: bool = true;

    fn see(&mut self, event: &ModelEvent) -> ControlFlow<StopReason> {
        let stopped = match event {
            ModelEvent::TextDelta(delta) => self.tell(|probe| probe.on_text_delta(delta)),
            ModelEvent::ReasoningDelta(delta) => self.tell(|probe| probe.on_reasoning_delta(delta)),
            _ => None,
        };
        stopped.map_or(ControlFlow::Continue(()), ControlFlow::Break)
    }
}
