//! The arguments that say where a run is kept, whether one goes on, and what it is compared with.

use std::path::PathBuf;

use clap::{Args, builder::NonEmptyStringValueParser};

use super::value;
use crate::runner::Resume;

/// Where a run is kept, whether one goes on, and what it is compared with.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Store and baselines")]
#[expect(clippy::struct_excessive_bools, reason = "so many switches there are")]
pub(in crate::command) struct KeepArguments {
    #[arg(
        long,
        value_name = "PLACE",
        env = "PROBITY_STORE",
        help = "Where the run is kept: a file, postgres://user@host/database, or none [measuring: probity.db]"
    )]
    pub(in crate::command) store: Option<String>,

    /// Go on with the latest run of the suite, or with the one named: run only the trials that have not finished
    #[arg(long, value_name = "RUN", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = value::LATEST, value_parser = value::resume)]
    pub(in crate::command) resume: Option<Resume>,

    /// Begin a new run where the agent or the cases have changed since the one to go on with
    #[arg(long, requires = "resume")]
    pub(in crate::command) allow_changed: bool,

    /// Try the trials again that were not graded: what an eval could not grade is scored anew, the others are run again
    #[arg(long, requires = "resume")]
    pub(in crate::command) retry_not_graded: bool,

    /// A name for the run, to find it by
    #[arg(long, value_name = "NAME", env = "PROBITY_NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(in crate::command) name: Option<String>,

    /// Something else to say of the run: commit=1a2b3c
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = value::label)]
    pub(in crate::command) labels: Vec<(String, String)>,

    /// Make the run the baseline of this name
    #[arg(long, short, value_name = "NAME", conflicts_with = "discard_baseline")]
    pub(in crate::command) save_baseline: Option<String>,

    /// Compare with the baseline of this name, which must be there
    #[arg(long, short, value_name = "NAME", conflicts_with = "baseline_lenient")]
    pub(in crate::command) baseline: Option<String>,

    /// Compare with the baseline of this name if it is there
    #[arg(long, value_name = "NAME")]
    pub(in crate::command) baseline_lenient: Option<String>,

    /// Compare with what this file keeps of a run, which is reviewed with the code
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "baseline_lenient"])]
    pub(in crate::command) baseline_file: Option<PathBuf>,

    /// Write what the run came to into the baseline file
    #[arg(long, requires = "baseline_file")]
    pub(in crate::command) update_baseline_file: bool,

    /// Make the run no baseline, as is done at any rate without --save-baseline
    #[arg(long, hide = true)]
    discard_baseline: bool,
}
