//! What `map_report`, `map_error`, `and_then` and `or_else` have in common: a closure over the outcome of an eval.

/// Makes a struct of an `eval` and a closure `f` an eval, pure or async as the inner one is.
///
/// It gives what the inner eval gives after a method of `Result` was called with the closure; `T` is what the
/// closure brings in.
macro_rules! after_eval {
    ($after:ident, $method:ident(Fn($given:ty) -> $made:ty), Result<$report:ty, $error:ty>) => {
        impl<E, F> $after<E, F> {
            pub(crate) fn new(eval: E, f: F) -> Self {
                Self { eval, f }
            }
        }

        impl<E, F, T> PureEval for $after<E, F>
        where
            E: PureEval,
            F: Fn($given) -> $made,
        {
            type Artifact = E::Artifact;
            type Report = $report;
            type Error = $error;

            fn evaluate(
                &self,
                trace: &TraceSnapshot,
                artifact: &E::Artifact,
            ) -> Result<$report, $error> {
                self.eval.evaluate(trace, artifact).$method(&self.f)
            }

            fn name(&self) -> Option<&str> {
                self.eval.name()
            }
        }

        #[async_trait]
        impl<E, F, T> Eval for $after<E, F>
        where
            E: Eval,
            F: Fn($given) -> $made + Send + Sync,
            T: Send,
        {
            type Artifact = E::Artifact;
            type Report = $report;
            type Error = $error;

            async fn evaluate(
                &self,
                ctx: &Llm,
                trace: &TraceSnapshot,
                artifact: &E::Artifact,
            ) -> Result<$report, $error> {
                self.eval.evaluate(ctx, trace, artifact).await.$method(&self.f)
            }

            fn name(&self) -> Option<&str> {
                self.eval.name()
            }
        }

        impl<E: fmt::Debug, F> fmt::Debug for $after<E, F> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($after))
                    .field("eval", &self.eval)
                    .field("f", &TypeName::<F>::new())
                    .finish()
            }
        }
    };
}

pub(super) use after_eval;
