//! The trait of reports that know their own score.

use crate::score::Score;

/// A report that says itself whether what was judged passes, and how well it did.
///
/// An eval with such a report needs no objective: [`scored`](crate::PureEvalExt::scored) scores it. The
/// reports of all [`checks`](crate::checks) are of this kind, and so is a `bool`. Another objective can
/// still be given with [`scored_by`](crate::PureEvalExt::scored_by).
///
/// # Examples
///
/// ```
/// use probity_eval::{Score, SelfScoring};
///
/// struct Exam {
///     points: u8,
/// }
///
/// impl SelfScoring for Exam {
///     fn passed(&self) -> bool {
///         self.points >= 60
///     }
///
///     fn score(&self) -> Score {
///         Score::new_clamped(f32::from(self.points) / 100.0)
///     }
/// }
///
/// let exam = Exam { points: 55 };
/// assert_eq!((exam.score().value(), exam.passed()), (0.55, false));
/// ```
pub trait SelfScoring {
    /// Returns whether what was judged passes.
    fn passed(&self) -> bool;

    /// Returns the score; unless overridden, 1 where it passes and 0 where it does not.
    fn score(&self) -> Score {
        self.passed().into()
    }
}

/// True passes.
impl SelfScoring for bool {
    fn passed(&self) -> bool {
        *self
    }
}

impl<R: SelfScoring + ?Sized> SelfScoring for Box<R> {
    fn passed(&self) -> bool {
        (**self).passed()
    }

    fn score(&self) -> Score {
        (**self).score()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Half;

    impl SelfScoring for Half {
        fn passed(&self) -> bool {
            false
        }

        fn score(&self) -> Score {
            Score::new_clamped(0.5)
        }
    }

    #[test]
    fn what_has_no_score_of_its_own_scores_all_or_nothing() {
        assert_eq!((true.passed(), true.score()), (true, Score::ONE));
        assert_eq!((false.passed(), false.score()), (false, Score::ZERO));
    }

    #[test]
    fn a_box_scores_as_what_is_in_it() {
        let boxed: Box<dyn SelfScoring> = Box::new(Half);
        assert_eq!((boxed.passed(), boxed.score()), (Half.passed(), Half.score()));
    }
}
