//! The trait of evals that compute.

use probity_trace::TraceSnapshot;

/// Judges a captured trace and the artifact that the program made, without asking anyone.
///
/// A pure eval gives the same report for the same trace and artifact.
/// The menu of what can be done with one is [`PureEvalExt`](crate::PureEvalExt);
/// [`lift`](crate::PureEvalExt::lift) makes it an async [`Eval`](crate::Eval).
/// `&E`, `Box<E>` and `Arc<E>` are evals where `E` is one, `dyn PureEval` among them.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use probity_eval::PureEval;
/// use probity_trace::TraceSnapshot;
///
/// struct ResponseLength;
///
/// impl PureEval for ResponseLength {
///     type Artifact = String;
///     type Report = usize;
///     type Error = Infallible;
///
///     fn evaluate(&self, _: &TraceSnapshot, artifact: &String) -> Result<usize, Infallible> {
///         Ok(artifact.chars().count())
///     }
/// }
///
/// let trace = TraceSnapshot::default();
/// assert_eq!(ResponseLength.evaluate(&trace, &"hello".to_owned()), Ok(5));
/// ```
///
/// [`from_fn`](crate::from_fn) makes the same of a closure.
pub trait PureEval {
    /// What the captured program made.
    type Artifact: ?Sized;

    /// What the eval finds.
    type Report;

    /// Why there may be no report.
    type Error;

    /// Judges one trace and one artifact.
    ///
    /// # Errors
    ///
    /// Errs where the artifact could not be judged, which is not the same as a bad report.
    fn evaluate(
        &self,
        trace: &TraceSnapshot,
        artifact: &Self::Artifact,
    ) -> Result<Self::Report, Self::Error>;

    /// Returns the name under which lists of evals report this one.
    ///
    /// None unless it was [`named`](crate::PureEvalExt::named); combinators over one eval keep it.
    fn name(&self) -> Option<&str> {
        None
    }
}
