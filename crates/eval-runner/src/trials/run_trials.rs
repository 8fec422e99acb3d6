//! `run_trials`: many cases, each run many times.

use std::{
    any::type_name,
    collections::HashSet,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use crate::case::Case;

use super::{
    agent::{PerCase, TrialError},
    drive::{Drive, Planned},
    record::why_not_graded,
    run::TrialRun,
    settings::{Settings, SettingsError, settings_methods},
};

/// Runs every case `trials` times.
///
/// Await it for a [`TrialRun`], whose order does not depend on which trial ends first. The closure is called once
/// per trial with its case; what is said at [`pass_at_k`](super::pass_at_k) of borrowing, of captures and of
/// panics holds here too: all trials share the task that awaits this, at most
/// [`DEFAULT_CONCURRENCY`](super::DEFAULT_CONCURRENCY) at a time unless told otherwise.
///
/// A trial that captures by itself, with a [`capture`](probity_trace::capture()) inside, hides the model calls in
/// there from the trial's own trace, and so from the check for faults that are not graded: a rate limit then
/// counts as failed. Set [`visible_outside`](probity_trace::Capture::visible_outside) on the inner capture.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{Case, TrialError, run_trials};
///
/// # futures::executor::block_on(async {
/// let cases = [Case::new("small", 2_u64), Case::new("large", 1_000)];
/// let run = run_trials(&cases, 4, |case| async move {
///     let doubled = case.input * 2; // the agent
///     Ok(doubled < 100)
/// })
/// .concurrency(2)
/// .await?;
///
/// println!("{}", run.report("doubler")?);
/// assert_eq!(run.tally().passed, 4);
/// # Ok::<(), TrialError>(())
/// # }).unwrap();
/// ```
pub fn run_trials<'a, T, F, Fut>(cases: &'a [Case<T>], trials: u32, trial: F) -> RunTrials<'a, T, F>
where
    F: Fn(&'a Case<T>) -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    RunTrials { cases, trials, settings: Settings::default(), trial }
}

/// The builder of [`run_trials`].
#[must_use = "trials do not run unless awaited"]
#[derive(Clone)]
pub struct RunTrials<'a, T, F> {
    cases: &'a [Case<T>],
    trials: u32,
    settings: Settings,
    trial: F,
}

impl<T, F> RunTrials<'_, T, F> {
    settings_methods!();

    /// Checks what was asked for.
    fn check(&self) -> Result<(), RunTrialsError> {
        if self.cases.is_empty() {
            return Err(RunTrialsError::NoCases);
        }
        if self.trials == 0 {
            return Err(RunTrialsError::NoTrials);
        }
        let mut seen = HashSet::new();
        match self.cases.iter().find(|case| !seen.insert(&case.id)) {
            Some(twice) => Err(RunTrialsError::DuplicateCase { id: twice.id.clone() }),
            None => Ok(()),
        }
    }
}

/// Shows the settings and the type of the closure.
impl<T, F> fmt::Debug for RunTrials<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunTrials")
            .field("cases", &self.cases.len())
            .field("trials", &self.trials)
            .field("settings", &self.settings)
            .field("trial", &type_name::<F>())
            .finish()
    }
}

impl<'a, T, F, Fut> IntoFuture for RunTrials<'a, T, F>
where
    F: Fn(&'a Case<T>) -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    type Output = Result<TrialRun, RunTrialsError>;
    type IntoFuture = RunFuture<'a, T, F, Fut>;

    fn into_future(self) -> RunFuture<'a, T, F, Fut> {
        let refused = self.check().err();
        let plan = self.cases.iter().map(|case| Planned { id: case.id.as_str().into(), case });
        RunFuture {
            cases: self.cases,
            trials: self.trials,
            seed: self.settings.seed,
            refused,
            drive: Drive::new(PerCase::new(self.trial), plan.collect(), self.trials, self.settings),
        }
    }
}

/// Future of [`RunTrials`]; `Send` where the closure is `Send + Sync`, its future `Send` and a case `Sync`.
#[must_use = "futures do nothing unless polled"]
pub struct RunFuture<'a, T, F, Fut>
where
    F: Fn(&'a Case<T>) -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    cases: &'a [Case<T>],
    trials: u32,
    seed: u64,
    refused: Option<RunTrialsError>,
    drive: Drive<PerCase<'a, T, F, Fut>>,
}

impl<'a, T, F, Fut> fmt::Debug for RunFuture<'a, T, F, Fut>
where
    F: Fn(&'a Case<T>) -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunFuture")
            .field("cases", &self.cases.len())
            .field("trials", &self.trials)
            .finish_non_exhaustive()
    }
}

impl<'a, T, F, Fut> Future for RunFuture<'a, T, F, Fut>
where
    F: Fn(&'a Case<T>) -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    type Output = Result<TrialRun, RunTrialsError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(refused) = self.refused.take() {
            return Poll::Ready(Err(refused));
        }
        let records = ready!(Pin::new(&mut self.drive).poll(context))?;
        let nothing_graded = records
            .iter()
            .all(|record| record.outcome.is_not_graded())
            .then(|| why_not_graded(&records));
        let ids = self.cases.iter().map(|case| case.id.clone()).collect();
        let run = TrialRun::of(self.seed, ids, self.trials, records);
        Poll::Ready(match nothing_graded {
            Some(why) => Err(RunTrialsError::NothingGraded { why, run }),
            None => Ok(run),
        })
    }
}

/// Why cases gave no run.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum RunTrialsError {
    /// There is no case.
    #[error("there is no case to run")]
    NoCases,
    /// No trial is to run.
    #[error("0 trials are to run: at least 1 is needed")]
    NoTrials,
    /// Two cases have the same name.
    #[error("two cases are named {id:?}: results would be mixed up")]
    DuplicateCase {
        /// The name.
        id: String,
    },
    /// The trials could not start.
    #[error("the trials could not start")]
    Settings(#[from] SettingsError),
    /// No trial of any case could be graded.
    #[error("{why}")]
    NothingGraded {
        /// How many trials there were, and the reason of the first.
        why: String,
        /// The run, each trial with its reason and its trace.
        run: TrialRun,
    },
}
