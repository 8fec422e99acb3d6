//! Which trial is running: known to the code inside it, across every `.await`.

use std::{
    cell::RefCell,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

thread_local! {
    static CURRENT: RefCell<Option<Trial>> = const { RefCell::new(None) };
}

/// The case, the index and the seed of one trial.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{Trial, TrialError, pass_hat_k};
///
/// # futures::executor::block_on(async {
/// let metric = pass_hat_k(3, || async {
///     let trial = Trial::current().ok_or("no trial is running")?;
///     // Give the seed to the model, so that the trial can be repeated.
///     Ok(trial.index() < 3 && trial.seed() != 0)
/// })
/// .seed(7)
/// .await?;
/// assert_eq!(metric.passes, 3);
/// # Ok::<(), TrialError>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    case: Arc<str>,
    index: u32,
    seed: u64,
}

impl Trial {
    pub(crate) fn new(case: Arc<str>, index: u32, seed: u64) -> Self {
        Self { case, index, seed }
    }

    /// Returns the trial that is being polled on this thread, if any.
    ///
    /// A task that the trial spawns is not part of it; wrap its future with [`carried`](Self::carried).
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|current| current.try_borrow().ok()?.clone()).ok().flatten()
    }

    /// Returns the name of the case.
    pub fn case(&self) -> &str {
        &self.case
    }

    /// Returns the index among the trials of the case, from 0.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Returns the seed, which depends on the run's seed, the case's name and the index alone.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Makes this the current trial whenever the future is polled, also on another task.
    pub fn carried<F: Future>(self, future: F) -> InTrial<F> {
        InTrial { trial: self, future }
    }
}

pin_project! {
    /// Future of [`Trial::carried`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InTrial<F> {
        trial: Trial,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for InTrial<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = Entered::enter(this.trial.clone());
        this.future.poll(context)
    }
}

/// Puts the trial that was current before back when it is dropped, also by a panic.
struct Entered {
    before: Option<Trial>,
}

impl Entered {
    fn enter(trial: Trial) -> Self {
        Self { before: replace(Some(trial)) }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        replace(self.before.take());
    }
}

/// Sets the current trial; does nothing on a thread that is shutting down.
fn replace(trial: Option<Trial>) -> Option<Trial> {
    CURRENT
        .try_with(|current| std::mem::replace(&mut *current.try_borrow_mut().ok()?, trial))
        .ok()
        .flatten()
}
