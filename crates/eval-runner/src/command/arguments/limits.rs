//! The arguments that say how much is run, and what it may use.

use std::{path::PathBuf, time::Duration};

use clap::{Args, value_parser};
use probity_eval::rate_limit::PerMinute;

use super::value;
use crate::{gate::StopRule, store::Shard};

/// How much is run, and what it may use.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Trials and limits")]
pub(in crate::command) struct RunArguments {
    /// How often each case is run
    #[arg(long, value_name = "N", env = "PROBITY_TRIALS", value_parser = value_parser!(u32).range(1..))]
    pub(in crate::command) trials: Option<u32>,

    /// How many trials run at once at most
    #[arg(long, value_name = "N", env = "PROBITY_CONCURRENCY", value_parser = value_parser!(u32).range(1..))]
    pub(in crate::command) concurrency: Option<u32>,

    /// The seed of the run, from which each trial gets its own
    #[arg(long, value_name = "N", env = "PROBITY_SEED")]
    pub(in crate::command) seed: Option<u64>,

    /// Run only one part of the trials: 1/3, 2/3 and 3/3 together are a whole run
    #[arg(long, value_name = "I/N", env = "PROBITY_SHARD", value_parser = value::shard)]
    pub(in crate::command) shard: Option<Shard>,

    /// How long the agent may take for one attempt at a trial: 30s, 2min
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    pub(in crate::command) timeout: Option<Duration>,

    /// How many tokens one attempt at a trial may use, of input and output together
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub(in crate::command) max_tokens: Option<u64>,

    /// What one attempt at a trial may cost, in US dollars
    #[arg(long, value_name = "DOLLARS", allow_negative_numbers = true, value_parser = value::dollars)]
    pub(in crate::command) max_cost: Option<f64>,

    /// What the run may cost, in US dollars; then no trial is begun any more
    #[arg(long, value_name = "DOLLARS", allow_negative_numbers = true, value_parser = value::dollars)]
    pub(in crate::command) total_cost: Option<f64>,

    /// How long the run may take: 20min, 2h; then trials under way are dropped
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    pub(in crate::command) total_time: Option<Duration>,

    /// End the run once a rule is decided, which must then be met: these: pass@1 >= 0.9, each: pass^3 >= 0.8
    #[arg(long, value_name = "RULE", conflicts_with = "shard", env = "PROBITY_STOP_WHEN")]
    pub(in crate::command) stop_when: Option<StopRule>,

    /// How often a trial is tried whose infrastructure fails
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub(in crate::command) max_attempts: Option<u32>,

    /// How many requests are sent to providers per minute: 500 for each, or openai=500 for one
    #[arg(long, value_name = "[PROVIDER=]N")]
    pub(in crate::command) rpm: Vec<PerMinute>,

    /// How many tokens are sent to and received from providers per minute
    #[arg(long, value_name = "[PROVIDER=]N")]
    pub(in crate::command) tpm: Vec<PerMinute>,

    /// Keep what goes over the wire, too
    #[arg(long, conflicts_with_all = ["max_tokens", "max_cost"])]
    pub(in crate::command) raw: bool,

    /// What models cost: a JSON file such as models.dev publishes, beside the prices of the suite
    #[arg(long, value_name = "FILE", env = "PROBITY_PRICES")]
    pub(in crate::command) prices: Option<PathBuf>,
}
