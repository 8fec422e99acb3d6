//! The menu of pure evals: everything that can be done with a `PureEval`.

use std::{borrow::Borrow, error::Error, fmt::Display};

use crate::{
    captured::Captured,
    combinators::{
        AndThen, BoxPureEval, Combine, ContramapArtifact, ContramapArtifactOwned, InWords, Lift,
        MapError, MapReport, Named, OrElse, ScoredBy, SelfScored,
    },
    eval::Eval,
    objective::Objective,
    pure_eval::PureEval,
    scored::Scored,
    self_scoring::SelfScoring,
};

/// The combinators of [`PureEval`], on every type that is one.
///
/// Each takes the eval by value and gives another `PureEval`; call it on `&eval` to keep the eval.
/// Lists of evals are joined by [`all_of`](crate::all_of), [`any_of`](crate::any_of) and
/// [`weighted`](crate::weighted).
pub trait PureEvalExt: PureEval {
    /// Turns the report into another.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let good = grade.map_report(|grade| grade > 3);
    /// assert_eq!(good.evaluate(&TraceSnapshot::default(), "5"), Ok(true));
    /// ```
    fn map_report<R, F>(self, f: F) -> MapReport<Self, F>
    where
        Self: Sized,
        F: Fn(Self::Report) -> R,
    {
        assert_pure(MapReport::new(self, f))
    }

    /// Turns the error into another, to let evals with different errors work together.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let grade = grade.map_error(|error| format!("not a grade: {error}"));
    /// let error = grade.evaluate(&TraceSnapshot::default(), "five").unwrap_err();
    /// assert_eq!(error, "not a grade: invalid digit found in string");
    /// ```
    fn map_error<T, F>(self, f: F) -> MapError<Self, F>
    where
        Self: Sized,
        F: Fn(Self::Error) -> T,
    {
        assert_pure(MapError::new(self, f))
    }

    /// Turns the report into another or into an error, as [`Result::and_then`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// use std::convert::Infallible;
    ///
    /// let length = from_fn(|_, answer: &str| Ok::<_, Infallible>(answer.len()));
    /// let small = length.map_error(|never| match never {}).and_then(u8::try_from);
    /// assert_eq!(small.evaluate(&TraceSnapshot::default(), "hello"), Ok(5_u8));
    /// assert!(small.evaluate(&TraceSnapshot::default(), &"hello".repeat(100)).is_err());
    /// ```
    fn and_then<R, F>(self, f: F) -> AndThen<Self, F>
    where
        Self: Sized,
        F: Fn(Self::Report) -> Result<R, Self::Error>,
    {
        assert_pure(AndThen::new(self, f))
    }

    /// Turns the error into a report or into another error, as [`Result::or_else`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// use std::convert::Infallible;
    ///
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let grade = grade.or_else(|_| Ok::<_, Infallible>(0));
    /// assert_eq!(grade.evaluate(&TraceSnapshot::default(), "five"), Ok(0));
    /// ```
    fn or_else<T, F>(self, f: F) -> OrElse<Self, F>
    where
        Self: Sized,
        F: Fn(Self::Error) -> Result<Self::Report, T>,
    {
        assert_pure(OrElse::new(self, f))
    }

    /// Judges a part of a larger artifact, by reference.
    ///
    /// Where the part must be computed, use
    /// [`contramap_artifact_owned`](Self::contramap_artifact_owned).
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// struct Reply {
    ///     text: String,
    /// }
    ///
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let grade = grade.contramap_artifact(|reply: &Reply| reply.text.as_str());
    /// let reply = Reply { text: "5".to_owned() };
    /// assert_eq!(grade.evaluate(&TraceSnapshot::default(), &reply), Ok(5));
    /// ```
    fn contramap_artifact<B, F>(self, f: F) -> ContramapArtifact<Self, F, B>
    where
        Self: Sized,
        B: ?Sized,
        F: Fn(&B) -> &Self::Artifact,
    {
        assert_pure(ContramapArtifact::new(self, f))
    }

    /// Judges what is computed from another artifact.
    ///
    /// The closure returns the artifact or what lends it: a `String` for `str`, a `Vec` for a slice.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let grade = grade.contramap_artifact_owned(|digits: &[&str]| digits.concat());
    /// assert_eq!(grade.evaluate(&TraceSnapshot::default(), &["1", "5"]), Ok(15));
    /// ```
    fn contramap_artifact_owned<A, B, F>(self, f: F) -> ContramapArtifactOwned<Self, F, B>
    where
        Self: Sized,
        A: Borrow<Self::Artifact>,
        B: ?Sized,
        F: Fn(&B) -> A,
    {
        assert_pure(ContramapArtifactOwned::new(self, f))
    }

    /// Runs two evals on the same trace and artifact and merges their reports.
    ///
    /// The second does not run where the first errs.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let digits = from_fn(|_, answer: &str| Ok(answer.len()));
    /// let both = grade.combine(digits, |grade, digits| (grade, digits));
    /// assert_eq!(both.evaluate(&TraceSnapshot::default(), "15"), Ok((15, 2)));
    /// ```
    fn combine<O, R, F>(self, other: O, f: F) -> Combine<Self, O, F>
    where
        Self: Sized,
        O: PureEval<Artifact = Self::Artifact, Error = Self::Error>,
        F: Fn(Self::Report, O::Report) -> R,
    {
        assert_pure(Combine::new(self, other, f))
    }

