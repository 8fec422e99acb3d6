//! What kept a member of a panel from grading.

use std::{error::Error, iter::successors};

use crate::{
    judge::error::JudgeError, model::ModelError, scored_error::ScoredError, turn::TurnError,
};

/// Returns whether an error is that of a model that did not answer, or comes from one.
pub(super) fn is_of_model(error: &(dyn Error + 'static)) -> bool {
    successors(Some(error), |&link| link.source()).any(|link| {
        link.is::<ModelError>()
            || link.downcast_ref::<TurnError>().is_some_and(is_turn)
            || link.downcast_ref::<JudgeError>().is_some_and(is_judge)
            || link.downcast_ref::<ScoredError<JudgeError>>().is_some_and(is_scored)
    })
}

fn is_turn(error: &TurnError) -> bool {
    error.model_error().is_some()
}

fn is_judge(error: &JudgeError) -> bool {
    error.model_error().is_some()
}

/// The error of a scored eval has no source.
fn is_scored(error: &ScoredError<JudgeError>) -> bool {
    matches!(error, ScoredError::Eval(error) if is_judge(error))
}
