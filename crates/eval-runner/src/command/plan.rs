//! Prints what a run would do, and runs nothing.

use super::{
    arguments::ReportArguments, baseline::Against, choose::Chosen, console::Console,
    error::CommandError, gating::Gating, job::Job, run_error, stopping, words::counted,
};
use crate::{
    facts::RunFacts,
    gate::{Prospect, exit},
    runner::{Preview, Runner},
    stats::real,
    store::{RunQuery, RunStore, Spending, StoreError},
};

/// Prints what a run would do, and returns the code to exit with: whether the gate can be decided.
pub(super) async fn print(
    (job, chosen): (&Job, &Chosen),
    (runner, arguments): (&Runner, &ReportArguments),
    (gating, against): (Option<&Gating<'_>>, Option<&Against>),
    console: Console,
) -> Result<u8, CommandError> {
    let preview = job.preview(runner).await.map_err(run_error::command_error)?;
    arguments.check_k(preview.trials)?;
    let all = counted(job.cases.len() as u64, "case");
    let cases = if chosen.is_whole() { all } else { format!("{} of {all}", chosen.cases.len()) };
    let trials = counted(u64::from(preview.trials), "trial");
    console.line(format_args!("{}   {cases} × {trials}   {} planned", job.name, preview.planned));
    for line in course(&preview) {
        console.line(format_args!("  {line}"));
    }
    if let Some(store) = &runner.store {
        console.line(format_args!("  kept in {}", store.place()));
    }
    let earlier = known_earlier(job, runner, &preview, against).await?;
    for line in costs(&preview, earlier.as_ref()) {
        console.line(format_args!("  {line}"));
    }
    let mut code = exit::MET;
    if let Some(rule) = runner.stop_rule {
        match stopping::prospect(rule, chosen.cases.len(), preview.trials) {
            Ok(line) => console.line(format_args!("  {line}")),
            Err(line) => {
                console.line(format_args!("  {line}"));
                code = exit::USAGE;
            }
        }
    }
    let Some(gating) = gating else { return Ok(code) };
    if let Some(Err(refused)) = runner.stop_rule.map(|stop| gating.check_stopping(&stop)) {
        console.line(format_args!("  {refused}"));
        code = exit::USAGE;
    }
    let outlook = gating.outlook(job, chosen, preview.trials);
    console.line(format_args!("\n{outlook}"));
    let out = |prospect: &Prospect| matches!(prospect, Prospect::OutOfReach(_));
    let is_out = outlook.rules.iter().any(|rule| out(&rule.prospect));
    Ok(if is_out { exit::USAGE } else { code })
}

fn course(preview: &Preview) -> Vec<String> {
    let mut lines = Vec::new();
    match (preview.run, preview.anew.as_slice()) {
        (Some(run), _) => {
            let finished = preview.finished.trials();
            let stay =
                if finished == 1 { "has finished and stays" } else { "have finished and stay" };
            lines.push(format!("run {run} goes on: {} {stay}", counted(finished, "trial")));
        }
        (None, []) => {}
        (None, differences) => {
            lines.push(format!("a new run is begun: {}", differences.join(", ")));
        }
    }
    if preview.again > 0 {
        lines.push(format!("{} again, not graded before", counted(preview.again, "trial")));
    }
    if preview.rescored > 0 {
        let trials = counted(preview.rescored, "trial");
        lines.push(format!("{trials} scored anew, without running the agent"));
    }
    lines.push(format!("{} to run", counted(preview.to_run(), "trial")));
    lines
}

/// Estimates what the trials to run and to score anew will cost, from what those of an earlier run did.
fn costs(preview: &Preview, earlier: Option<&RunFacts>) -> Vec<String> {
    let Some(earlier) = earlier.filter(|earlier| earlier.tally().trials() > 0) else {
        return vec!["cost unknown: there is no earlier run to judge by".to_owned()];
    };
    let trials = earlier.tally().trials();
    let of_all = || cost(earlier.spent().plus(earlier.judging()), trials, preview.to_run());
    let of_judging =
        || format!("scoring anew: {}", cost(earlier.judging(), trials, preview.rescored));
    match (preview.to_run(), preview.rescored) {
        (_, 0) => vec![of_all()],
        (0, _) => vec![of_judging()],
        _ => vec![of_all(), of_judging()],
    }
}

/// Estimates what so many trials will cost, from what those before have spent.
fn cost(spent: Spending, before: u64, planned: u64) -> String {
    let Some(cost) = spent.known_cost_usd() else {
        return match spent.unpriced_calls {
            0 => "cost unknown: the earlier run reports no model calls".to_owned(),
            calls => format!(
                "cost unknown: {} of the earlier run have no known price; see --prices",
                counted(calls.into(), "call")
            ),
        };
    };
    let each = cost / real(before);
    format!("cost about ${:.2}, at ${each:.4} a trial as before", each * real(planned))
}

/// Finds the run that costs are estimated by: an earlier one, or else the baseline.
async fn known_earlier(
    job: &Job,
    runner: &Runner,
    preview: &Preview,
    against: Option<&Against>,
) -> Result<Option<RunFacts>, CommandError> {
    let earlier = match &runner.store {
        Some(store) => {
            earlier(job, &**store, preview).await.map_err(|error| run_error::store_error(&error))?
        }
        None => None,
    };
    Ok(earlier.or_else(|| against.map(|against| against.facts.clone())))
}

/// Reads the run that goes on, or else the latest of the suite.
async fn earlier(
    job: &Job,
    store: &dyn RunStore,
    preview: &Preview,
) -> Result<Option<RunFacts>, StoreError> {
    let latest = if preview.run.is_some() {
        preview.run
    } else {
        let runs = store.runs(&RunQuery::new().suite(&job.name).limit(1)).await?;
        runs.first().map(|run| run.id)
    };
    match latest {
        Some(run) => RunFacts::read(store, run).await.map(Some),
        None => Ok(None),
    }
}
