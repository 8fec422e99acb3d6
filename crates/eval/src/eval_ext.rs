//! The menu of async evals: everything that can be done with an `Eval`.

use std::{borrow::Borrow, error::Error, fmt::Display};

use crate::{
    captured::Captured,
    combinators::{
        AndThen, BoxEval, Combine, ContramapArtifact, ContramapArtifactOwned, InWords, MapError,
        MapReport, Named, OrElse, ScoredBy, SelfScored,
    },
    eval::Eval,
    leaf::BoxFuture,
    llm::Llm,
    objective::Objective,
    scored::Scored,
    self_scoring::SelfScoring,
};

/// The combinators of [`Eval`], on every type that is one.
///
/// They are those of [`PureEvalExt`](crate::PureEvalExt), where each has an example of its own.
/// Each takes the eval by value and gives another `Eval`; call it on `&eval` to keep the eval.
/// Lists of evals are joined by [`all_of`](crate::all_of), [`any_of`](crate::any_of) and
/// [`weighted`](crate::weighted).
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use probity_eval::{EvalExt as _, Llm, from_async_fn, maximize};
/// use probity_trace::{Collected, TraceSnapshot};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let stars = from_async_fn(|_llm, _trace, answer: &str| {
///     Box::pin(async move {
///         tokio::task::yield_now().await; // A judge would be asked here.
///         Ok::<_, Infallible>(if answer.contains("please") { 5_u8 } else { 2 })
///     })
/// });
/// let eval = stars.map_report(f32::from).scored_by(maximize(|n: &f32| *n).within(1.0..=5.0));
///
/// let collected = Collected::new("yes, please".to_owned(), TraceSnapshot::default());
/// let record = eval.run(&Llm::without_model(), collected).await;
/// assert!(record.passed());
/// # }
/// ```
pub trait EvalExt: Eval {
    /// Turns the report into another.
    fn map_report<R, F>(self, f: F) -> MapReport<Self, F>
    where
        Self: Sized,
        R: Send,
        F: Fn(Self::Report) -> R + Send + Sync,
    {
        assert_eval(MapReport::new(self, f))
    }

    /// Turns the error into another, to let evals with different errors work together.
    fn map_error<T, F>(self, f: F) -> MapError<Self, F>
    where
        Self: Sized,
        T: Send,
        F: Fn(Self::Error) -> T + Send + Sync,
    {
        assert_eval(MapError::new(self, f))
    }

    /// Turns the report into another or into an error, as [`Result::and_then`] does.
    fn and_then<R, F>(self, f: F) -> AndThen<Self, F>
    where
        Self: Sized,
        R: Send,
        F: Fn(Self::Report) -> Result<R, Self::Error> + Send + Sync,
    {
        assert_eval(AndThen::new(self, f))
    }

    /// Turns the error into a report or into another error, as [`Result::or_else`] does.
    fn or_else<T, F>(self, f: F) -> OrElse<Self, F>
    where
        Self: Sized,
        T: Send,
        F: Fn(Self::Error) -> Result<Self::Report, T> + Send + Sync,
    {
        assert_eval(OrElse::new(self, f))
    }

    /// Judges a part of a larger artifact, by reference.
    ///
    /// Where the part must be computed, use
    /// [`contramap_artifact_owned`](Self::contramap_artifact_owned).
    fn contramap_artifact<B, F>(self, f: F) -> ContramapArtifact<Self, F, B>
    where
        Self: Sized,
        B: ?Sized + Sync,
        F: Fn(&B) -> &Self::Artifact + Send + Sync,
    {
        assert_eval(ContramapArtifact::new(self, f))
    }

    /// Judges what is computed from another artifact.
    ///
    /// The closure returns the artifact or what lends it: a `String` for `str`, a `Vec` for a slice.
    fn contramap_artifact_owned<A, B, F>(self, f: F) -> ContramapArtifactOwned<Self, F, B>
    where
        Self: Sized,
        A: Borrow<Self::Artifact> + Send,
        B: ?Sized + Sync,
        F: Fn(&B) -> A + Send + Sync,
    {
        assert_eval(ContramapArtifactOwned::new(self, f))
    }

    /// Runs two evals on the same trace and artifact and merges their reports.
    ///
    /// The second starts when the first has reported, and does not run where that errs.
    fn combine<O, R, F>(self, other: O, f: F) -> Combine<Self, O, F>
    where
        Self: Sized,
        O: Eval<Artifact = Self::Artifact, Error = Self::Error>,
        R: Send,
        F: Fn(Self::Report, O::Report) -> R + Send + Sync,
    {
        assert_eval(Combine::new(self, other, f))
    }

    /// Scores the report by an objective, which may be given by reference.
    fn scored_by<O>(self, objective: O) -> ScoredBy<Self, O>
    where
        Self: Sized,
        O: Objective<Self::Report> + Send + Sync,
    {
        assert_eval(ScoredBy::new(self, objective))
    }

    /// Scores a report that knows its own score; see [`SelfScoring`].
    fn scored(self) -> SelfScored<Self>
    where
        Self: Eval<Report: SelfScoring> + Sized,
    {
        assert_eval(SelfScored::new(self))
    }

    /// Leaves of a scored report its text, and of the error a boxed one, so that evals with different
    /// reports and errors fit into one list.
    fn in_words<R>(self) -> InWords<Self>
    where
        Self: Eval<Report = Scored<R>, Error: Into<Box<dyn Error + Send + Sync>>> + Sized,
        R: Display + Send,
    {
        assert_eval(InWords::new(self))
    }

    /// Gives the eval a name, under which lists of evals report it.
    fn named(self, name: impl Into<String>) -> Named<Self>
    where
        Self: Sized,
    {
        assert_eval(Named::new(self, name.into()))
    }

    /// Erases the type, so that different evals fit into one list.
    fn boxed<'a>(self) -> BoxEval<'a, Self::Artifact, Self::Report, Self::Error>
    where
        Self: Sized + 'a,
    {
        Box::new(self)
    }

    /// Judges what a capture gave, and leaves it with the caller.
    ///
    /// The output of the captured program is the artifact or lends it: a `String` serves an eval of
    /// `str`.
    ///
    /// # Errors
    ///
    /// Passes on the error of [`Eval::evaluate`].
    fn run_collected<'a, C>(
        &'a self,
        ctx: &'a Llm,
        collected: &'a C,
    ) -> BoxFuture<'a, Result<Self::Report, Self::Error>>
    where
        C: Captured<Output: Borrow<Self::Artifact>>,
    {
        self.evaluate(ctx, collected.trace(), collected.output().borrow())
    }

    /// Judges what a capture gave, and returns the record of it with the trace inside.
    ///
    /// A [`Collected`](probity_trace::Collected) gives an [`EvalRecord`](crate::EvalRecord), a
    /// [`CollectedRaw`](probity_trace::CollectedRaw) a [`RawEvalRecord`](crate::RawEvalRecord).
    /// The output of the captured program is dropped; clone it first to keep it.
    fn run<C, R>(
        &self,
        ctx: &Llm,
        collected: C,
    ) -> impl Future<Output = C::Record<R, Self::Error>> + Send
    where
        Self: Eval<Report = Scored<R>>,
        C: Captured<Output: Borrow<Self::Artifact>> + Send + Sync,
        R: Send,
    {
        async move {
            let outcome = self.run_collected(ctx, &collected).await;
            collected.into_record(outcome)
        }
    }
}

impl<E: Eval + ?Sized> EvalExt for E {}

/// Makes a wrong bound fail at the combinator rather than at its user.
fn assert_eval<E: Eval>(eval: E) -> E {
    eval
}
