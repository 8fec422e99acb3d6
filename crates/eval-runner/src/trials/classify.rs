//! Decides what an ended trial came to.

use std::{
    error::Error,
    io::{self, ErrorKind},
};

use probity_eval::{JudgeError, ModelError, TurnError, judge::PanelError, model::ModelErrorKind};
use probity_trace::{Panicked, TraceSnapshot};

use super::{
    agent::TrialError,
    model_calls::infrastructure_fault,
    not_graded::NotGraded,
    outcome::{Failure, Outcome},
    timed::OutOfTime,
};

/// How a trial ended, before it is judged whose fault that was.
pub(crate) type Ended = Result<Result<Result<bool, TrialError>, OutOfTime>, Panicked>;

/// Returns the outcome of a trial.
///
/// True passed and false failed, whatever the trace says. A panic is the agent's. An error, or running out of
/// time, is the agent's too, unless the error itself or a model call that never recovered shows a fault of the
/// infrastructure.
pub(crate) fn classify(ended: &Ended, trace: &TraceSnapshot) -> Outcome {
    match ended {
        Ok(Ok(Ok(true))) => Outcome::Passed,
        Ok(Ok(Ok(false))) => Outcome::Failed(Failure::Wrong),
        Ok(Ok(Err(error))) if is_infrastructure(&**error) => Outcome::NotGraded(told(&**error)),
        Ok(Ok(Err(error))) => blame(trace, Some(told(&**error)), Failure::Error),
        Ok(Err(OutOfTime(limit))) => blame(trace, None, |_| Failure::OutOfTime(*limit)),
        Err(panicked) => Outcome::Failed(Failure::Panicked(panicked.message().to_owned())),
    }
}

/// Blames a fault that the model calls show, else the agent.
fn blame(
    trace: &TraceSnapshot,
    message: Option<String>,
    failure: impl FnOnce(String) -> Failure,
) -> Outcome {
    let message = message.unwrap_or_default();
    match infrastructure_fault(trace) {
        None => Outcome::Failed(failure(message)),
        Some(fault) if message.is_empty() => Outcome::NotGraded(fault),
        Some(fault) => Outcome::NotGraded(format!("{message} ({fault})")),
    }
}

/// Returns whether an error or one of its sources is marked, or is a fault of the network or the provider.
fn is_infrastructure(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|link| {
        link.is::<NotGraded>()
            // A judge that gave no verdict says nothing of the agent.
            || link.is::<JudgeError>()
            || link.is::<PanelError>()
            || link.downcast_ref::<io::Error>().is_some_and(|error| is_network_fault(error.kind()))
            || model_error(link).is_some_and(|error| is_provider_fault(error.kind))
    })
}

fn model_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a ModelError> {
    let of_turn = error.downcast_ref::<TurnError>().and_then(TurnError::model_error);
    of_turn.or_else(|| error.downcast_ref())
}

/// A wrong key, an empty account and an answer that is no answer are no doing of the agent either.
fn is_provider_fault(kind: ModelErrorKind) -> bool {
    use ModelErrorKind::{Malformed, QuotaExceeded, Unauthorized};
    kind.is_transient() || matches!(kind, Malformed | QuotaExceeded | Unauthorized)
}

fn is_network_fault(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::TimedOut
    )
}

/// Joins the messages of an error and its sources.
fn told(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for link in chain(error) {
        let message = link.to_string();
        // Many errors print their source; saying it twice helps nobody.
        if text.ends_with(&message) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&message);
    }
    text
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| wrapped(error).or_else(|| error.source()))
}

/// Returns the error that an [`io::Error`] was made from, which its `source` leaves out.
fn wrapped<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inner = error.downcast_ref::<io::Error>()?.get_ref()?;
    Some(inner)
}
