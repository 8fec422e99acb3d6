//! Lets an eval judge a part of a larger artifact.

use std::{fmt, marker::PhantomData};

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName};

/// Eval returned by [`PureEvalExt::contramap_artifact`](crate::PureEvalExt::contramap_artifact) and
/// [`EvalExt::contramap_artifact`](crate::EvalExt::contramap_artifact).
#[must_use = "evals do nothing unless evaluated"]
pub struct ContramapArtifact<E, F, B: ?Sized> {
    eval: E,
    f: F,
    artifact: PhantomData<fn(&B)>,
}

impl<E, F, B: ?Sized> ContramapArtifact<E, F, B> {
    pub(crate) fn new(eval: E, f: F) -> Self {
        Self { eval, f, artifact: PhantomData }
    }
}

impl<E, F, B> PureEval for ContramapArtifact<E, F, B>
where
    E: PureEval,
    F: Fn(&B) -> &E::Artifact,
    B: ?Sized,
{
    type Artifact = B;
    type Report = E::Report;
    type Error = E::Error;

    fn evaluate(&self, trace: &TraceSnapshot, artifact: &B) -> Result<E::Report, E::Error> {
        self.eval.evaluate(trace, (self.f)(artifact))
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E, F, B> Eval for ContramapArtifact<E, F, B>
where
    E: Eval,
    F: Fn(&B) -> &E::Artifact + Send + Sync,
    B: ?Sized + Sync,
{
    type Artifact = B;
    type Report = E::Report;
    type Error = E::Error;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &B,
    ) -> Result<E::Report, E::Error> {
        self.eval.evaluate(ctx, trace, (self.f)(artifact)).await
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

impl<E: Clone, F: Clone, B: ?Sized> Clone for ContramapArtifact<E, F, B> {
    fn clone(&self) -> Self {
        Self::new(self.eval.clone(), self.f.clone())
    }
}

impl<E: fmt::Debug, F, B: ?Sized> fmt::Debug for ContramapArtifact<E, F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContramapArtifact")
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

    fn first_word(answer: &str) -> &str {
        answer.split(' ').next().unwrap_or_default()
    }

    fn unquoted(answer: &str) -> &str {
        answer.trim_matches('"')
    }

    #[test]
    fn taking_the_whole_changes_nothing() {
        assert_same(&Length.contramap_artifact(|a: &str| a), &Length);
        assert_same_async(&Length.lift().contramap_artifact(|a: &str| a), &Length.lift());
    }

    #[test]
    fn taking_a_part_of_a_part_is_taking_it_by_both() {
        assert_same(
            &Length.contramap_artifact(first_word).contramap_artifact(unquoted),
            &Length.contramap_artifact(|a: &str| first_word(unquoted(a))),
        );
        assert_same_async(
            &Length.lift().contramap_artifact(first_word).contramap_artifact(unquoted),
            &Length.lift().contramap_artifact(|a: &str| first_word(unquoted(a))),
        );
        let eval = Length.contramap_artifact(first_word);
        assert_eq!(evaluate(&eval, "two words"), Ok(3));
    }

    #[test]
    fn an_error_passes_through() {
        let eval = Length.contramap_artifact(first_word);
        assert_eq!(evaluate(&eval.clone(), " leading space"), evaluate(&Length, ""));
        assert_eq!(evaluate_async(&eval.lift(), " leading space"), evaluate(&Length, ""));
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.named("length");
        let pure = eval.clone().contramap_artifact(first_word);
        assert_eq!(PureEval::name(&pure), Some("length"));
        assert_eq!(Eval::name(&eval.lift().contramap_artifact(first_word)), Some("length"));
    }

    #[test]
    fn debug_shows_the_function_by_its_type_name() {
        let text = format!("{:?}", Length.contramap_artifact(first_word));
        assert!(text.contains("eval: Length") && text.contains("first_word"), "{text}");
    }
}
