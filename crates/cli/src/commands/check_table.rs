//! Says whether a published row of pass^k is possible.

use clap::Args;
use probity_eval_runner::{
    gate::exit,
    stats::{Misfit, Printed, TableCheck, check_table},
};

use crate::{error::CliError, target::Out};

/// How many histograms are shown.
const SHOWN: usize = 5;

/// A published row.
#[derive(Debug, Args)]
pub(crate) struct CheckTable {
    /// The number of tasks
    #[arg(long, value_name = "N")]
    tasks: u64,

    /// The number of trials of each task
    #[arg(long, value_name = "N")]
    trials: u64,

    /// The printed values, as 42.0, 42.0% or 0.420: pass^1, pass^2 and so on, or each after its k, as 4=20.0
    #[arg(required = true, value_name = "[K=]VALUE")]
    values: Vec<String>,
}

impl CheckTable {
    /// Writes what the row can come from, and returns the code to exit with: 1 if nothing.
    pub(super) fn run(self, out: Out<'_>) -> Result<u8, CliError> {
        let values = self.values()?;
        let check = check_table(self.tasks, self.trials, &values);
        let check = check.map_err(|error| CliError::usage(error.to_string()))?;
        let (tasks, trials) = (self.tasks, self.trials);
        match check {
            TableCheck::Impossible { misfits } => {
                writeln!(
                    out,
                    "impossible: no {tasks} tasks with {trials} trials each give this row"
                )?;
                for Misfit { k, parts, .. } in misfits {
                    writeln!(
                        out,
                        "  pass^{k} would be a multiple of 1/{parts}, and none rounds to it"
                    )?;
                }
                return Ok(exit::MISSED);
            }
            TableCheck::Unique { histogram } => {
                writeln!(out, "possible, in one way")?;
                write_histogram(&histogram, out)?;
            }
            TableCheck::Several { histograms, complete } => {
                let least = if complete { "" } else { "at least " };
                writeln!(out, "possible, in {least}{} ways", histograms.len())?;
                for histogram in histograms.iter().take(SHOWN) {
                    write_histogram(histogram, out)?;
                }
                let more = histograms.len().saturating_sub(SHOWN);
                if more > 0 {
                    writeln!(out, "  and {more} more")?;
                }
            }
            _ => {
                writeln!(out, "undecided: no way was found, and not all could be tried")?;
                return Ok(exit::INCOMPLETE);
            }
        }
        Ok(exit::MET)
    }

    fn values(&self) -> Result<Vec<(u64, Printed)>, CliError> {
        let mut values: Vec<(u64, &str)> = Vec::with_capacity(self.values.len());
        for (text, place) in self.values.iter().zip(1..) {
            values.push(match text.split_once('=') {
                None => (place, text),
                Some((k, value)) => {
                    let k = k.trim().trim_start_matches("pass^").parse();
                    let wrong =
                        || CliError::usage(format!("`{text}` is no value after its k, as 4=20.0"));
                    (k.map_err(|_| wrong())?, value.trim())
                }
            });
        }
        // Shares are at most 1; a row of percentages in which none is above 1 is written with signs.
        let number = |text: &str| text.parse::<f64>().unwrap_or_default();
        let in_percent = values.iter().any(|(_, text)| number(text) > 1.0);
        let read = |text: &str| {
            let is_plain = in_percent && !text.ends_with('%');
            if is_plain { Printed::percent(text) } else { text.parse() }
        };
        let printed = values.into_iter().map(|(k, text)| {
            let printed = read(text).map_err(|error| CliError::usage(error.to_string()))?;
            Ok((k, printed))
        });
        printed.collect()
    }
}

fn write_histogram(histogram: &[u64], out: Out<'_>) -> Result<(), CliError> {
    let tasks = histogram.iter().zip(0..).filter(|(tasks, _)| **tasks > 0);
    let tasks = tasks.map(|(tasks, passed): (&u64, u64)| format!("{tasks} passed {passed}"));
    writeln!(out, "  tasks: {}", tasks.collect::<Vec<_>>().join(", "))?;
    Ok(())
}
