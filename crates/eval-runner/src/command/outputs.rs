//! The files that a run is reported in.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{
    arguments::ReportArguments,
    error::{CommandError, with_sources},
    findings::Findings,
};
use crate::{
    file::WholeFile,
    html::HtmlReport,
    machine::MachineReport,
    report::Report,
    reporters::{github::StepSummary, junit::Junit},
    runner::SuiteRun,
    store::RunStore,
};

/// What writing files came to.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// What was written, in words.
    pub(super) files: Vec<String>,
    /// What could not be written, in words.
    pub(super) failures: Vec<String>,
}

/// Refuses files that could not be written when the run is over.
pub(super) fn check(arguments: &ReportArguments) -> Result<(), CommandError> {
    let files = [&arguments.report_json, &arguments.html, &arguments.junit];
    for file in files.into_iter().flatten() {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let reason = match folder {
            Some(folder) if !folder.is_dir() => format!("there is no folder {}", folder.display()),
            _ if file.is_dir() => "it is a folder".to_owned(),
            _ => continue,
        };
        return Err(CommandError::usage(format!("{} cannot be written: {reason}", file.display())));
    }
    Ok(())
}

/// Writes the files that arguments ask for.
pub(super) async fn write(
    (ran, store): (&SuiteRun, Option<&dyn RunStore>),
    findings: &Findings,
    arguments: &ReportArguments,
) -> Written {
    let mut written = Written::default();
    if let Some(path) = &arguments.junit {
        let mut junit = Junit::new(&findings.facts).with_reasons(&findings.reasons);
        if let Some(gate) = &findings.gate {
            junit = junit.with_gate(gate);
        }
        if let Ok(report) = &findings.report {
            junit = junit.with_report(report);
        }
        written.note(path, "JUnit XML", whole(path, |file| junit.write(file)));
    }
    match &findings.report {
        Err(error) => written.none_of(&with_sources(error), arguments),
        Ok(report) => {
            if let Some(path) = &arguments.report_json {
                let json = json(findings, report);
                written.note(path, "JSON", whole(path, |file| json.write(file)));
            }
            if let Some(path) = &arguments.html {
                written.note(path, "HTML", html((ran, store), (findings, report), path).await);
            }
        }
    }
    written
}

fn json(findings: &Findings, report: &Report) -> MachineReport {
    let json = MachineReport::new(&findings.facts, report.clone());
    let json = match &findings.gate {
        Some(gate) => json.with_gate(gate.clone()),
        None => json,
    };
    match &findings.comparison {
        Some(Ok(comparison)) => json.with_comparison(comparison.clone()),
        _ => json,
    }
}

async fn html(
    (ran, store): (&SuiteRun, Option<&dyn RunStore>),
    (findings, report): (&Findings, &Report),
    path: &Path,
) -> Result<(), String> {
    if let (Some(store), Some(run)) = (store, ran.run) {
        let page = HtmlReport::stored(store, run, report.clone()).about(&findings.facts);
        return found(page, findings).save(path).await.map_err(|error| with_sources(&error));
    }
    let page = found(HtmlReport::of(ran, report.clone()), findings);
    whole(path, |file| page.write(file))
}

/// Shows on a page what the terminal shows.
fn found<S>(mut page: HtmlReport<S>, findings: &Findings) -> HtmlReport<S> {
    if let Some(baseline) = &findings.baseline {
        page = page.with_baseline(baseline.clone());
    }
    if let Some(Ok(comparison)) = &findings.comparison {
        page = page.with_comparison(comparison.clone());
    }
    if let Some(gate) = &findings.gate {
        page = page.with_gate(gate.clone());
    }
    page
}

/// Writes a file that is there as a whole or not at all.
fn whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), String> {
    let written = WholeFile::create(path).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.commit()
    });
    written.map_err(|error| error.to_string())
}

impl Written {
    fn note(&mut self, path: &Path, what: &str, written: Result<(), String>) {
        let path = path.display();
        match written {
            Ok(()) => self.files.push(format!("{path} ({what})")),
            Err(error) => self.failures.push(format!("{path} was not written: {error}")),
        }
    }

    /// Notes that there is no report that the files could hold.
    fn none_of(&mut self, reason: &str, arguments: &ReportArguments) {
        let files: Vec<&PathBuf> =
            [&arguments.report_json, &arguments.html].into_iter().flatten().collect();
        for file in files {
            self.failures.push(format!("{} was not written: {reason}", file.display()));
        }
    }

    /// Adds to the summary of a step of GitHub Actions, where there is one and the run has a report.
    pub(super) fn summary(&mut self, findings: &Findings) {
        let Ok(report) = &findings.report else { return };
        let mut summary = StepSummary::new(&findings.facts, report).with_reasons(&findings.reasons);
        if let Some(gate) = &findings.gate {
            summary = summary.with_gate(gate);
        }
        if let Some(Ok(comparison)) = &findings.comparison {
            summary = summary.with_comparison(comparison);
        }
        match summary.append() {
            Ok(true) => self.files.push("the summary of the step".to_owned()),
            Ok(false) => {}
            Err(error) => {
                self.failures.push(format!("the summary of the step was not written: {error}"));
            }
        }
    }
}
