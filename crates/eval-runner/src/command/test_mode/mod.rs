//! Each case as a test, as libtest prints it.

mod print;
mod verdict;

use std::time::Instant;

use self::{print::Printer, verdict::Verdicts};
use super::{
    arguments::Arguments,
    choose::Chosen,
    conclude::conclude,
    console::Console,
    error::CommandError,
    findings::Findings,
    gating::Gating,
    job::Job,
    plan,
    ready::{self, Ready},
    run_error,
    settings::Open,
    signals, stopping,
};
use crate::{
    gate::{GateReport, GateVerdict, Scope, exit},
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
    // What is asked of the whole run cannot be asked of some of its cases.
    let whole = chosen.is_whole();
    let runner = if whole { runner } else { stopping::by_each_case(runner) };
    let Ready { runner, store, against } =
        Ready::new(runner, (arguments, Open::Named), console).await?;
    let gating = Gating::new(&job, against.as_ref(), (&arguments.report, whole));
    if arguments.report.dry {
        let held = (gating.as_ref(), against.as_ref());
        return plan::print((&job, chosen), (&runner, &arguments.report), held, console).await;
    }
    ready::check((&job, chosen), (&runner, arguments), gating.as_ref()).await?;
    signals::listen(&runner, move |text: &str| console.note(text))
        .map_err(|error| CommandError::incomplete(&error))?;
    printer.begin();
    let ran = job.run(runner).await.map_err(run_error::command_error)?;
    let sides = (gating.as_ref(), against.as_ref());
    let store = store.as_deref();
    let findings = Findings::new(&ran, store, sides, &arguments.report).await?;
    let verdicts = Verdicts::new(&findings, chosen);
    for verdict in &verdicts.tests {
        printer.test(verdict);
    }
    printer.end(&verdicts, began.elapsed());
    findings.print_comparison(console);
    if let Some(gate) = findings.gate.as_ref().and_then(beyond_the_cases) {
        console.line(format_args!("{gate}\n"));
    }
    if let Some(stopping) = &findings.stopping {
        console.line(format_args!("{stopping}\n"));
    }
    let code = match verdicts.exit_code() {
        // Of a part, the gate asks no more than that it is there.
        exit::MET if findings.gate_of_whole.is_some() => findings.exit_code(),
        exit::MET => findings.asked(exit::MET),
        code => code,
    };
    // cargo-nextest runs a process for each case: each would add a summary of its own to that of the step.
    conclude((&ran, store), (&findings, code), (arguments, whole), console).await
}

/// Returns what a gate says that the tests do not: its rules for the whole run, and that the run is incomplete.
fn beyond_the_cases(gate: &GateReport) -> Option<GateReport> {
    let mut gate = gate.clone();
    gate.rules.retain(|rule| rule.rule.scope != Scope::Each);
    let is_told = gate.rules.is_empty() && gate.verdict() != GateVerdict::Incomplete;
    (!is_told).then_some(gate)
}
