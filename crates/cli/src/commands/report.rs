//! Reports a run, on the terminal or in files.

use std::path::PathBuf;

use clap::Args;
use probity_eval_runner::{
    facts::RunFacts,
    gate::{Gate, GateReport, Measurements as _, RunMeasurements, exit},
    html::StoredReport,
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

    /// Write JSON; `-` is standard output, here and below
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write `JUnit` XML
    #[arg(long, value_name = "FILE")]
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
        let store = store::open_read_only(place).await?;
        let known = self.read(&*store).await?;
        self.files(&*store, &known, out).await?;
        let files = [&self.html, &self.json, &self.junit, &self.markdown];
        if files.iter().all(|file| file.is_none()) {
            writeln!(out, "{}", known.report)?;
            if let Some(comparison) = &known.comparison {
                writeln!(out, "\n{comparison}")?;
            }
        }
        // Where standard output is a file, nothing else may be in it.
        let is_stdout = |file: &&PathBuf| target::is_stdout(file);
        let plain = files.into_iter().flatten().filter(is_stdout).count() == 0;
        if let Some(gate) = known.gate.as_ref().filter(|_| plain) {
            writeln!(out, "\n{gate}")?;
        }
        let complete = || RunMeasurements::of(&known.facts).completeness().is_complete();
        Ok(match &known.gate {
            Some(gate) => gate.verdict().exit_code(),
            None if complete() => exit::MET,
            None => exit::INCOMPLETE,
        })
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
            target::write(out, path, |file| Ok(json.write(file)?))?;
        }
        if let Some(path) = &self.junit {
            let junit = Junit::new(&known.facts).with_reasons(&known.reasons);
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
    path: &std::path::Path,
    out: Out<'_>,
) -> Result<(), CliError> {
    let page = StoredReport::new(store, known.run, known.report.clone()).about(&known.facts);
    let page = match &known.baseline {
        Some(baseline) => page.with_baseline(baseline.clone()),
        None => page,
    };
    if target::is_stdout(path) {
        return Ok(page.write(out).await?);
    }
    page.save(path).await?;
    writeln!(out, "written: {}", path.display())?;
    Ok(())
}
