//! Turns the report of an eval into another.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    combinators::after::after_eval, eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName,
};

/// Eval returned by [`PureEvalExt::map_report`](crate::PureEvalExt::map_report) and
/// [`EvalExt::map_report`](crate::EvalExt::map_report).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct MapReport<E, F> {
    eval: E,
    f: F,
}

after_eval!(MapReport, map(Fn(E::Report) -> T), Result<T, E::Error>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async},
    };

    fn double(n: usize) -> usize {
        n * 2
    }

    fn describe(n: usize) -> String {
        format!("{n} bytes")
    }

    #[test]
    fn mapping_to_itself_changes_nothing() {
        assert_same(&Length.map_report(|n| n), &Length);
        assert_same_async(&Length.lift().map_report(|n| n), &Length.lift());
    }

    #[test]
    fn mapping_twice_is_mapping_by_both() {
        assert_same(
            &Length.map_report(double).map_report(describe),
            &Length.map_report(|n| describe(double(n))),
        );
        assert_same_async(
            &Length.lift().map_report(double).map_report(describe),
            &Length.lift().map_report(|n| describe(double(n))),
        );
    }

    #[test]
    fn an_error_passes_through() {
        assert_eq!(evaluate(&Length.map_report(double), ""), evaluate(&Length, ""));
        assert_eq!(evaluate_async(&Length.lift().map_report(double), ""), evaluate(&Length, ""));
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.named("length");
        assert_eq!(PureEval::name(&eval.clone().map_report(|n| n)), Some("length"));
        assert_eq!(Eval::name(&eval.lift().map_report(|n| n)), Some("length"));
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", Length.map_report(|n| n));
        assert!(text.starts_with("MapReport { eval: Length, f: "), "{text}");
        assert!(text.contains("{{closure}}"), "{text}");
    }
}
