//! Gives an eval a name.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval};

/// Eval returned by [`PureEvalExt::named`](crate::PureEvalExt::named) and
/// [`EvalExt::named`](crate::EvalExt::named).
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Named<E> {
    eval: E,
    name: String,
}

impl<E> Named<E> {
    pub(crate) fn new(eval: E, name: String) -> Self {
        Self { eval, name }
    }
}

impl<E: PureEval> PureEval for Named<E> {
    type Artifact = E::Artifact;
    type Report = E::Report;
    type Error = E::Error;

    fn evaluate(
        &self,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<E::Report, E::Error> {
        self.eval.evaluate(trace, artifact)
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

#[async_trait]
impl<E: Eval> Eval for Named<E> {
    type Artifact = E::Artifact;
    type Report = E::Report;
    type Error = E::Error;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<E::Report, E::Error> {
        self.eval.evaluate(ctx, trace, artifact).await
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same, assert_same_async},
    };

    #[test]
    fn naming_changes_neither_report_nor_error() {
        assert_same(&Length.named("length"), &Length);
        assert_same_async(&Length.lift().named("length"), &Length.lift());
    }

    #[test]
    fn the_last_name_stands() {
        assert_eq!(PureEval::name(&Length), None);
        assert_eq!(PureEval::name(&Length.named("first").named("second")), Some("second"));
        assert_eq!(Eval::name(&Length.named("first").lift().named("second")), Some("second"));
    }
}
