//! Measures a suite: runs it, keeps it, reports it, and says whether its gate is met.

use std::sync::Arc;

use super::{
    arguments::{Arguments, KeepArguments},
    baseline::{self, Against},
    choose::Chosen,
    console::Console,
    error::{CommandError, with_sources},
    findings::Findings,
    gating::Gating,
    job::Job,
    outputs::{self, Written},
    plan, run_error,
    settings::{self, Open},
    signals, stopping,
    words::counted,
};
use crate::{
    gate::exit,
    runner::{Progress, Resume, Runner, SuiteRun},
    store::{EndReason, RunStore},
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
    outputs::check(&arguments.report)?;
    let open = if arguments.report.dry { Open::IfThere } else { Open::Default };
    let store = settings::store(&runner, &arguments.keep, open).await?;
    let against = Against::find(store.as_deref(), &arguments.keep, console).await?;
    let runner = match &store {
        Some(store) => runner.store(Arc::clone(store)),
        None => runner,
    };
    let gating = Gating::new(&job, against.as_ref(), (&arguments.report, true));
    if arguments.report.dry {
        let held = (gating.as_ref(), against.as_ref());
        return plan::print((&job, chosen), (&runner, &arguments.report), held, console).await;
    }
    if gating.is_some() || runner.stop_rule.is_some() || arguments.report.k.is_some() {
        let trials = trials(&job, &runner).await?;
        arguments.report.check_k(trials)?;
        if let Some(gating) = &gating {
            gating.check(&job, chosen, trials)?;
        }
        stopping::check(&runner, chosen.cases.len(), trials)?;
    }
    let ran = run(job, runner, arguments, console).await?;
    let store = store.as_deref();
    let sides = (gating.as_ref(), against.as_ref());
    let findings = Findings::new(&ran, store, sides, &arguments.report).await?;
    print(&findings, console);
    let written = outputs::write((&ran, store), &findings, &arguments.report).await;
    let saved = match flaw(&findings) {
        None => baseline::save(store, &findings.facts, &arguments.keep).await?,
        Some(flaw) => unsaved(&arguments.keep, flaw),
    };
    close((&ran, store), &findings, (&written, &saved), console);
    let code = findings.exit_code();
    // What was asked for and is not there is missing.
    Ok(if code == exit::MET && !written.failures.is_empty() { exit::INCOMPLETE } else { code })
}

/// Says why a run makes no good baseline: one that is incomplete would be easy to beat, and the rates of one that was
/// stopped by its results are biased.
fn flaw(findings: &Findings) -> Option<&'static str> {
    if !findings.is_complete() {
        return Some("is incomplete");
    }
    findings.facts.decided().map(|_| "was stopped by its results")
}

/// Says that a run was made no baseline, where it was to be one.
fn unsaved(keep: &KeepArguments, flaw: &str) -> Vec<String> {
    let was_asked = keep.save_baseline.is_some() || keep.update_baseline_file;
    let said = format!("it was made no baseline, since it {flaw}");
    if was_asked { vec![said] } else { Vec::new() }
}

/// Returns how often each case will have been run.
async fn trials(job: &Job, runner: &Runner) -> Result<u32, CommandError> {
    if runner.resume == Resume::Never {
        return Ok(runner.trials);
    }
    let preview = job.preview(runner).await.map_err(run_error::command_error)?;
    Ok(preview.trials)
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
    match &findings.comparison {
        None => {}
        Some(Ok(comparison)) => console.line(format_args!("\n{comparison}")),
        Some(Err(error)) => console.line(format_args!("\nnot compared: {error}")),
    }
    if let Some(drift) = &findings.drift {
        console.line(format_args!("\n{drift}"));
    }
    if let Some(gate) = &findings.gate {
        console.line(format_args!("\n{gate}"));
    }
    if let Some(stopping) = &findings.stopping {
        console.line(format_args!("\n{stopping}"));
    }
}

/// Says where the run is kept, what was written, and how to go on with what is missing.
fn close(
    (ran, store): (&SuiteRun, Option<&dyn RunStore>),
    findings: &Findings,
    (written, saved): (&Written, &[String]),
    console: Console,
) {
    console.print("\n");
    for waited in waits(&ran.progress) {
        console.line(waited);
    }
    if let (Some(store), Some(run)) = (store, ran.run) {
        console.line(format_args!("kept in {} as run {run}", store.place()));
    }
    if let Some(shard) = findings.facts.shard {
        let (index, count) = (shard.index, shard.count);
        console.line(format_args!(
            "it is part {index} of {count}; `probity merge --join` makes one run of all"
        ));
    }
    for said in saved {
        console.line(said);
    }
    for file in &written.files {
        console.line(format_args!("written: {file}"));
    }
    for failure in &written.failures {
        console.note(format_args!("error: {failure}"));
    }
    if let EndReason::Stopped(reason) = &ran.end {
        console.note(format_args!("stopped: {reason}"));
    }
    let missing = findings.facts.missing();
    if missing > 0 {
        let were = if missing == 1 { "was" } else { "were" };
        let advice = if ran.run.is_some() { "; the same with --resume goes on" } else { "" };
        console.note(format_args!("{missing} of the planned trials {were} not run{advice}"));
    }
    match findings.facts.to_rescore() {
        0 => {}
        trials => console.note(format_args!(
            "{} with scores of other evals not counted; the same with --resume scores anew",
            counted(trials, "trial")
        )),
    }
}

/// Says how long trials and model calls waited, where they did.
fn waits(progress: &Progress) -> Vec<String> {
    let mut waits = Vec::new();
    if !progress.waited.is_nothing() {
        waits.push(format!("model calls {}", progress.waited));
    }
    if !progress.waited_for_trials.is_zero() {
        let (retries, waited) =
            (counted(progress.retries, "further attempt"), progress.waited_for_trials);
        waits.push(format!("trials waited {waited:.1?} for {retries}, all together"));
    }
    waits
}
