//! What is run in a trial: a closure, alone or told its case.

use std::{error::Error, marker::PhantomData};

use crate::case::Case;

/// The error of a trial: any error, so that `?` works on whatever the agent returns.
///
/// It counts as failed unless it, or the trial's own model calls, show an infrastructure cause; see
/// [`NotGraded`](super::NotGraded).
pub type TrialError = Box<dyn Error + Send + Sync>;

/// Starts one trial of one case.
pub(super) trait Agent {
    /// What tells the agent which case it is.
    type Case: Copy;
    /// The running trial.
    type Run: Future<Output = Result<bool, TrialError>>;

    /// Calls the user's closure.
    fn start(&self, case: Self::Case) -> Self::Run;
}

/// A closure that takes nothing.
pub(super) struct Alone<F, Fut> {
    trial: F,
    run: PhantomData<fn() -> Fut>,
}

impl<F, Fut> Alone<F, Fut> {
    pub(super) fn new(trial: F) -> Self {
        Self { trial, run: PhantomData }
    }
}

impl<F, Fut> Agent for Alone<F, Fut>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    type Case = ();
    type Run = Fut;

    fn start(&self, (): ()) -> Fut {
        (self.trial)()
    }
}

/// A closure that takes its case.
pub(super) struct PerCase<'a, T, F, Fut> {
    trial: F,
    run: PhantomData<fn(&'a Case<T>) -> Fut>,
}

impl<T, F, Fut> PerCase<'_, T, F, Fut> {
    pub(super) fn new(trial: F) -> Self {
        Self { trial, run: PhantomData }
    }
}

impl<'a, T, F, Fut> Agent for PerCase<'a, T, F, Fut>
where
    F: Fn(&'a Case<T>) -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    type Case = &'a Case<T>;
    type Run = Fut;

    fn start(&self, case: &'a Case<T>) -> Fut {
        (self.trial)(case)
    }
}
