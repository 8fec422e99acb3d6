//! Turns the report of an eval into another.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName};

/// Eval returned by [`PureEvalExt::map_report`](crate::PureEvalExt::map_report) and
/// [`EvalExt::map_report`](crate::EvalExt::map_report).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct MapReport<E, F> {
    eval: E,
    f: F,
}

impl<E, F> MapReport<E, F> {
    pub(crate) fn new(eval: E, f: F) -> Self {
        Self { eval, f }
    }
}

impl<E, F, R> PureEval for MapReport<E, F>
where
    E: PureEval,
    F: Fn(E::Report) -> R,
{
    type Artifact = E::Artifact;
    type Report = R;
    type Error = E::Error;

    fn evaluate(&self, trace: &TraceSnapshot, artifact: &E::Artifact) -> Result<R, E::Error> {
        self.eval.evaluate(trace, artifact).map(&self.f)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E, F, R> Eval for MapReport<E, F>
where
    E: Eval,
    F: Fn(E::Report) -> R + Send + Sync,
    R: Send,
{
    type Artifact = E::Artifact;
    type Report = R;
    type Error = E::Error;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<R, E::Error> {
        self.eval.evaluate(ctx, trace, artifact).await.map(&self.f)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

impl<E: fmt::Debug, F> fmt::Debug for MapReport<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapReport")
            .field("eval", &self.eval)
            .field("f", &TypeName::<F>::new())
            .finish()
    }
}

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
