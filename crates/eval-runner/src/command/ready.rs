//! What a run needs before it begins, measured or tested: a store, what it is held against, a plan that can be decided.

use std::sync::Arc;

use super::{
    arguments::Arguments,
    baseline::Against,
    choose::Chosen,
    console::Console,
    error::CommandError,
    gating::Gating,
    job::Job,
    outputs, run_error,
    settings::{self, Open},
    stopping,
};
use crate::{
    runner::{Resume, Runner},
    store::RunStore,
};

/// What a run needs before it begins.
pub(super) struct Ready {
    /// How the suite is run, with the store.
    pub(super) runner: Runner,
    /// Where the run is kept, if anywhere.
    pub(super) store: Option<Arc<dyn RunStore>>,
    /// What the run is held against, if anything.
    pub(super) against: Option<Against>,
}

impl Ready {
    /// Checks the files that are asked for, opens the store and finds the baseline.
    pub(super) async fn new(
        runner: Runner,
        (arguments, open): (&Arguments, Open),
        console: Console,
    ) -> Result<Self, CommandError> {
        outputs::check(&arguments.report)?;
        let open = if arguments.report.dry { open.if_there() } else { open };
        let store = settings::store(&runner, &arguments.keep, open).await?;
        let against = Against::find(store.as_deref(), &arguments.keep, console).await?;
        let runner = match &store {
            Some(store) => runner.store(Arc::clone(store)),
            None => runner,
        };
        Ok(Self { runner, store, against })
    }
}

/// Refuses what the planned trials cannot decide or show.
pub(super) async fn check(
    (job, chosen): (&Job, &Chosen),
    (runner, arguments): (&Runner, &Arguments),
    gating: Option<&Gating<'_>>,
) -> Result<(), CommandError> {
    let report = &arguments.report;
    if gating.is_none() && runner.stop_rule.is_none() && report.k.is_none() {
        return Ok(());
    }
    let trials = trials(job, runner).await?;
    report.check_k(trials)?;
    if let Some(gating) = gating {
        gating.check(job, chosen, trials)?;
        runner.stop_rule.as_ref().map_or(Ok(()), |stop| gating.check_stopping(stop))?;
    }
    stopping::check(runner, chosen.cases.len(), trials)
}

/// Returns how often each case will have been run.
async fn trials(job: &Job, runner: &Runner) -> Result<u32, CommandError> {
    if runner.resume == Resume::Never {
        return Ok(runner.trials);
    }
    let preview = job.preview(runner).await.map_err(run_error::command_error)?;
    Ok(preview.trials)
}
