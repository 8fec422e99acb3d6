//! Turns the error of an eval into a report, or into another error.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    combinators::after::after_eval, eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName,
};

/// Eval returned by [`PureEvalExt::or_else`](crate::PureEvalExt::or_else) and
/// [`EvalExt::or_else`](crate::EvalExt::or_else).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct OrElse<E, F> {
    eval: E,
    f: F,
}

after_eval!(OrElse, or_else(Fn(E::Error) -> Result<E::Report, T>), Result<E::Report, T>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async},
    };

    fn shorten(error: String) -> Result<usize, usize> {
        Err(error.into_bytes().len())
    }

    fn forgive(bytes: usize) -> Result<usize, String> {
        if bytes < 100 { Ok(0) } else { Err("too long to forgive".to_owned()) }
    }

    #[test]
    fn recovering_with_err_changes_nothing() {
        assert_same(&Length.or_else(Err), &Length);
        assert_same_async(&Length.lift().or_else(Err), &Length.lift());
    }

    #[test]
    fn recovering_twice_is_recovering_by_both() {
        assert_same(
            &Length.or_else(shorten).or_else(forgive),
            &Length.or_else(|e| shorten(e).or_else(forgive)),
        );
        assert_same_async(
            &Length.lift().or_else(shorten).or_else(forgive),
            &Length.lift().or_else(|e| shorten(e).or_else(forgive)),
        );
    }

    #[test]
    fn an_error_is_recovered_and_a_report_passes_through() {
        let eval = Length.or_else(|_| Ok::<_, String>(0));
        assert_eq!(evaluate(&eval, ""), Ok(0));
        assert_eq!(evaluate(&eval, "yes"), Ok(3));
        let eval = Length.lift().or_else(|_| Ok::<_, String>(0));
        assert_eq!(evaluate_async(&eval, ""), Ok(0));
        assert_eq!(evaluate_async(&eval, "yes"), Ok(3));
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.named("length");
        assert_eq!(PureEval::name(&eval.clone().or_else(Err)), Some("length"));
        assert_eq!(Eval::name(&eval.lift().or_else(Err)), Some("length"));
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", Length.or_else(|e| Err([e])));
        assert!(text.starts_with("OrElse { eval: Length, f: "), "{text}");
        assert!(text.contains("{{closure}}"), "{text}");
    }
}
