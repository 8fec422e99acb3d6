//! What the program can do, one command a file.

mod check_table;
mod compare;
mod export;
mod merge;
mod plan;
mod report;
mod runs;
mod show;
mod value;

use clap::Subcommand;
use probity_eval_runner::gate::exit;

use self::{
    check_table::CheckTable, compare::Compare, export::Export, merge::Merge, plan::Plan,
    report::WriteReport, runs::Runs, show::Show,
};
use crate::{error::CliError, target::Out};

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the runs, the newest first
    Runs(Runs),
    /// Show a run, a case of it, or a trial with its trace
    Show(Show),
    /// Hold runs against another one, on the cases that they share
    Compare(Compare),
    /// Report a run: on the terminal, or in files
    Report(WriteReport),
    /// Copy the runs of stores into another, and make one run of parts
    Merge(Merge),
    /// Say how many cases and trials separate two agents, or meet a gate
    Plan(Plan),
    /// Say whether a published row of pass^k can come from its number of tasks and trials
    CheckTable(CheckTable),
    /// Write the trials of a run as JSON, one a line, with their traces
    Export(Export),
}

impl Command {
    /// Says why the command has no use for `--store`; `None` where it has.
    pub(crate) fn ignores_store(&self) -> Option<&'static str> {
        match self {
            Self::Merge(_) => Some(
                "merge takes no --store: name the store to copy into first, then those to copy from",
            ),
            Self::CheckTable(_) => Some("check-table looks at no store, so it takes no --store"),
            _ => None,
        }
    }

    /// Does what the arguments say with the store at a place, and returns the code to exit with.
    pub(crate) async fn run(self, place: &str, out: Out<'_>) -> Result<u8, CliError> {
        match self {
            Self::Runs(runs) => runs.run(place, out).await?,
            Self::Show(show) => show.run(place, out).await?,
            Self::Compare(compare) => compare.run(place, out).await?,
            Self::Report(report) => return report.run(place, out).await,
            Self::Merge(merge) => merge.run(out).await?,
            Self::Plan(plan) => return plan.run(place, out).await,
            Self::CheckTable(check) => return check.run(out),
            Self::Export(export) => export.run(place, out).await?,
        }
        Ok(exit::MET)
    }
}
