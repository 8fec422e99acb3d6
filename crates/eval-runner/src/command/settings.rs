//! Makes the settings of a run from those of the suite and from arguments, which count more.

use std::{fs, path::Path, sync::Arc};

use probity_eval::{Prices, RateLimits};

use super::{
    arguments::{Arguments, KeepArguments, RunArguments},
    error::CommandError,
    run_error,
};
use crate::{
    runner::{Resume, Runner},
    store::{self, RunStore},
};

/// Where a measured run is kept unless told otherwise: in the folder of its package, where cargo runs it.
const STORE: &str = "probity.db";

/// The place that keeps nothing.
const NOWHERE: &str = "none";

/// Sets on a runner what arguments say.
pub(super) fn settings(runner: Runner, arguments: &Arguments) -> Result<Runner, CommandError> {
    let Arguments { harness, run, keep, .. } = arguments;
    let concurrency = run.concurrency.or(harness.test_threads);
    let concurrency = concurrency.and_then(|trials| usize::try_from(trials).ok());
    let prices = match &run.prices {
        None => None,
        // Those of the user count more than those of the suite.
        Some(file) => Some(runner.prices.clone().merge(prices(file)?)),
    };
    let runner = with(runner, run.trials, Runner::trials);
    let runner = with(runner, concurrency, Runner::concurrency);
    let runner = with(runner, prices, Runner::prices);
    keeping(limits(runner, run), keep)
}

fn limits(runner: Runner, run: &RunArguments) -> Runner {
    let runner = with(runner, run.seed, Runner::seed);
    let runner = with(runner, run.shard, Runner::shard);
    let runner = with(runner, run.timeout, Runner::time_limit);
    let runner = with(runner, run.max_tokens, Runner::token_limit);
    let runner = with(runner, run.max_cost, Runner::cost_limit);
    let runner = with(runner, run.total_cost, Runner::total_cost_limit);
    let runner = with(runner, run.total_time, Runner::total_time_limit);
    let runner = with(runner, run.stop_when, Runner::stop_when);
    let runner = with(runner, run.max_attempts, Runner::max_attempts);
    let runner = with(runner, run.raw.then_some(true), Runner::capture_raw);
    // Those of the suite stay, for the providers that arguments do not name.
    let limits = runner.rate_limits.clone();
    let limits = run.rpm.iter().cloned().fold(limits, RateLimits::with_requests_per_minute);
    let limits = run.tpm.iter().cloned().fold(limits, RateLimits::with_tokens_per_minute);
    runner.rate_limits(limits)
}

fn keeping(runner: Runner, keep: &KeepArguments) -> Result<Runner, CommandError> {
    let resume = match (keep.resume, keep.allow_changed) {
        (resume, false) => resume,
        (None | Some(Resume::Latest), true) => Some(Resume::LatestOrNew),
        (Some(_), true) => {
            return Err(CommandError::usage(
                "the run that --resume names goes on or not at all; leave --allow-changed out",
            ));
        }
    };
    let again = keep.retry_not_graded.then_some(true);
    let runner = with(runner, resume, Runner::resume);
    let runner = with(runner, again, Runner::retry_not_graded);
    let runner = with(runner, keep.name.clone(), Runner::name);
    let labels = keep.labels.iter();
    Ok(labels.fold(runner, |runner, (key, value)| runner.label(key, value)))
}

/// Sets something if it is given.
fn with<T>(runner: Runner, value: Option<T>, set: impl FnOnce(Runner, T) -> Runner) -> Runner {
    match value {
        Some(value) => set(runner, value),
        None => runner,
    }
}

fn prices(file: &Path) -> Result<Prices, CommandError> {
    let place = file.display();
    let json = fs::read_to_string(file).map_err(|error| {
        CommandError::usage(format!("the prices {place} cannot be read: {error}"))
    })?;
    Prices::from_json(&json)
        .map_err(|error| CommandError::usage(format!("{place} is no table of prices: {error}")))
}

/// Which stores are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// The one that somebody named, if anybody did.
    Named,
    /// The same, but no file is made and nothing is changed.
    NamedIfThere,
    /// The default one, if nobody named another.
    Default,
    /// The same, but no file is made and nothing is changed.
    DefaultIfThere,
}

impl Open {
    /// Opens the same, but makes no file and changes nothing.
    pub(super) fn if_there(self) -> Self {
        match self {
            Self::Named | Self::NamedIfThere => Self::NamedIfThere,
            Self::Default | Self::DefaultIfThere => Self::DefaultIfThere,
        }
    }

    fn has_default(self) -> bool {
        cfg!(feature = "sqlite") && matches!(self, Self::Default | Self::DefaultIfThere)
    }
}

/// Opens the store of a run: the one of the arguments, else the one of the suite, else the default.
pub(super) async fn store(
    runner: &Runner,
    keep: &KeepArguments,
    open: Open,
) -> Result<Option<Arc<dyn RunStore>>, CommandError> {
    let place = match (&keep.store, &runner.store) {
        (Some(place), _) if place == NOWHERE => return refuse_without_store(keep).map(|()| None),
        (Some(place), _) => place,
        (None, Some(store)) => return Ok(Some(Arc::clone(store))),
        (None, None) if open.has_default() => STORE,
        (None, None) => return refuse_without_store(keep).map(|()| None),
    };
    let only_looks = open == open.if_there();
    if only_looks && !place.contains("://") && !Path::new(place).exists() {
        return Ok(None);
    }
    let opened =
        if only_looks { store::open_read_only(place).await } else { store::open(place).await };
    opened.map(Some).map_err(|error| run_error::store_error(&error))
}

fn refuse_without_store(keep: &KeepArguments) -> Result<(), CommandError> {
    let needs = [
        (keep.resume.is_some(), "--resume"),
        (keep.save_baseline.is_some(), "--save-baseline"),
        (keep.baseline.is_some(), "--baseline"),
        (keep.baseline_lenient.is_some(), "--baseline-lenient"),
    ];
    match needs.into_iter().find(|(given, _)| *given) {
        Some((_, argument)) => Err(CommandError::usage(format!(
            "{argument} needs a store, and this run keeps nothing; say where with --store"
        ))),
        None => Ok(()),
    }
}
