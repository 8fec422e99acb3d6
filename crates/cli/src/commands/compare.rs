//! Holds runs against another one.

use clap::Args;
use probity_eval_runner::{
    facts::RunFacts,
    report::{Comparison, ComparisonSettings, Comparisons, Report},
    stats::Confidence,
    store,
};

use super::value;
use crate::{error::CliError, find, run_words::short, target::Out};

/// Which runs to hold against which.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The runs, and last the one that they are held against
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    runs: Vec<String>,

    /// Add p-values: sign-flip tests, adjusted by Holm's method
    #[arg(long)]
    tests: bool,

    /// The difference that does not matter: 0.02 or 2%
    #[arg(long, value_name = "SHARE", value_parser = value::share)]
    margin: Option<f64>,

    /// Compare the chance that at least one of k trials passes, too
    #[arg(long)]
    at_least_one: bool,

    /// The level of all ranges, above 0 and below 1 [default: 0.95]
    #[arg(long, value_name = "LEVEL", value_parser = value::confidence)]
    confidence_level: Option<Confidence>,

    /// Write the comparison as JSON
    #[arg(long)]
    json: bool,
}

impl Compare {
    /// Writes how the runs compare.
    pub(super) async fn run(self, place: &str, out: Out<'_>) -> Result<(), CliError> {
        let store = store::open_read_only(place).await?;
        let mut reports = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            let facts = find::facts(&*store, run).await?;
            let mut report = Report::of(&facts)?;
            report.name = name(&facts);
            reports.push(report);
        }
        let Some((baseline, runs)) = reports.split_last() else { return Ok(()) };
        let settings = self.settings();
        if let [run] = runs {
            let comparison = Comparison::of(run, baseline, &settings)?;
            return self.write(&comparison, &serde_json::to_value(&comparison)?, out);
        }
        let comparisons = Comparisons::of(runs, baseline, &settings)?;
        self.write(&comparisons, &serde_json::to_value(&comparisons)?, out)
    }

    fn settings(&self) -> ComparisonSettings {
        let settings = ComparisonSettings::new();
        let settings = if self.tests { settings.tests() } else { settings };
        let settings = if self.at_least_one { settings.at_least_one() } else { settings };
        let settings = match self.confidence_level {
            Some(level) => settings.confidence(level),
            None => settings,
        };
        match self.margin {
            Some(margin) => settings.margin(margin),
            None => settings,
        }
    }

    fn write(
        &self,
        words: &dyn std::fmt::Display,
        json: &serde_json::Value,
        out: Out<'_>,
    ) -> Result<(), CliError> {
        if self.json {
            writeln!(out, "{json}")?;
        } else {
            writeln!(out, "{words}")?;
        }
        Ok(())
    }
}

/// What a run is called beside others.
fn name(facts: &RunFacts) -> String {
    let id = facts.run.map(short).unwrap_or_default();
    facts.name.clone().unwrap_or_else(|| format!("{} {id}", facts.suite))
}
