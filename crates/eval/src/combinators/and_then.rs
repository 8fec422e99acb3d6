//! Turns the report of an eval into another, or into an error.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    combinators::after::after_eval, eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName,
};

/// Eval returned by [`PureEvalExt::and_then`](crate::PureEvalExt::and_then) and
/// [`EvalExt::and_then`](crate::EvalExt::and_then).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct AndThen<E, F> {
    eval: E,
    f: F,
}

after_eval!(AndThen, and_then(Fn(E::Report) -> Result<T, E::Error>), Result<T, E::Error>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async},
    };

    fn odd(n: usize) -> Result<usize, String> {
        if n % 2 == 1 { Ok(n) } else { Err(format!("{n} is even")) }
    }

    fn digit(n: usize) -> Result<char, String> {
        u32::try_from(n)
            .ok()
            .and_then(|n| char::from_digit(n, 10))
            .ok_or_else(|| format!("{n} has two digits"))
    }

    #[test]
    fn going_on_with_ok_changes_nothing() {
        assert_same(&Length.and_then(Ok), &Length);
        assert_same_async(&Length.lift().and_then(Ok), &Length.lift());
    }

    #[test]
    fn going_on_twice_is_going_on_by_both() {
        assert_same(
            &Length.and_then(odd).and_then(digit),
            &Length.and_then(|n| odd(n).and_then(digit)),
        );
        assert_same_async(
            &Length.lift().and_then(odd).and_then(digit),
            &Length.lift().and_then(|n| odd(n).and_then(digit)),
        );
    }

    #[test]
    fn an_error_passes_through_and_a_new_one_stops() {
        let eval = Length.and_then(odd);
        assert_eq!(evaluate(&eval, ""), evaluate(&Length, ""));
        assert_eq!(evaluate(&eval, "even"), Err("4 is even".to_owned()));
        let eval = Length.lift().and_then(odd);
        assert_eq!(evaluate_async(&eval, ""), evaluate(&Length, ""));
        assert_eq!(evaluate_async(&eval, "even"), Err("4 is even".to_owned()));
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.named("length");
        assert_eq!(PureEval::name(&eval.clone().and_then(Ok)), Some("length"));
        assert_eq!(Eval::name(&eval.lift().and_then(Ok)), Some("length"));
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", Length.and_then(|n| Ok(n + 1)));
        assert!(text.starts_with("AndThen { eval: Length, f: "), "{text}");
        assert!(text.contains("{{closure}}"), "{text}");
    }
}
