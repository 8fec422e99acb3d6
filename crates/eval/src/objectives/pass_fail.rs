//! The objective that is met or not.

use std::fmt;

use crate::{
    objective::{Objective, ObjectiveError},
    score::Score,
    type_name::TypeName,
};

/// Makes an objective that is met or not: true scores 1 and passes, false scores 0 and fails.
///
/// It has no pass mark to set, for there is no score between the two.
///
/// # Examples
///
/// ```
/// use probity_eval::{Objective as _, Score, pass_fail};
///
/// let polite = pass_fail(|report: &String| report.contains("please"));
/// assert_eq!(polite.score(&"yes, please".to_owned()), Ok(Score::ONE));
/// assert_eq!(polite.score(&"now".to_owned()), Ok(Score::ZERO));
/// ```
pub fn pass_fail<R: ?Sized, F: Fn(&R) -> bool>(passes: F) -> PassFail<F> {
    PassFail { passes }
}

/// Objective made by [`pass_fail`].
#[derive(Clone)]
#[must_use = "objectives do nothing unless an eval is scored by them"]
pub struct PassFail<F> {
    passes: F,
}

impl<R: ?Sized, F: Fn(&R) -> bool> Objective<R> for PassFail<F> {
    fn score(&self, report: &R) -> Result<Score, ObjectiveError> {
        Ok((self.passes)(report).into())
    }
}

impl<F> fmt::Debug for PassFail<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassFail").field("passes", &TypeName::<F>::new()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_true_reaches_the_pass_mark() {
        let objective = pass_fail(|r: &bool| *r);
        let mark = Objective::<bool>::pass_mark(&objective).unwrap();
        assert!(objective.score(&true).unwrap() >= mark);
        assert!(objective.score(&false).unwrap() < mark);
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", pass_fail(|r: &bool| *r));
        assert!(text.starts_with("PassFail") && text.contains("{{closure}}"), "{text}");
    }
}
