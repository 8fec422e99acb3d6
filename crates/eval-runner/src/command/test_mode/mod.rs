//! Each case as a test, as libtest prints it.

mod print;
mod verdict;

use std::{sync::Arc, time::Instant};

use self::{print::Printer, verdict::Verdicts};
use super::{
    arguments::Arguments,
    baseline::Against,
    choose::Chosen,
    console::Console,
    error::CommandError,
    findings::Findings,
    gating::Gating,
    job::Job,
    run_error,
    settings::{self, Open},
    signals,
};
use crate::{
    gate::{GateReport, Scope, exit},
    runner::Runner,
};

/// Runs each chosen case as a test, prints what came of it, and returns the code to exit with.
pub(in crate::command) async fn test(
    job: Job,
    (runner, chosen): (Runner, &Chosen),
    arguments: &Arguments,
    console: Console,
) -> Result<u8, CommandError> {
    let printer = Printer::new(console, &arguments.harness, chosen);
    let began = Instant::now();
    if chosen.cases.is_empty() {
        printer.begin();
        printer.end(&Verdicts::default(), began.elapsed());
        return Ok(Verdicts::default().exit_code());
    }
    let store = settings::store(&runner, &arguments.keep, Open::Named).await?;
    let against = Against::find(store.as_deref(), &arguments.keep, console).await?;
    let runner = match &store {
        Some(store) => runner.store(Arc::clone(store)),
        None => runner,
    };
    // What is asked of the whole run cannot be asked of some of its cases.
    let gating = Gating::new(&job, against.as_ref(), (&arguments.report, chosen.is_whole()));
    if let Some(gating) = &gating {
        gating.check(&job, chosen, runner.trials)?;
    }
    signals::listen(&runner, move |text: &str| console.note(text))
        .map_err(|error| CommandError::incomplete(&error))?;
    printer.begin();
    let ran = job.run(runner).await.map_err(run_error::command_error)?;
    let sides = (gating.as_ref(), against.as_ref());
    let findings = Findings::new(&ran, store.as_deref(), sides, &arguments.report).await?;
    let verdicts = Verdicts::new(&findings, chosen);
    for verdict in &verdicts.tests {
        printer.test(verdict);
    }
    printer.end(&verdicts, began.elapsed());
    let of_run = findings.gate.as_ref().and_then(of_run);
    if let Some(gate) = &of_run {
        console.line(format_args!("{gate}\n"));
    }
    Ok(match (verdicts.exit_code(), of_run) {
        (exit::MET, Some(gate)) => gate.verdict().exit_code(),
        (code, _) => code,
    })
}

/// Returns what a gate says of the run as a whole, if anything.
fn of_run(gate: &GateReport) -> Option<GateReport> {
    let mut gate = gate.clone();
    gate.rules.retain(|rule| rule.rule.scope != Scope::Each);
    (!gate.rules.is_empty()).then_some(gate)
}
