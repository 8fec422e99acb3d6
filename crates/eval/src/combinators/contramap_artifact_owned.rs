//! Lets an eval judge what is computed from another artifact.

use std::{borrow::Borrow, fmt, marker::PhantomData};

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName};

/// Eval returned by
/// [`PureEvalExt::contramap_artifact_owned`](crate::PureEvalExt::contramap_artifact_owned) and
/// [`EvalExt::contramap_artifact_owned`](crate::EvalExt::contramap_artifact_owned).
#[must_use = "evals do nothing unless evaluated"]
pub struct ContramapArtifactOwned<E, F, B: ?Sized> {
    eval: E,
    f: F,
    artifact: PhantomData<fn(&B)>,
}

impl<E, F, B: ?Sized> ContramapArtifactOwned<E, F, B> {
    pub(crate) fn new(eval: E, f: F) -> Self {
        Self { eval, f, artifact: PhantomData }
    }
}

impl<E, F, A, B> PureEval for ContramapArtifactOwned<E, F, B>
where
    E: PureEval,
    F: Fn(&B) -> A,
    A: Borrow<E::Artifact>,
    B: ?Sized,
{
    type Artifact = B;
    type Report = E::Report;
    type Error = E::Error;

    fn evaluate(&self, trace: &TraceSnapshot, artifact: &B) -> Result<E::Report, E::Error> {
        self.eval.evaluate(trace, (self.f)(artifact).borrow())
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E, F, A, B> Eval for ContramapArtifactOwned<E, F, B>
where
    E: Eval,
    F: Fn(&B) -> A + Send + Sync,
    A: Borrow<E::Artifact> + Send,
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
        let owned = (self.f)(artifact);
        // Borrowed before the await, so that the future holds `&E::Artifact` and not `&A`.
        let artifact: &E::Artifact = owned.borrow();
        self.eval.evaluate(ctx, trace, artifact).await
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

impl<E: Clone, F: Clone, B: ?Sized> Clone for ContramapArtifactOwned<E, F, B> {
    fn clone(&self) -> Self {
        Self::new(self.eval.clone(), self.f.clone())
    }
}

impl<E: fmt::Debug, F, B: ?Sized> fmt::Debug for ContramapArtifactOwned<E, F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContramapArtifactOwned")
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

    fn without_vowels(answer: &str) -> String {
        answer.replace(['a', 'e', 'i', 'o', 'u'], "")
    }

    fn twice(answer: &str) -> String {
        answer.repeat(2)
    }

    #[test]
    fn computing_the_same_changes_nothing() {
        assert_same(&Length.contramap_artifact_owned(str::to_owned), &Length);
        assert_same_async(&Length.lift().contramap_artifact_owned(str::to_owned), &Length.lift());
    }

    #[test]
    fn computing_twice_is_computing_by_both() {
        assert_same(
            &Length.contramap_artifact_owned(without_vowels).contramap_artifact_owned(twice),
            &Length.contramap_artifact_owned(|a: &str| without_vowels(&twice(a))),
        );
        assert_same_async(
            &Length.lift().contramap_artifact_owned(without_vowels).contramap_artifact_owned(twice),
            &Length.lift().contramap_artifact_owned(|a: &str| without_vowels(&twice(a))),
        );
        assert_eq!(evaluate(&Length.contramap_artifact_owned(twice), "yes"), Ok(6));
    }

    #[test]
    fn an_error_passes_through() {
        let eval = Length.contramap_artifact_owned(without_vowels);
        assert_eq!(evaluate(&eval.clone(), "a"), evaluate(&Length, ""));
        assert_eq!(evaluate_async(&eval.lift(), "a"), evaluate(&Length, ""));
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.named("length");
        let pure = eval.clone().contramap_artifact_owned(twice);
        assert_eq!(PureEval::name(&pure), Some("length"));
        assert_eq!(Eval::name(&eval.lift().contramap_artifact_owned(twice)), Some("length"));
    }

    #[test]
    fn debug_shows_the_function_by_its_type_name() {
        let text = format!("{:?}", Length.contramap_artifact_owned(twice));
        assert!(text.contains("eval: Length") && text.contains("twice"), "{text}");
    }
}
