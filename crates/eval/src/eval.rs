//! The trait of evals that may wait for an answer.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::llm::Llm;

/// Judges a captured trace and the artifact that the program made, and may wait for an answer.
///
/// The menu of what can be done with one is [`EvalExt`](crate::EvalExt).
/// A type is either an `Eval` or a [`PureEval`](crate::PureEval), not both, so that a chain of
/// combinators has one meaning; [`lift`](crate::PureEvalExt::lift) leads from there to here.
/// `&E`, `Box<E>` and `Arc<E>` are evals where `E` is one, `dyn Eval` among them.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use probity_eval::{Eval, Llm, async_trait};
/// use probity_trace::TraceSnapshot;
///
/// struct RemoteLength;
///
/// #[async_trait]
/// impl Eval for RemoteLength {
///     type Artifact = String;
///     type Report = usize;
///     type Error = Infallible;
///
///     async fn evaluate(
///         &self,
///         _llm: &Llm,
///         _trace: &TraceSnapshot,
///         artifact: &String,
///     ) -> Result<usize, Infallible> {
///         tokio::task::yield_now().await;
///         Ok(artifact.len())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (llm, trace) = (Llm::without_model(), TraceSnapshot::default());
/// assert_eq!(RemoteLength.evaluate(&llm, &trace, &"hello".to_owned()).await, Ok(5));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no async `Eval`",
    label = "this is no async `Eval`",
    note = "a pure eval, such as one of `from_fn` or of `checks`, becomes one by `.lift()`, as the last call of its chain"
)]
#[async_trait]
pub trait Eval: Send + Sync {
    /// What the captured program made.
    type Artifact: ?Sized + Sync;

    /// What the eval finds.
    type Report: Send;

    /// Why there may be no report.
    type Error: Send;

    /// Judges one trace and one artifact.
    ///
    /// # Errors
    ///
    /// Errs where the artifact could not be judged, which is not the same as a bad report.
    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &Self::Artifact,
    ) -> Result<Self::Report, Self::Error>;

    /// Returns the name under which lists of evals report this one.
    ///
    /// None unless it was [`named`](crate::EvalExt::named); combinators over one eval keep it.
    fn name(&self) -> Option<&str> {
        None
    }
}
