//! A pure eval of a closure.

use std::{fmt, marker::PhantomData};

use probity_trace::TraceSnapshot;

use crate::{pure_eval::PureEval, type_name::TypeName};

/// Makes a [`PureEval`] of a closure that is given the trace and the artifact.
///
/// Rust needs the artifact's type in the closure, and the error's where nothing else tells it.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use probity_eval::{PureEval as _, from_fn};
/// use probity_trace::TraceSnapshot;
///
/// let polite = from_fn(|_, answer: &str| Ok::<_, Infallible>(answer.contains("please")));
/// assert_eq!(polite.evaluate(&TraceSnapshot::default(), "yes, please"), Ok(true));
/// ```
pub fn from_fn<A, R, E, F>(f: F) -> FromFn<F, A>
where
    A: ?Sized,
    F: Fn(&TraceSnapshot, &A) -> Result<R, E>,
{
    FromFn { f, artifact: PhantomData }
}

/// Eval made by [`from_fn`].
#[must_use = "evals do nothing unless evaluated"]
pub struct FromFn<F, A: ?Sized> {
    f: F,
    artifact: PhantomData<fn(&A)>,
}

impl<A, R, E, F> PureEval for FromFn<F, A>
where
    A: ?Sized,
    F: Fn(&TraceSnapshot, &A) -> Result<R, E>,
{
    type Artifact = A;
    type Report = R;
    type Error = E;

    fn evaluate(&self, trace: &TraceSnapshot, artifact: &A) -> Result<R, E> {
        (self.f)(trace, artifact)
    }
}

impl<F: Clone, A: ?Sized> Clone for FromFn<F, A> {
    fn clone(&self) -> Self {
        Self { f: self.f.clone(), artifact: PhantomData }
    }
}

impl<F, A: ?Sized> fmt::Debug for FromFn<F, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").field("f", &TypeName::<F>::new()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Length, assert_same};

    #[test]
    fn a_closure_over_an_eval_is_that_eval() {
        let eval = from_fn(|trace, answer: &str| Length.evaluate(trace, answer));
        assert_same(&eval, &Length);
        assert_same(&eval.clone(), &Length);
    }

    #[test]
    fn a_closure_may_borrow_and_may_take_a_sized_artifact() {
        let words = ["please".to_owned()];
        let eval = from_fn(|_, answer: &String| Ok::<_, ()>(words.contains(answer)));
        assert_eq!(eval.evaluate(&TraceSnapshot::default(), &"please".to_owned()), Ok(true));
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", from_fn(|_, _: &str| Ok::<_, ()>(1)));
        assert!(text.starts_with("FromFn") && text.contains("{{closure}}"), "{text}");
    }
}
