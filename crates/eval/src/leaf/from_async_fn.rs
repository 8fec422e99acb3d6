//! An async eval of a closure.

use std::{fmt, marker::PhantomData, pin::Pin};

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, type_name::TypeName};

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Makes an [`Eval`] of a closure that is given the context, the trace and the artifact.
///
/// The closure returns `Box::pin(async move { .. })`: Rust has no way yet to ask of an async
/// closure that its future may move between threads.
/// The future may borrow the three arguments, but not what the closure holds: clone that (an `Arc`,
/// a client) before the `async move`.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use probity_eval::{Eval as _, Llm, from_async_fn};
/// use probity_trace::TraceSnapshot;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let polite = from_async_fn(|_llm, _trace, answer: &str| {
///     Box::pin(async move {
///         tokio::task::yield_now().await;
///         Ok::<_, Infallible>(answer.contains("please"))
///     })
/// });
/// let (llm, trace) = (Llm::without_model(), TraceSnapshot::default());
/// assert_eq!(polite.evaluate(&llm, &trace, "yes, please").await, Ok(true));
/// # }
/// ```
pub fn from_async_fn<A, R, E, F>(f: F) -> FromAsyncFn<F, A>
where
    A: ?Sized + Sync,
    R: Send,
    E: Send,
    F: for<'a> Fn(&'a Llm, &'a TraceSnapshot, &'a A) -> BoxFuture<'a, Result<R, E>> + Send + Sync,
{
    FromAsyncFn { f, artifact: PhantomData }
}

/// Eval made by [`from_async_fn`].
#[must_use = "evals do nothing unless evaluated"]
pub struct FromAsyncFn<F, A: ?Sized> {
    f: F,
    artifact: PhantomData<fn(&A)>,
}

#[async_trait]
impl<A, R, E, F> Eval for FromAsyncFn<F, A>
where
    A: ?Sized + Sync,
    R: Send,
    E: Send,
    F: for<'a> Fn(&'a Llm, &'a TraceSnapshot, &'a A) -> BoxFuture<'a, Result<R, E>> + Send + Sync,
{
    type Artifact = A;
    type Report = R;
    type Error = E;

    async fn evaluate(&self, ctx: &Llm, trace: &TraceSnapshot, artifact: &A) -> Result<R, E> {
        (self.f)(ctx, trace, artifact).await
    }
}

impl<F: Clone, A: ?Sized> Clone for FromAsyncFn<F, A> {
    fn clone(&self) -> Self {
        Self { f: self.f.clone(), artifact: PhantomData }
    }
}

impl<F, A: ?Sized> fmt::Debug for FromAsyncFn<F, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromAsyncFn").field("f", &TypeName::<F>::new()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        PureEval as _, PureEvalExt as _,
        testing::{Length, assert_same_async, evaluate_async},
    };

    #[test]
    fn a_closure_over_an_eval_is_that_eval() {
        let eval = from_async_fn(|_, trace, answer: &str| {
            Box::pin(async move { Length.evaluate(trace, answer) })
        });
        assert_same_async(&eval, &Length.lift());
        assert_same_async(&eval.clone(), &Length.lift());
    }

    #[test]
    fn a_closure_may_hold_what_its_future_takes_a_clone_of() {
        let words = Arc::new(["please".to_owned()]);
        let eval = from_async_fn(move |_, _, answer: &str| {
            let words = Arc::clone(&words);
            Box::pin(async move { Ok::<_, ()>(words.iter().any(|word| word == answer)) })
        });
        assert_eq!(evaluate_async(&eval, "please"), Ok(true));
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let eval = from_async_fn(|_, _, _: &str| Box::pin(async { Ok::<_, ()>(1) }));
        let text = format!("{eval:?}");
        assert!(text.starts_with("FromAsyncFn") && text.contains("{{closure}}"), "{text}");
    }
}
