//! Turns the error of an eval into a report, or into another error.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName};

/// Eval returned by [`PureEvalExt::or_else`](crate::PureEvalExt::or_else) and
/// [`EvalExt::or_else`](crate::EvalExt::or_else).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct OrElse<E, F> {
    eval: E,
    f: F,
}

impl<E, F> OrElse<E, F> {
    pub(crate) fn new(eval: E, f: F) -> Self {
        Self { eval, f }
    }
}

impl<E, F, T> PureEval for OrElse<E, F>
where
    E: PureEval,
    F: Fn(E::Error) -> Result<E::Report, T>,
{
    type Artifact = E::Artifact;
    type Report = E::Report;
    type Error = T;

    fn evaluate(&self, trace: &TraceSnapshot, artifact: &E::Artifact) -> Result<E::Report, T> {
        self.eval.evaluate(trace, artifact).or_else(&self.f)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E, F, T> Eval for OrElse<E, F>
where
    E: Eval,
    F: Fn(E::Error) -> Result<E::Report, T> + Send + Sync,
    T: Send,
{
    type Artifact = E::Artifact;
    type Report = E::Report;
    type Error = T;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<E::Report, T> {
        self.eval.evaluate(ctx, trace, artifact).await.or_else(&self.f)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

impl<E: fmt::Debug, F> fmt::Debug for OrElse<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrElse")
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
