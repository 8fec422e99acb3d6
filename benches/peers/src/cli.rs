//! The command line.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, ValueEnum as _};
use peer_bench::{Contender, Workload};

/// Rounds where none are asked for.
const ROUNDS: u32 = 11;

/// Rounds of the workload with a million spans, where none are asked for.
const ROUNDS_OF_A_MILLION: u32 = 3;

/// Compares what capturing spans costs in several libraries, as ratios to the bare registry.
#[derive(Debug, Parser)]
#[command(name = "peer-bench")]
pub(crate) struct Cli {
    /// Write the figures to this file as JSON, besides the tables.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Samples of each peer in each workload [default: 11; 3 for a million spans].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rounds: Option<u32>,
    /// Run only these workloads, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    workload: Vec<Workload>,
    /// Run only these peers, separated by commas; the registry always runs as the baseline.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    peer: Vec<Contender>,
    /// Leave out allocations and bytes, which need further processes.
    #[arg(long)]
    no_count: bool,
    /// Run one workload under this peer once, without brackets, and print what was captured.
    #[arg(
        long,
        value_name = "PEER",
        requires = "workload",
        conflicts_with_all = ["json", "rounds", "peer", "no_count"]
    )]
    only: Option<Contender>,
    /// How many spans `--only` emits (captures in `empty`, callsites passed in `w8`).
    #[arg(
        long,
        value_name = "N",
        requires = "only",
        value_parser = clap::value_parser!(u64).range(1..=1_000_000_000)
    )]
    spans: Option<u64>,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Command {
    /// Run one workload under one peer.
    Alone { contender: Contender, workload: Workload, spans: Option<u64> },
    /// Run each workload under its peers, so many rounds.
    Compare { plan: Vec<(Workload, Vec<Contender>, u32)>, json: Option<PathBuf>, count: bool },
}

impl Cli {
    /// Reads the command line; explains itself and exits where it makes no sense.
    pub(crate) fn read() -> Command {
        Self::parse().into_command().unwrap_or_else(|error| error.exit())
    }

    fn into_command(self) -> Result<Command, clap::Error> {
        match self.only {
            Some(contender) => self.alone(contender),
            None => self.compare(),
        }
    }

    fn alone(&self, contender: Contender) -> Result<Command, clap::Error> {
        let [workload] = *self.workload else {
            return Err(complaint("--only runs exactly one --workload"));
        };
        if !contender.takes_part_in(workload) {
            let (peer, name) = (contender.name(), workload.name());
            return Err(complaint(&format!("{peer} takes no part in {name}")));
        }
        Ok(Command::Alone { contender, workload, spans: self.spans })
    }

    fn compare(self) -> Result<Command, clap::Error> {
        let workloads = chosen(&self.workload, Workload::value_variants());
        let contenders = chosen(&self.peer, Contender::value_variants());
        let plan: Vec<_> = workloads
            .into_iter()
            .map(|workload| {
                let part = contenders.iter().copied().filter(|one| one.takes_part_in(workload));
                (workload, part.collect::<Vec<_>>(), self.rounds_of(workload))
            })
            .filter(|(_, contenders, _)| !contenders.is_empty())
            .collect();
        if plan.is_empty() {
            return Err(complaint("none of these peers takes part in any of these workloads"));
        }
        Ok(Command::Compare { plan, json: self.json, count: !self.no_count })
    }

    fn rounds_of(&self, workload: Workload) -> u32 {
        let usual = if workload == Workload::Snapshot1m { ROUNDS_OF_A_MILLION } else { ROUNDS };
        self.rounds.unwrap_or(usual)
    }
}

/// Returns what was asked for in the usual order and once each, or everything.
fn chosen<T: Copy + PartialEq>(asked: &[T], all: &[T]) -> Vec<T> {
    all.iter().copied().filter(|one| asked.is_empty() || asked.contains(one)).collect()
}

fn complaint(message: &str) -> clap::Error {
    Cli::command().error(ErrorKind::ValueValidation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(arguments: &[&str]) -> Result<Command, String> {
        let line = ["peer-bench"].iter().chain(arguments);
        let cli = Cli::try_parse_from(line).map_err(|error| error.to_string())?;
        cli.into_command().map_err(|error| error.to_string())
    }

    fn plan(arguments: &[&str]) -> Vec<(Workload, Vec<Contender>, u32)> {
        match command(arguments) {
            Ok(Command::Compare { plan, .. }) => plan,
            other => panic!("not a comparison: {other:?}"),
        }
    }

    #[test]
    fn without_arguments_every_workload_runs_with_every_peer_that_takes_part() {
        let plan = plan(&[]);
        assert_eq!(plan.len(), Workload::value_variants().len());
        let (workload, peers, rounds) = &plan[0];
        assert_eq!((*workload, *rounds), (Workload::W1, ROUNDS));
        assert_eq!(
            peers.iter().map(|peer| peer.name()).collect::<Vec<_>>(),
            ["registry", "probity", "lutum", "tracing_capture", "opentelemetry", "fastrace"]
        );
    }

    #[test]
    fn filters_take_lists_and_repetitions() {
        let plan = plan(&["--workload", "w4,w1", "--workload", "w1", "--peer", "lutum"]);
        let names: Vec<_> = plan.iter().map(|(workload, ..)| workload.name()).collect();
        assert_eq!(names, ["w1", "w4"]);
        assert_eq!(plan[0].1, [Contender::Lutum]);
    }

    #[test]
    fn only_takes_one_workload_and_a_number_of_spans() {
        let line = ["--only", "probity", "--workload", "w1", "--spans", "1000"];
        let Ok(Command::Alone { contender, workload, spans }) = command(&line) else {
            panic!("not a run by itself");
        };
        assert_eq!((contender, workload), (Contender::Probity, Workload::W1));
        assert_eq!(spans, Some(1_000));
    }

    #[test]
    fn wrong_arguments_are_told_apart() {
        for (line, complaint) in [
            (&["--only", "probity"][..], "--workload"),
            (&["--only", "probity", "--workload", "w1,w4"], "exactly one"),
            (&["--only", "fastrace", "--workload", "w2b_1"], "fastrace takes no part in w2b_1"),
            (&["--only", "nobody", "--workload", "w1"], "invalid value 'nobody'"),
            (&["--spans", "10"], "--only"),
            (&["--only", "probity", "--workload", "w1", "--spans", "0"], "0 is not in"),
            (&["--rounds", "0"], "0 is not in"),
            (&["--workload", "w6"], "invalid value 'w6'"),
            (&["--peer", "registry", "--workload", "empty"], "none of these peers"),
        ] {
            let message = command(line).expect_err("accepted");
            assert!(message.contains(complaint), "{line:?} gave {message}");
        }
    }
}
