//! Turns the error of an eval into another.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    combinators::after::after_eval, eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName,
};

/// Eval returned by [`PureEvalExt::map_error`](crate::PureEvalExt::map_error) and
/// [`EvalExt::map_error`](crate::EvalExt::map_error).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct MapError<E, F> {
    eval: E,
    f: F,
}

after_eval!(MapError, map_err(Fn(E::Error) -> T), Result<E::Report, T>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async},
    };

    fn wrap(error: String) -> Vec<String> {
        vec![error]
    }

    fn join(errors: Vec<String>) -> String {
        errors.into_iter().map(|error| error + "!").collect()
    }

    #[test]
    fn mapping_to_itself_changes_nothing() {
        assert_same(&Length.map_error(|e| e), &Length);
        assert_same_async(&Length.lift().map_error(|e| e), &Length.lift());
    }

    #[test]
    fn mapping_twice_is_mapping_by_both() {
        assert_same(&Length.map_error(wrap).map_error(join), &Length.map_error(|e| join(wrap(e))));
        assert_same_async(
            &Length.lift().map_error(wrap).map_error(join),
            &Length.lift().map_error(|e| join(wrap(e))),
        );
    }

    #[test]
    fn an_error_is_mapped_and_a_report_passes_through() {
        let expected = Err(vec!["empty answer".to_owned()]);
        assert_eq!(evaluate(&Length.map_error(wrap), ""), expected);
        assert_eq!(evaluate_async(&Length.lift().map_error(wrap), ""), expected);
        assert_eq!(evaluate(&Length.map_error(wrap), "yes"), Ok(3));
        assert_eq!(evaluate_async(&Length.lift().map_error(wrap), "yes"), Ok(3));
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.named("length");
        assert_eq!(PureEval::name(&eval.clone().map_error(|e| e)), Some("length"));
        assert_eq!(Eval::name(&eval.lift().map_error(|e| e)), Some("length"));
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", Length.map_error(|e| e));
        assert!(text.starts_with("MapError { eval: Length, f: "), "{text}");
        assert!(text.contains("{{closure}}"), "{text}");
    }
}
