//! How a suite is run.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use probity_eval::{Prices, RateLimits};
use tokio_util::sync::CancellationToken;

use super::{progress::Watch, resume::Resume};
use crate::{
    gate::StopRule,
    select::Selection,
    store::{RunStore, Shard},
    trials::{DEFAULT_CONCURRENCY, TrialLimits},
};

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
    pub(crate) trials: u32,
    pub(crate) concurrency: usize,
    pub(crate) seed: u64,
    pub(crate) limits: TrialLimits,
    pub(crate) captures_raw: bool,
    pub(crate) rate_limits: RateLimits,
    pub(crate) max_attempts: u32,
    pub(crate) retry_wait: Duration,
    pub(crate) prices: Prices,
    pub(crate) total_cost_usd: Option<f64>,
    pub(crate) total_time: Option<Duration>,
    pub(crate) stop_rule: Option<StopRule>,
    pub(crate) shard: Option<Shard>,
    pub(crate) selection: Selection,
    pub(crate) store: Option<Arc<dyn RunStore>>,
    pub(crate) resume: Resume,
    pub(crate) retries_not_graded: bool,
    pub(crate) name: Option<String>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) drain: CancellationToken,
    pub(crate) cancel: CancellationToken,
    pub(crate) watch: Option<Arc<dyn Watch>>,
}

impl Default for Runner {
    fn default() -> Self {
        Self {
            trials: 1,
            concurrency: DEFAULT_CONCURRENCY,
            seed: 0,
            limits: TrialLimits::default(),
            captures_raw: false,
            rate_limits: RateLimits::new(),
            max_attempts: 5,
            retry_wait: Duration::from_secs(1),
            prices: Prices::new(),
            total_cost_usd: None,
            total_time: None,
            stop_rule: None,
            shard: None,
            selection: Selection::new(),
            store: None,
            resume: Resume::Never,
            retries_not_graded: false,
            name: None,
            labels: BTreeMap::new(),
            drain: CancellationToken::new(),
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

    /// Sets how long an agent may take for one attempt at a trial. One that takes longer has failed. The time in which all that it
    /// does is to wait until a model call may be sent does not count: for a [rate limit](Self::rate_limits), or since
    /// the provider refuses calls.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limits.time = Some(limit);
        self
    }

    /// Sets how many tokens the model calls of one attempt at a trial may use, of input and output together. An agent
    /// that uses more has failed.
    pub fn token_limit(mut self, tokens: u64) -> Self {
        self.limits.tokens = Some(tokens);
        self
    }

    /// Sets what the model calls of one attempt at a trial may cost, in US dollars, by the [`prices`](Self::prices). An
    /// agent that costs more has failed. Calls without a known price do not count; the watch is told of the first.
    pub fn cost_limit(mut self, dollars: f64) -> Self {
        self.limits.cost_usd = Some(dollars);
        self
    }

    /// Keeps what goes over the wire as well: requests, responses and stream events, without secrets. It is off unless
    /// told, since it may be large, and cannot be had together with limits on the tokens or the cost of a trial.
    pub fn capture_raw(mut self, raw: bool) -> Self {
        self.captures_raw = raw;
        self
    }

    /// Sets how often a trial is tried whose infrastructure fails; at least 1. The default is 5.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the wait before a trial is tried again, which doubles with each attempt. The default is a second.
    pub fn retry_wait(mut self, wait: Duration) -> Self {
        self.retry_wait = wait;
        self
    }

    /// Sets how many requests and tokens a minute go to providers, of all trials and judges together.
    ///
    /// Also without any, calls slow down where a provider refuses them. Which calls are meant, and how a task that an
    /// agent spawns takes part: see [`rate_limit`](probity_eval::rate_limit).
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = limits;
        self
    }

    /// Sets what models cost. The cost of a call whose model is not in the table is unknown, never 0.
    pub fn prices(mut self, prices: Prices) -> Self {
        self.prices = prices;
        self
    }

    /// Sets what the whole run may cost, in US dollars, of agents and judges together and of what its store holds of
    /// it already, its history aside. Once it has cost more, no trial is begun or scored anew any more; those under way are finished.
    pub fn total_cost_limit(mut self, dollars: f64) -> Self {
        self.total_cost_usd = Some(dollars);
        self
    }

    /// Sets how long the run may take. Then no trial is begun any more, and those under way are dropped.
    pub fn total_time_limit(mut self, limit: Duration) -> Self {
        self.total_time = Some(limit);
        self
    }

    /// Ends the run as soon as a rule is decided: then no trial is begun any more, and those under way are finished. A
    /// rule about `each` case begins no more trials of a case once that case is decided. The rates of such a run are
    /// biased, as its report says; the decision is not.
    pub fn stop_when(mut self, rule: StopRule) -> Self {
        self.stop_rule = Some(rule);
        self
    }

    /// Runs only one part of the trials, so that several machines may share a run.
    pub fn shard(mut self, shard: Shard) -> Self {
        self.shard = Some(shard);
        self
    }

    /// Runs only some of the cases.
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Keeps the run in a store. A trial then counts as finished once it is committed, and is not kept in memory.
    pub fn store(mut self, store: Arc<dyn RunStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Goes on with what the store holds of an earlier run.
    pub fn resume(mut self, resume: Resume) -> Self {
        self.resume = resume;
        self
    }

    /// Tries trials again that were not graded, when an earlier run goes on: one that an eval could not grade is scored
    /// anew, without running the agent; one that broke off is run again. What they were stays in their history.
    pub fn retry_not_graded(mut self, again: bool) -> Self {
        self.retries_not_graded = again;
        self
    }

    /// Gives the run a name, to find it by.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says something else of the run: a commit, a model.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Ends the run when the token is cancelled: no trial is begun any more, and those under way are finished.
    pub fn drain_with(mut self, token: CancellationToken) -> Self {
        self.drain = token;
        self
    }

    /// Ends the run when the token is cancelled: no trial is begun any more, and those under way are dropped.
    pub fn cancel_with(mut self, token: CancellationToken) -> Self {
        self.cancel = token;
        self
    }

    /// Tells of each trial as it ends; with a store, once it is committed.
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
            .field("limits", &self.limits)
            .field("max_attempts", &self.max_attempts)
            .field("retry_wait", &self.retry_wait)
            .field("shard", &self.shard)
            .field("store", &self.store)
            .field("resume", &self.resume)
            .finish_non_exhaustive()
    }
}
