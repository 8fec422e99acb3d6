//! The arguments that say what a run must reach, and how its report is made.

use std::path::PathBuf;

use clap::Args;

use super::{super::error::CommandError, value};
use crate::{gate::Gate, stats::Confidence};

/// What a run must reach, and how its report is made.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Gate and reports")]
pub(in crate::command) struct ReportArguments {
    /// What the run must reach: 'pass^4 >= 0.9', 'pass@1 >= baseline - 0.02', 'each: pass^3 >= 0.8', 'cost <= 1.50'.
    /// Of a --shard it is not asked, but of the run that all make together: 'probity report --gate'
    #[arg(long, value_name = "EXPR", env = "PROBITY_GATE")]
    pub(in crate::command) gate: Option<Gate>,

    /// The level of all ranges, above 0 and below 1 [default: 0.95]
    #[arg(long, value_name = "LEVEL", value_parser = value::confidence)]
    pub(in crate::command) confidence_level: Option<Confidence>,

    /// The number of trials that pass^k and pass@k are about [default: the fewest trials of a case]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::command) k: Option<u64>,

    /// The difference from the baseline that does not matter, as a share: 0.02 is 2 points
    #[arg(long, value_name = "SHARE", value_parser = value::share)]
    pub(in crate::command) margin: Option<f64>,

    /// Add p-values to the comparison: sign-flip tests, adjusted by Holm's method
    #[arg(long)]
    pub(in crate::command) tests: bool,

    /// Print the plan and run nothing: what would be run and resumed, what the gate can decide, what it may cost
    #[arg(long, alias = "dry-run")]
    pub(in crate::command) dry: bool,

    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    pub(in crate::command) report_json: Option<PathBuf>,

    /// Write the report as one HTML file
    #[arg(long, value_name = "FILE")]
    pub(in crate::command) html: Option<PathBuf>,

    #[arg(long, value_name = "FILE", help = "Write the report as JUnit XML")]
    pub(in crate::command) junit: Option<PathBuf>,
}

impl ReportArguments {
    /// Refuses a k that so many trials of a case cannot reach.
    pub(in crate::command) fn check_k(&self, trials: u32) -> Result<(), CommandError> {
        match self.k {
            Some(k) if k > u64::from(trials) => Err(CommandError::usage(format!(
                "--k {k} needs {k} trials of a case, and {trials} are planned: lower it, or plan more with --trials"
            ))),
            _ => Ok(()),
        }
    }
}
