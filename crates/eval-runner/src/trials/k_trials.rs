//! `pass_at_k` and `pass_hat_k`: one case, run many times.

use std::{
    any::type_name,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use super::{
    agent::{Alone, TrialError},
    drive::{Drive, Planned},
    k_metric::KMetric,
    record::{TrialRecord, why_not_graded},
    settings::{Settings, SettingsError, settings_methods},
};
use crate::report::MetricError;

/// Measures how likely it is that at least `n` of `k` trials pass.
///
/// Await it for a [`KMetric`]. It runs `k` trials unless told otherwise, which is one draw of the metric; ask for
/// more with [`trials`](KTrials::trials) to get an estimate.
///
/// The closure may borrow, and neither it nor its future need be `Send`: all trials run on the task that awaits
/// this, so on one core, and a limit of time acts where a trial awaits. A trial finds its index and seed with
/// [`Trial::current`](super::Trial::current), has a capture of its own, and cannot take the others down with it
/// if it panics.
///
/// A trial that captures by itself, with a [`capture`](probity_trace::capture()) inside, hides the model calls in
/// there from the trial's own trace, and so from the check for faults that are not graded: a rate limit then
/// counts as failed. Set [`visible_outside`](probity_trace::Capture::visible_outside) on the inner capture.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{TrialError, pass_at_k};
///
/// # futures::executor::block_on(async {
/// async fn agent(question: &str) -> Result<String, TrialError> {
///     Ok(format!("{question}: correct answer"))
/// }
///
/// let metric = pass_at_k(10, 1, || async {
///     let answer = agent("what is 6 x 7").await?;
///     Ok(answer.contains("correct answer"))
/// })
/// .trials(40)
/// .seed(1)
/// .await?;
///
/// assert_eq!((metric.passes, metric.trials), (40, 40));
/// println!("{metric}");
/// # Ok::<(), TrialError>(())
/// # }).unwrap();
/// ```
pub fn pass_at_k<F, Fut>(k: u32, n: u32, trial: F) -> KTrials<F>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    KTrials {
        asked: Asked { k, required: n },
        trials: k,
        case: "case".into(),
        settings: Settings::default(),
        trial,
    }
}

/// Measures how likely it is that all of `k` trials pass.
///
/// The same as [`pass_at_k`] with `n = k`.
pub fn pass_hat_k<F, Fut>(k: u32, trial: F) -> KTrials<F>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    pass_at_k(k, k, trial)
}

/// The builder of [`pass_at_k`] and [`pass_hat_k`].
#[must_use = "trials do not run unless awaited"]
#[derive(Clone)]
pub struct KTrials<F> {
    asked: Asked,
    trials: u32,
    case: Arc<str>,
    settings: Settings,
    trial: F,
}

/// What the metric asks for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    k: u32,
    required: u32,
}

impl<F> KTrials<F> {
    settings_methods!();

    /// Sets the number of trials to run, at least `k`.
    pub fn trials(mut self, trials: u32) -> Self {
        self.trials = trials;
        self
    }

    /// Names the case; the name enters the seeds, the traces and the report. It is `case` unless told otherwise.
    pub fn case(mut self, id: impl Into<String>) -> Self {
        self.case = id.into().into();
        self
    }

    /// Checks what was asked for.
    fn check(&self) -> Result<(), KMetricError> {
        let Asked { k, required } = self.asked;
        if k == 0 {
            return Err(KMetricError::NoDraw);
        }
        if required > k {
            return Err(KMetricError::RequiredBeyondK { required, k });
        }
        if k > self.trials {
            return Err(KMetricError::KBeyondTrials { k, trials: self.trials });
        }
        Ok(())
    }
}

/// Shows the settings and the type of the closure.
impl<F> fmt::Debug for KTrials<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KTrials")
            .field("asked", &self.asked)
            .field("trials", &self.trials)
            .field("case", &self.case)
            .field("settings", &self.settings)
            .field("trial", &type_name::<F>())
            .finish()
    }
}

impl<F, Fut> IntoFuture for KTrials<F>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    type Output = Result<KMetric, KMetricError>;
    type IntoFuture = KFuture<F, Fut>;

    fn into_future(self) -> KFuture<F, Fut> {
        let refused = self.check().err();
        let plan = vec![Planned { id: self.case, case: () }];
        KFuture {
            asked: self.asked,
            refused,
            drive: Drive::new(Alone::new(self.trial), plan, self.trials, self.settings),
        }
    }
}

/// Future of [`KTrials`]; `Send` where the closure is `Send + Sync` and its future `Send`.
#[must_use = "futures do nothing unless polled"]
pub struct KFuture<F, Fut>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    asked: Asked,
    refused: Option<KMetricError>,
    drive: Drive<Alone<F, Fut>>,
}

impl<F, Fut> fmt::Debug for KFuture<F, Fut>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KFuture").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl<F, Fut> Future for KFuture<F, Fut>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<bool, TrialError>>,
{
    type Output = Result<KMetric, KMetricError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(refused) = self.refused.take() {
            return Poll::Ready(Err(refused));
        }
        let records = ready!(Pin::new(&mut self.drive).poll(context))?;
        if records.iter().all(|record| record.outcome.is_not_graded()) {
            return Poll::Ready(Err(KMetricError::NothingGraded { records }));
        }
        let Asked { k, required } = self.asked;
        Poll::Ready(Ok(KMetric::of(k, required, records)?))
    }
}

/// Why trials gave no metric.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum KMetricError {
    /// `k` is 0.
    #[error("k is 0: a metric over k trials needs k of at least 1")]
    NoDraw,
    /// More passes are required than `k`.
    #[error("{required} passes of {k} trials are required: at most k can be")]
    RequiredBeyondK {
        /// The number of passes required.
        required: u32,
        /// The number of trials the metric is about.
        k: u32,
    },
    /// Fewer trials are to run than the metric is about.
    #[error(
        "k is {k} and only {trials} trials are to run: no unbiased estimate exists for k above that"
    )]
    KBeyondTrials {
        /// The number of trials the metric is about.
        k: u32,
        /// The number of trials to run.
        trials: u32,
    },
    /// The trials could not start.
    #[error("the trials could not start")]
    Settings(#[from] SettingsError),
    /// No trial could be graded.
    #[error("{}", why_not_graded(.records))]
    NothingGraded {
        /// All trials, each with its reason and its trace.
        records: Vec<TrialRecord>,
    },
    /// The trials that ran have no estimate.
    #[error("the trials have no estimate")]
    Estimate(#[from] MetricError),
}
