//! References, boxes and shared pointers to evals are evals.

use std::sync::Arc;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval};

/// Implements both traits for a pointer by asking what it points to.
macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<E: PureEval + ?Sized> PureEval for $pointer {
            type Artifact = E::Artifact;
            type Report = E::Report;
            type Error = E::Error;

            fn evaluate(
                &self,
                trace: &TraceSnapshot,
                artifact: &E::Artifact,
            ) -> Result<E::Report, E::Error> {
                (**self).evaluate(trace, artifact)
            }

            fn name(&self) -> Option<&str> {
                (**self).name()
            }
        }

        #[async_trait]
        impl<E: Eval + ?Sized> Eval for $pointer {
            type Artifact = E::Artifact;
            type Report = E::Report;
            type Error = E::Error;

            async fn evaluate(
                &self,
                ctx: &Llm,
                trace: &TraceSnapshot,
                artifact: &E::Artifact,
            ) -> Result<E::Report, E::Error> {
                (**self).evaluate(ctx, trace, artifact).await
            }

            fn name(&self) -> Option<&str> {
                (**self).name()
            }
        }
    )*};
}

forward!(&E, Box<E>, Arc<E>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same, assert_same_async},
    };

    #[test]
    fn pointers_to_pure_evals_are_the_evals_they_point_to() {
        assert_same(&&Length, &Length);
        assert_same(&Box::new(Length), &Length);
        assert_same(&Arc::new(Length), &Length);
        assert_eq!(PureEval::name(&&Arc::new(Box::new(Length.named("length")))), Some("length"));
    }

    #[test]
    fn pointers_to_async_evals_are_the_evals_they_point_to() {
        let eval = Length.lift();
        assert_same_async(&&eval, &eval);
        assert_same_async(&Box::new(eval.clone()), &eval);
        assert_same_async(&Arc::new(eval.clone()), &eval);
        assert_eq!(Eval::name(&&Arc::new(Box::new(eval.named("length")))), Some("length"));
    }
}
