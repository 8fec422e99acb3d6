//! Measures a suite: runs it, keeps it, reports it, and says whether its gate is met.

use super::{
    arguments::Arguments,
    choose::Chosen,
    conclude::conclude,
    console::Console,
    error::{CommandError, with_sources},
    findings::Findings,
    gating::Gating,
    job::Job,
    plan,
    ready::{self, Ready},
    run_error,
    settings::Open,
    signals,
};
use crate::{
    gate::exit,
    runner::{Runner, SuiteRun},
};

/// Measures the chosen cases of a suite, and returns the code to exit with.
pub(super) async fn measure(
    job: Job,
    (runner, chosen): (Runner, &Chosen),
    arguments: &Arguments,
    console: Console,
) -> Result<u8, CommandError> {
    if chosen.cases.is_empty() {
        console.note(Chosen::nothing(&job, &arguments.harness));
        let is_gated = arguments.report.gate.is_some() || job.gate.is_some();
        return Ok(if is_gated { exit::INCOMPLETE } else { exit::MET });
    }
    let Ready { runner, store, against } =
        Ready::new(runner, (arguments, Open::Default), console).await?;
    let gating = Gating::new(&job, against.as_ref(), (&arguments.report, true));
    if arguments.report.dry {
        let held = (gating.as_ref(), against.as_ref());
        return plan::print((&job, chosen), (&runner, &arguments.report), held, console).await;
    }
    ready::check((&job, chosen), (&runner, arguments), gating.as_ref()).await?;
    let ran = run(job, runner, arguments, console).await?;
    let store = store.as_deref();
    let sides = (gating.as_ref(), against.as_ref());
    let findings = Findings::new(&ran, store, sides, &arguments.report).await?;
    print(&findings, console);
    let found = (&findings, findings.exit_code());
    conclude((&ran, store), found, (arguments, true), console).await
}

/// Runs the suite, with progress and under signals.
async fn run(
    job: Job,
    runner: Runner,
    arguments: &Arguments,
    console: Console,
) -> Result<SuiteRun, CommandError> {
    let live = (!arguments.harness.quiet).then(|| console.live());
    let said = live.clone();
    let say = move |text: &str| match &said {
        Some(live) => live.say(text),
        None => console.note(text),
    };
    signals::listen(&runner, say).map_err(|error| CommandError::incomplete(&error))?;
    let runner = match live.clone() {
        Some(live) => runner.watch(live),
        None => runner,
    };
    let ran = job.run(runner).await;
    if let Some(live) = live {
        live.finish();
    }
    ran.map_err(run_error::command_error)
}

/// Prints the report, the comparison, and what the gate says.
fn print(findings: &Findings, console: Console) {
    match &findings.report {
        Ok(report) => console.line(format_args!("\n{report}")),
        Err(error) => {
            console.line(format_args!("\n{}: {}", findings.facts.suite, with_sources(error)));
        }
    }
    if let Some(k) = findings.k_out_of_reach {
        console.line(format_args!("  No task has {k} trials yet, so k is not {k}."));
    }
    findings.print_comparison(console);
    if let Some(gate) = &findings.gate {
        console.line(format_args!("\n{gate}"));
    }
    if let Some(stopping) = &findings.stopping {
        console.line(format_args!("\n{stopping}"));
    }
}
