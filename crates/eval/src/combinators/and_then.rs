//! Turns the report of an eval into another, or into an error.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName};

/// Eval returned by [`PureEvalExt::and_then`](crate::PureEvalExt::and_then) and
/// [`EvalExt::and_then`](crate::EvalExt::and_then).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct AndThen<E, F> {
    eval: E,
    f: F,
}

impl<E, F> AndThen<E, F> {
    pub(crate) fn new(eval: E, f: F) -> Self {
        Self { eval, f }
    }
}

impl<E, F, R> PureEval for AndThen<E, F>
where
    E: PureEval,
    F: Fn(E::Report) -> Result<R, E::Error>,
{
    type Artifact = E::Artifact;
    type Report = R;
    type Error = E::Error;

    fn evaluate(&self, trace: &TraceSnapshot, artifact: &E::Artifact) -> Result<R, E::Error> {
        self.eval.evaluate(trace, artifact).and_then(&self.f)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E, F, R> Eval for AndThen<E, F>
where
    E: Eval,
    F: Fn(E::Report) -> Result<R, E::Error> + Send + Sync,
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
        self.eval.evaluate(ctx, trace, artifact).await.and_then(&self.f)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

impl<E: fmt::Debug, F> fmt::Debug for AndThen<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AndThen")
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
