//! Compares what capturing costs with what it costs in other libraries.

mod allocations;
mod alone;
mod cli;
mod error;
mod figures;
mod report;
mod rounds;
mod stats;

use std::fs::File;
use std::process::ExitCode;

use peer_bench::{Contender, Workload};

use self::allocations::Counter;
use self::cli::{Cli, Command};
use self::error::BenchError;
use self::figures::Figures;
use self::report::Results;

fn main() -> ExitCode {
    match run(Cli::read()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error::chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), BenchError> {
    match command {
        Command::Alone { contender, workload, spans } => {
            println!("{}", alone::run(contender, workload, spans)?);
            Ok(())
        }
        Command::Compare { plan, json, count } => {
            // Opened first: a path that cannot be written to is told at once.
            let file = json.as_deref().map(report::create).transpose()?;
            let counter = if count { counter() } else { None };
            compare(&plan, file, counter.as_ref())
        }
    }
}

/// Finds the counting program; without it the columns of the heap stay empty.
fn counter() -> Option<Counter> {
    Counter::find()
        .inspect_err(|error| eprintln!("allocations are not counted: {}", error::chain(error)))
        .ok()
}

fn compare(
    plan: &[(Workload, Vec<Contender>, u32)],
    file: Option<File>,
    counter: Option<&Counter>,
) -> Result<(), BenchError> {
    let mut results = Results::default();
    for (workload, contenders, rounds) in plan {
        eprintln!("{}: {} peers, {rounds} rounds", workload.name(), contenders.len());
        let measured = rounds::measure(*workload, contenders, *rounds)
            .map_err(|source| BenchError::Workload { name: workload.name(), source })?;
        for row in measured {
            let heap = counter.and_then(|counter| counter.count(row.contender, *workload));
            results.insert(*workload, row.contender, Figures::of(*workload, &row, heap));
        }
        println!("{}", report::table(*workload, &results));
    }
    println!("{}", report::comparisons(&results));
    file.map_or(Ok(()), |file| report::write(&results, file))
}
