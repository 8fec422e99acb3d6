//! How a suite is run.

use std::{fmt, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::progress::Watch;
use crate::trials::DEFAULT_CONCURRENCY;

/// Runs suites.
///
/// Trials are spawned on tokio's runtime, so a multi-thread runtime runs them on all cores. A trial whose
/// infrastructure failed is tried again, a bounded number of times; one that failed is not.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval_runner::{Case, runner::Runner, suite::Suite};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let suite = Suite::new("doubler", [Case::new("two", 2), Case::new("three", 3)])
///     .agent("1", |case: Arc<Case<i32>>| async move { Ok(case.input * 2) });
/// let run = Runner::new().trials(4).seed(1).run(suite).await?;
/// assert_eq!(run.tally().passed, 8);
/// println!("{}", run.report()?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a runner does nothing unless it runs a suite"]
pub struct Runner {
    pub(super) trials: u32,
    pub(super) concurrency: usize,
    pub(super) seed: u64,
    pub(super) time_limit: Option<Duration>,
    pub(super) max_attempts: u32,
    pub(super) retry_wait: Duration,
    pub(super) cancel: CancellationToken,
    pub(super) watch: Option<Arc<dyn Watch>>,
}

impl Default for Runner {
    fn default() -> Self {
        Self {
            trials: 1,
            concurrency: DEFAULT_CONCURRENCY,
            seed: 0,
            time_limit: None,
            max_attempts: 3,
            retry_wait: Duration::from_secs(1),
            cancel: CancellationToken::new(),
            watch: None,
        }
    }
}

impl Runner {
    /// Runs each case once, unless told otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how often each case is run; at least 1.
    pub fn trials(mut self, trials: u32) -> Self {
        self.trials = trials.max(1);
        self
    }

    /// Sets how many trials run at once at most; at least 1.
    pub fn concurrency(mut self, trials: usize) -> Self {
        self.concurrency = trials.max(1);
        self
    }

    /// Sets the seed of the run, from which each trial gets its own.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets how long an agent may take for one trial. One that takes longer has failed.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    /// Sets how often a trial is tried whose infrastructure fails; at least 1. The default is 3.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the wait before a trial is tried again, which doubles with each attempt. The default is a second.
    pub fn retry_wait(mut self, wait: Duration) -> Self {
        self.retry_wait = wait;
        self
    }

    /// Ends the run when the token is cancelled: no trial is begun any more, and those under way are dropped.
    pub fn cancel_with(mut self, token: CancellationToken) -> Self {
        self.cancel = token;
        self
    }

    /// Tells of each trial as it ends.
    pub fn watch(mut self, watch: impl Watch + 'static) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("trials", &self.trials)
            .field("concurrency", &self.concurrency)
            .field("seed", &self.seed)
            .field("time_limit", &self.time_limit)
            .field("max_attempts", &self.max_attempts)
            .field("retry_wait", &self.retry_wait)
            .finish_non_exhaustive()
    }
}
