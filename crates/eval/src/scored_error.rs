//! Why a scored eval gave no score.

use crate::objective::ObjectiveError;

/// The error of an eval that was [`scored_by`](crate::PureEvalExt::scored_by) an objective.
///
/// Either way the artifact was not graded, which is not the same as failed.
/// The eval's own error need not be a [`std::error::Error`], so that `Box<dyn Error>` and `String`
/// serve; it is printed, not given as a source.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScoredError<E> {
    /// The eval gave no report.
    #[error("{0}")]
    Eval(E),
    /// The objective made no score of the report.
    #[error(transparent)]
    Objective(#[from] ObjectiveError),
}

impl<E> ScoredError<E> {
    /// Turns the eval's own error into another and keeps the objective's.
    pub fn map_eval<T>(self, f: impl FnOnce(E) -> T) -> ScoredError<T> {
        match self {
            Self::Eval(error) => ScoredError::Eval(f(error)),
            Self::Objective(error) => ScoredError::Objective(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, error::Error};

    use super::*;
    use crate::score::InvalidScore;

    type BoxError = Box<dyn Error + Send + Sync>;

    #[test]
    fn every_printable_error_of_an_eval_makes_an_error() {
        fn check<E: Error + Send + Sync + 'static>() {}
        check::<ScoredError<Infallible>>();
        check::<ScoredError<String>>();
        check::<ScoredError<BoxError>>();
    }

    #[test]
    fn the_source_chain_is_printed_once() {
        let mark = ObjectiveError::PassMark(InvalidScore::NotANumber);
        let error: BoxError = Box::new(ScoredError::<BoxError>::from(mark));
        let source = error.source().unwrap();
        assert_eq!(error.to_string(), "objective has an invalid pass mark");
        assert_eq!(source.to_string(), InvalidScore::NotANumber.to_string());
        assert!(source.source().is_none());
    }

    #[test]
    fn the_evals_own_error_is_mapped_and_the_objectives_is_kept() {
        assert_eq!(ScoredError::Eval(3).map_eval(|n| n + 1), ScoredError::Eval(4));
        let objective = ScoredError::<i32>::from(ObjectiveError::NotANumber);
        assert_eq!(objective.clone().map_eval(|n| n + 1), objective);
    }
}
