//! Reports a run, on the terminal or in files.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::Args;
use probity_eval_runner::{
    facts::RunFacts,
    gate::{Gate, GateReport, Measurements as _, RunMeasurements, exit},
    html::HtmlReport,
    machine::MachineReport,
    report::{Comparison, ComparisonSettings, Report, ReportSettings},
    reporters::{Reasons, github::StepSummary, junit::Junit},
    stats::Confidence,
    store::{self, RunId, RunStore},
};

use super::value;
use crate::{
    error::CliError,
    find,
    run_words::short,
    target::{self, Out},
};

/// So many trials that did not pass are told of for each case.
const TOLD: usize = 5;

/// Which run to report, and how.
#[derive(Debug, Args)]
pub(crate) struct WriteReport {
    /// The run
    run: String,

    /// Compare with this run
    #[arg(long, value_name = "RUN")]
    baseline: Option<String>,

    /// What the run must reach: the exit code says whether it does
    #[arg(long, value_name = "EXPR")]
    gate: Option<Gate>,

    /// The number of trials that pass^k and pass@k are about [default: the fewest trials of a case]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..))]
    k: Option<u64>,

    /// The level of all ranges, above 0 and below 1 [default: 0.95]
    #[arg(long, value_name = "LEVEL", value_parser = value::confidence)]
    confidence_level: Option<Confidence>,

    /// Write one HTML file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write JSON; - is standard output, for one of these
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    #[arg(long, value_name = "FILE", help = "Write JUnit XML")]
    junit: Option<PathBuf>,

    /// Write Markdown, as in the step summary of GitHub Actions
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// What is known of the run.
struct Known {
    run: RunId,
    facts: RunFacts,
    report: Report,
    reasons: Reasons,
    gate: Option<GateReport>,
    baseline: Option<Report>,
    comparison: Option<Comparison>,
}

impl WriteReport {
    /// Writes the report, and returns the code to exit with.
    pub(super) async fn run(self, place: &str, out: Out<'_>) -> Result<u8, CliError> {
        let to_stdout = self.targets().into_iter().filter(|file| target::is_stdout(file)).count();
        if to_stdout > 1 {
            return Err(CliError::usage(format!(
                "{to_stdout} forms of the report cannot both be standard output; name a file instead of `-` for all but one"
            )));
        }
        let store = store::open_read_only(place).await?;
        let known = self.read(&*store).await?;
        let files = self.targets();
        self.files(&*store, &known, out).await?;
        if files.is_empty() {
            writeln!(out, "{}", known.report)?;
            if let Some(comparison) = &known.comparison {
                writeln!(out, "\n{comparison}")?;
            }
        }
        // Where standard output is a file, nothing else may be in it.
        let taken = files.iter().any(|file| target::is_stdout(file));
        let mut stderr = io::stderr();
        let words: Out<'_> = if taken { &mut stderr } else { out };
        for file in files.iter().filter(|file| !target::is_stdout(file)) {
            writeln!(words, "written: {}", file.display())?;
        }
        if let Some(gate) = &known.gate {
            writeln!(words, "\n{gate}")?;
        }
        let complete = || RunMeasurements::of(&known.facts).completeness().is_complete();
        Ok(match &known.gate {
            Some(gate) => gate.verdict().exit_code(),
            None if complete() => exit::MET,
            None => exit::INCOMPLETE,
        })
    }

    /// Returns where the report is written to.
    fn targets(&self) -> Vec<&Path> {
        let files = [&self.json, &self.junit, &self.markdown, &self.html];
        files.into_iter().filter_map(|file| file.as_deref()).collect()
    }

    async fn read(&self, store: &dyn RunStore) -> Result<Known, CliError> {
        let run = find::find(store, &self.run).await?;
        let facts = RunFacts::read(store, run).await?;
        let settings = ReportSettings::default();
        let settings = self.k.map_or(settings, |k| settings.k(k));
        let settings = self.confidence_level.map_or(settings, |level| settings.confidence(level));
        let report = Report::of_with(&facts, settings)?;
        let against = match &self.baseline {
            Some(baseline) => Some(find::facts(store, baseline).await?),
            None => None,
        };
        let baseline = against.as_ref().map(|against| Report::of_with(against, settings));
        let baseline = baseline.transpose()?;
        let comparison = match (&baseline, &self.baseline) {
            (Some(baseline), Some(name)) => {
                let this = facts.name.clone().unwrap_or_else(|| short(run));
                let settings = ComparisonSettings::new().names(this, name);
                Some(Comparison::of(&report, baseline, &settings)?)
            }
            _ => None,
        };
        let measurements = RunMeasurements::of(&facts);
        let measurements = match &against {
            Some(against) => measurements.baseline(against),
            None => measurements,
        };
        let measurements = match self.confidence_level {
            Some(level) => measurements.confidence(level),
            None => measurements,
        };
        let gate = self.gate.as_ref().map(|gate| gate.evaluate(&measurements));
        let reasons = Reasons::read(store, run, TOLD).await?;
        Ok(Known { run, facts, report, reasons, gate, baseline, comparison })
    }

    async fn files(
        &self,
        store: &dyn RunStore,
        known: &Known,
        out: Out<'_>,
    ) -> Result<(), CliError> {
        if let Some(path) = &self.json {
            let json = MachineReport::new(&known.facts, known.report.clone());
            let json = match &known.comparison {
                Some(comparison) => json.with_comparison(comparison.clone()),
                None => json,
            };
            let json = match &known.gate {
                Some(gate) => json.with_gate(gate.clone()),
                None => json,
            };
            target::write(out, path, |file| Ok(json.write(file)?))?;
        }
        if let Some(path) = &self.junit {
            let junit = Junit::new(&known.facts).with_report(&known.report);
            let junit = junit.with_reasons(&known.reasons);
            let junit = match &known.gate {
                Some(gate) => junit.with_gate(gate),
                None => junit,
            };
            target::write(out, path, |file| Ok(junit.write(file)?))?;
        }
        if let Some(path) = &self.markdown {
            let summary =
                StepSummary::new(&known.facts, &known.report).with_reasons(&known.reasons);
            let summary = match &known.gate {
                Some(gate) => summary.with_gate(gate),
                None => summary,
            };
            let summary = match &known.comparison {
                Some(comparison) => summary.with_comparison(comparison),
                None => summary,
            };
            target::write(out, path, |file| Ok(file.write_all(summary.render().as_bytes())?))?;
        }
        match &self.html {
            Some(path) => html(store, known, path, out).await,
            None => Ok(()),
        }
    }
}

async fn html(
    store: &dyn RunStore,
    known: &Known,
    path: &Path,
    out: Out<'_>,
) -> Result<(), CliError> {
    let page = HtmlReport::stored(store, known.run, known.report.clone()).about(&known.facts);
    let page = match (&known.baseline, &known.comparison) {
        (Some(baseline), Some(comparison)) => {
            page.with_baseline(baseline.clone()).with_comparison(comparison.clone())
        }
        _ => page,
    };
    let page = match &known.gate {
        Some(gate) => page.with_gate(gate.clone()),
        None => page,
    };
    if target::is_stdout(path) {
        return Ok(page.write(out).await?);
    }
    page.save(path).await?;
    Ok(())
}
