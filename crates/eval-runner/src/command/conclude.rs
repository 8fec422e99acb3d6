//! What is left of a run when it is over, measured or tested: files, baselines, and the lines that say where.

use super::{
    arguments::{Arguments, KeepArguments},
    baseline,
    console::Console,
    error::CommandError,
    findings::Findings,
    outputs::{self, Written},
    words::counted,
};
use crate::{
    gate::exit,
    runner::{Progress, SuiteRun},
    store::{EndReason, RunStore},
};

/// Writes what arguments and the environment ask for, says so, and returns the code to exit with: the one that was
/// found, unless it is that all is well and something is not there that was asked for.
pub(super) async fn conclude(
    (ran, store): (&SuiteRun, Option<&dyn RunStore>),
    (findings, code): (&Findings, u8),
    (arguments, summarizes): (&Arguments, bool),
    console: Console,
) -> Result<u8, CommandError> {
    let mut written = outputs::write((ran, store), findings, &arguments.report).await;
    if summarizes {
        written.summary(findings);
    }
    let saved = match flaw(findings) {
        None => baseline::save(store, &findings.facts, &arguments.keep).await?,
        Some(flaw) => unsaved(&arguments.keep, flaw),
    };
    close((ran, store), findings, (&written, &saved), console);
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
        if let Some(gate) = &findings.gate_of_whole {
            console.line(format_args!(
                "the gate is for that run: `probity report <RUN> --gate '{gate}'` holds it against it"
            ));
        }
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
