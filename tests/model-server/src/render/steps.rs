//! Lays out the steps of a body, with the delays and the fault of the reply.

use axum::body::Bytes;

use crate::{
    body::{Break, Step},
    frame::Frame,
    reply::{Delivery, Fault},
};

/// Lays out a stream; `told` is the frame that its fault puts into it.
pub(super) fn streamed(frames: Vec<Frame>, delivery: &Delivery, told: Option<Frame>) -> Vec<Step> {
    let fault = delivery.fault.as_ref().map(|(deltas, fault)| (place(&frames, *deltas), fault));
    let mut told = told.map(send);
    let mut steps = Vec::new();
    let mut is_first_delta = true;
    for (index, frame) in frames.into_iter().enumerate() {
        if let Some((place, fault)) = &fault
            && *place == index
        {
            steps.extend(told.take());
            steps.extend(broken_off(fault).map(Step::Break));
            if !matches!(fault, Fault::NotJson) {
                break;
            }
        }
        if frame.is_delta() {
            if !is_first_delta && !delivery.delta_delay.is_zero() {
                steps.push(Step::Wait(delivery.delta_delay));
            }
            is_first_delta = false;
        }
        steps.push(send(frame));
    }
    steps
}

/// Lays out a body that is not streamed: half of it where there is a fault.
pub(super) fn whole(body: Bytes, fault: Option<&Fault>) -> Vec<Step> {
    match fault {
        // The error is the body.
        None | Some(Fault::Error(_)) if body.is_empty() => Vec::new(),
        None | Some(Fault::Error(_)) => vec![Step::Send(body)],
        Some(fault) => {
            let half = Step::Send(body.slice(..body.len() / 2));
            [half].into_iter().chain(broken_off(fault).map(Step::Break)).collect()
        }
    }
}

/// Returns the place right after so many deltas, at most after the last one; after none of them it is
/// behind the first frame.
fn place(frames: &[Frame], deltas: usize) -> usize {
    let places = (0..).zip(frames).filter(|(_, frame)| frame.is_delta());
    places.take(deltas).last().map_or(1, |(place, _)| place + 1)
}

fn broken_off(fault: &Fault) -> Option<Break> {
    match fault {
        Fault::Reset => Some(Break::Reset),
        Fault::Hangup => Some(Break::Hangup),
        Fault::Stall => Some(Break::Stall),
        Fault::Truncated | Fault::Error(_) | Fault::NotJson => None,
    }
}

fn send(frame: Frame) -> Step {
    Step::Send(frame.into_text().into())
}
