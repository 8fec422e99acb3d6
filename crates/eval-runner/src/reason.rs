//! Why a trial did not pass, in a line.

use crate::{
    suite::{Judgment, Verdict},
    trials::{Failure, Outcome},
};

/// Says why a trial did not pass, `None` if it did: where the answer was wrong, which evals say so.
pub(crate) fn reason(outcome: &Outcome, judgments: &[Judgment]) -> Option<String> {
    match outcome {
        Outcome::Passed => None,
        Outcome::NotGraded(reason) => Some(reason.clone()),
        Outcome::Failed(Failure::Wrong) => {
            let failed = judgments.iter().filter(|judgment| !judgment.is_passed());
            let failed =
                failed.filter(|judgment| matches!(judgment.verdict, Verdict::Scored { .. }));
            let names: Vec<_> = failed.map(|judgment| judgment.eval.as_str()).collect();
            let wrong = Failure::Wrong.to_string();
            Some(if names.is_empty() { wrong } else { format!("{wrong}: {}", names.join(", ")) })
        }
        Outcome::Failed(failure) => Some(failure.to_string()),
    }
}