    /// Scores the report by an objective, which may be given by reference.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// use probity_eval::maximize;
    ///
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let stars = maximize(|grade: &u8| f32::from(*grade)).within(0.0..=5.0).with_pass_mark(0.9);
    /// let scored = grade.scored_by(stars).evaluate(&TraceSnapshot::default(), "4")?;
    /// assert_eq!((scored.score.value(), scored.report, scored.passed), (0.8, 4, false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn scored_by<O>(self, objective: O) -> ScoredBy<Self, O>
    where
        Self: Sized,
        O: Objective<Self::Report>,
    {
        assert_pure(ScoredBy::new(self, objective))
    }

    /// Scores a report that knows its own score, as the reports of [`checks`](crate::checks) do.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let good = grade.map_report(|grade| grade > 3).scored();
    /// assert!(good.evaluate(&TraceSnapshot::default(), "5")?.passed);
    /// # Ok::<(), std::num::ParseIntError>(())
    /// ```
    fn scored(self) -> SelfScored<Self>
    where
        Self: PureEval<Report: SelfScoring> + Sized,
    {
        assert_pure(SelfScored::new(self))
    }

    /// Leaves of a scored report its text, and of the error a boxed one, so that evals with different
    /// reports and errors fit into one list.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// use probity_eval::{all_of, checks::contains, pass_fail};
    ///
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let both = all_of([
    ///     grade.scored_by(pass_fail(|grade| *grade > 3)).in_words().boxed(),
    ///     contains("5").scored().in_words().boxed(),
    /// ]);
    /// let scored = both.evaluate(&TraceSnapshot::default(), "5")?;
    /// assert_eq!(scored.report[0].scored.report, "5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn in_words<R>(self) -> InWords<Self>
    where
        Self: PureEval<Report = Scored<R>, Error: Into<Box<dyn Error + Send + Sync>>> + Sized,
        R: Display,
    {
        assert_pure(InWords::new(self))
    }

    /// Gives the eval a name, under which lists of evals report it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// assert_eq!(grade.named("grade").boxed().name(), Some("grade"));
    /// ```
    fn named(self, name: impl Into<String>) -> Named<Self>
    where
        Self: Sized,
    {
        assert_pure(Named::new(self, name.into()))
    }

    /// Makes an async [`Eval`] of it, for a list or a chain that has async evals too.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// use probity_eval::{Eval as _, Llm};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>()).lift();
    /// let (llm, trace) = (Llm::without_model(), TraceSnapshot::default());
    /// assert_eq!(grade.evaluate(&llm, &trace, "5").await, Ok(5));
    /// # }
    /// ```
    fn lift(self) -> Lift<Self>
    where
        Self: PureEval<Artifact: Sync, Report: Send, Error: Send> + Send + Sync + Sized,
    {
        assert_async(Lift::new(self))
    }

    /// Erases the type, so that different evals fit into one list.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEval as _, PureEvalExt as _, from_fn};
    /// # use probity_trace::TraceSnapshot;
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let evals = [(&grade).boxed(), (&grade).map_report(|grade| grade * 2).boxed()];
    /// let reports = evals.map(|eval| eval.evaluate(&TraceSnapshot::default(), "5"));
    /// assert_eq!(reports, [Ok(5), Ok(10)]);
    /// ```
    fn boxed<'a>(self) -> BoxPureEval<'a, Self::Artifact, Self::Report, Self::Error>
    where
        Self: Sized + Send + Sync + 'a,
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
    /// Passes on the error of [`PureEval::evaluate`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEvalExt as _, from_fn};
    /// use probity_trace::{Collected, TraceSnapshot};
    ///
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let collected = Collected::new("5".to_owned(), TraceSnapshot::default());
    /// assert_eq!(grade.run_collected(&collected), Ok(5));
    /// assert_eq!(collected.output, "5");
    /// ```
    fn run_collected<C>(&self, collected: &C) -> Result<Self::Report, Self::Error>
    where
        C: Captured<Output: Borrow<Self::Artifact>>,
    {
        self.evaluate(collected.trace(), collected.output().borrow())
    }

    /// Judges what a capture gave, and returns the record of it with the trace inside.
    ///
    /// A [`Collected`](probity_trace::Collected) gives an [`EvalRecord`](crate::EvalRecord), a
    /// [`CollectedRaw`](probity_trace::CollectedRaw) a [`RawEvalRecord`](crate::RawEvalRecord).
    /// The output of the captured program is dropped; clone it first to keep it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use probity_eval::{PureEvalExt as _, from_fn, pass_fail};
    /// use probity_trace::{Collected, TraceSnapshot};
    ///
    /// let grade = from_fn(|_, answer: &str| answer.parse::<u8>());
    /// let good = grade.scored_by(pass_fail(|grade| *grade > 3));
    ///
    /// let record = good.run(Collected::new("5".to_owned(), TraceSnapshot::default()));
    /// assert!(record.passed());
    ///
    /// let record = good.run(Collected::new("five".to_owned(), TraceSnapshot::default()));
    /// assert_eq!(record.error().unwrap().to_string(), "invalid digit found in string");
    /// ```
    fn run<C, R>(&self, collected: C) -> C::Record<R, Self::Error>
    where
        Self: PureEval<Report = Scored<R>>,
        C: Captured<Output: Borrow<Self::Artifact>>,
    {
        let outcome = self.run_collected(&collected);
        collected.into_record(outcome)
    }
}

impl<E: PureEval + ?Sized> PureEvalExt for E {}

/// Makes a wrong bound fail at the combinator rather than at its user.
fn assert_pure<E: PureEval>(eval: E) -> E {
    eval
}

/// Makes a wrong bound fail at the combinator rather than at its user.
fn assert_async<E: Eval>(eval: E) -> E {
    eval
}
