//! Says how many cases and trials separate two agents, or meet a gate.

use clap::{ArgGroup, Args};
use probity_eval_runner::{
    facts::RunFacts,
    gate::{Gate, PlannedReach, Prospect, exit},
    stats::{
        Confidence, Counts, Reading,
        compare::Pair,
        planning::{
            Aim, PairedNoise, PairedPlan, detectable_difference, estimate_noise, tasks_needed,
        },
    },
    store,
};

use super::value;
use crate::{
    error::CliError,
    find,
    table::{self, Align, Column},
    target::Out,
};

/// The numbers of trials for which cases are counted.
const TRIALS: [u64; 6] = [1, 2, 4, 8, 16, 32];

/// What is planned.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("aim").args(["gate", "difference"]).required(true))]
pub(crate) struct Plan {
    /// The gate to meet, with --cases and --trials
    #[arg(long, value_name = "EXPR")]
    gate: Option<Gate>,

    /// The difference of two agents' pass rates to separate: 0.05 or 5%
    #[arg(long, value_name = "SHARE", value_parser = value::share)]
    difference: Option<f64>,

    /// The number of cases
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    cases: Option<u32>,

    /// The number of trials of each case
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    trials: Option<u32>,

    /// Take the noise of trials from this run
    #[arg(long, value_name = "RUN", conflicts_with = "gate")]
    run: Option<String>,

    /// Take the noise between cases from this other run of the same cases
    #[arg(long, value_name = "RUN", requires = "run")]
    against: Option<String>,

    /// The pass rate to suppose where no run is given, and all cases are alike [default: 50%]
    #[arg(long, value_name = "SHARE", value_parser = value::share, conflicts_with_all = ["run", "gate"])]
    pass_rate: Option<f64>,

    /// The standard deviation over cases of the true difference, where no second run is given [default: 0.1]
    #[arg(long, value_name = "SHARE", value_parser = value::share, conflicts_with_all = ["against", "gate"])]
    spread: Option<f64>,

    /// The chance to see a difference that is there
    #[arg(long, value_name = "SHARE", value_parser = value::share, default_value = "0.8")]
    power: f64,

    /// The level of all ranges, above 0 and below 1 [default: 0.95]
    #[arg(long, value_name = "LEVEL", value_parser = value::confidence)]
    confidence_level: Option<Confidence>,
}

const COLUMNS: [Column; 3] = [
    ("trials of each", Align::Right),
    ("cases", Align::Right),
    ("trials of both agents", Align::Right),
];

impl Plan {
    /// Writes the plan, and returns the code to exit with: 2, as of a run that is refused, where a gate is out of reach.
    pub(super) async fn run(self, place: &str, out: Out<'_>) -> Result<u8, CliError> {
        match (&self.gate, self.difference) {
            (Some(gate), _) => self.gate(gate, out),
            (None, Some(difference)) => {
                let (noise, source) = self.noise(place).await?;
                writeln!(out, "{source}")?;
                self.separate(noise, difference, out)
            }
            (None, None) => Err(CliError::usage("a plan needs --gate or --difference")),
        }
    }

    fn level(&self) -> Confidence {
        self.confidence_level.unwrap_or_default()
    }

    fn gate(&self, gate: &Gate, out: Out<'_>) -> Result<u8, CliError> {
        let (Some(cases), Some(trials)) = (self.cases, self.trials) else {
            return Err(CliError::usage("a gate needs --cases and --trials"));
        };
        let outlook = gate.outlook(&PlannedReach::sized(cases, trials).confidence(self.level()));
        writeln!(out, "{outlook}")?;
        let is_out = |prospect: &Prospect| matches!(prospect, Prospect::OutOfReach(_));
        let missed = outlook.rules.iter().any(|rule| is_out(&rule.prospect));
        Ok(if missed { exit::USAGE } else { exit::MET })
    }

    fn separate(&self, noise: PairedNoise, difference: f64, out: Out<'_>) -> Result<u8, CliError> {
        let aim = Aim::new(self.level(), self.power).map_err(unplanned)?;
        let plan = |trials| PairedPlan { noise, trials_first: trials, trials_second: trials };
        let points = |share: f64| format!("{:.1} points", share * 100.0);
        writeln!(
            out,
            "to separate {} in {:.0}% of all comparisons:\n",
            points(difference),
            self.power * 100.0
        )?;
        let trials: Vec<u64> = match self.trials {
            Some(trials) => vec![u64::from(trials)],
            None => TRIALS.to_vec(),
        };
        let mut rows = Vec::with_capacity(trials.len());
        for trials in trials {
            let cases = tasks_needed(&plan(trials), difference, aim).map_err(unplanned)?.tasks;
            let all = cases.saturating_mul(trials).saturating_mul(2);
            rows.push(vec![trials.to_string(), cases.to_string(), all.to_string()]);
        }
        table::write(out, &COLUMNS, rows)?;
        if let Some(cases) = self.cases {
            let trials = u64::from(self.trials.unwrap_or(1));
            let seen =
                detectable_difference(&plan(trials), u64::from(cases), aim).map_err(unplanned)?;
            writeln!(out, "\n{cases} cases × {trials} trials separate {}", points(seen))?;
        }
        Ok(exit::MET)
    }

    /// Returns the noise to plan with, and where it comes from.
    async fn noise(&self, place: &str) -> Result<(PairedNoise, String), CliError> {
        let spread = self.spread.unwrap_or(0.1);
        let Some(run) = &self.run else {
            let rate = self.pass_rate.unwrap_or(0.5);
            let within = rate * (1.0 - rate);
            let noise = PairedNoise {
                between: spread * spread,
                within_first: within,
                within_second: within,
            };
            let source = format!(
                "supposed: every case passes {:.0}% of its trials, and the true difference varies by {:.1} points \
                 over cases; give --run and --against to take both from runs",
                rate * 100.0,
                spread * 100.0
            );
            return Ok((noise, source));
        };
        let store = store::open_read_only(place).await?;
        let first = find::facts(&*store, run).await?;
        let second = match &self.against {
            Some(run) => find::facts(&*store, run).await?,
            None => first.clone(),
        };
        let estimated = estimate_noise(&pairs(&first, &second)).ok_or_else(|| {
            CliError::usage("the noise cannot be seen: it takes two cases with two trials each")
        })?;
        let (mut noise, used) = (estimated.noise, estimated.tasks_used);
        let source = if let Some(against) = &self.against {
            format!("noise of {used} cases of {run} and {against}")
        } else {
            noise.between = spread * spread;
            format!(
                "noise of trials from {used} cases of {run}; supposed: the true difference varies by {:.1} points \
                 over cases; give --against to take it from a run",
                spread * 100.0
            )
        };
        Ok((noise, source))
    }
}

/// Returns what both runs have of each case.
fn pairs(first: &RunFacts, second: &RunFacts) -> Vec<Pair> {
    let counts =
        |case: &probity_eval_runner::facts::CaseFacts| -> Counts { case.tally.read(Reading::Fail) };
    let pair = |case: &probity_eval_runner::facts::CaseFacts| {
        let other = second.cases.iter().find(|other| other.id == case.id)?;
        Some(Pair { first: counts(case), second: counts(other) })
    };
    first.cases.iter().filter_map(pair).collect()
}

fn unplanned(error: impl std::fmt::Display) -> CliError {
    CliError::usage(error.to_string())
}
