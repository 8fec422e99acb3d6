//! Evals whose type is erased.

use crate::{eval::Eval, pure_eval::PureEval};

/// A pure eval whose type is erased, as [`PureEvalExt::boxed`](crate::PureEvalExt::boxed) returns it.
pub type BoxPureEval<'a, A, R, E> =
    Box<dyn PureEval<Artifact = A, Report = R, Error = E> + Send + Sync + 'a>;

/// An async eval whose type is erased, as [`EvalExt::boxed`](crate::EvalExt::boxed) returns it.
pub type BoxEval<'a, A, R, E> = Box<dyn Eval<Artifact = A, Report = R, Error = E> + 'a>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same, assert_same_async},
    };

    #[test]
    fn boxing_changes_nothing_once_or_twice() {
        assert_same(&Length.boxed(), &Length);
        assert_same(&Length.boxed().boxed(), &Length);
        assert_same_async(&Length.lift().boxed(), &Length.lift());
        assert_same_async(&Length.lift().boxed().boxed(), &Length.lift());
    }

    #[test]
    fn what_is_boxed_goes_on_through_combinators() {
        assert_same(&Length.boxed().map_report(|n| n + 1), &Length.map_report(|n| n + 1).boxed());
        assert_same_async(
            &Length.boxed().lift().map_report(|n| n + 1),
            &Length.lift().map_report(|n| n + 1).boxed(),
        );
    }

    #[test]
    fn a_box_may_borrow_and_keeps_the_name() {
        let eval = Length.named("length");
        let borrowed: BoxPureEval<'_, str, usize, String> = (&eval).boxed();
        assert_eq!(borrowed.name(), Some("length"));
        let lifted: BoxEval<'_, str, usize, String> = (&eval).lift().boxed();
        assert_eq!(lifted.name(), Some("length"));
    }
}
