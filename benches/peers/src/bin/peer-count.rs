//! Counts the allocations and the live bytes of one workload under one peer.
//!
//! It is a program of its own because its allocator would slow the timed runs, and one process
//! for each figure because a peak is the peak of a process. `peer-bench` builds and runs it.

use std::alloc::System;
use std::process::ExitCode;

use cap::Cap;
use clap::Parser;
use peer_bench::clock::{Heap, Reading};
use peer_bench::{Contender, Counted, Purpose, Reach, Run, Workload};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

/// Counts calls in the inner allocator and bytes in the outer one.
#[global_allocator]
static ALLOCATOR: Cap<&StatsAlloc<System>> = Cap::new(&INSTRUMENTED_SYSTEM, usize::MAX);

/// A run before the counted one is this much smaller, so that its peak stays below.
const WARM_UP_DIVISOR: u64 = 20;

/// Counts the allocations of one workload under one peer and prints them as JSON.
#[derive(Debug, Parser)]
struct Cli {
    /// Peer to run.
    #[arg(long)]
    peer: Contender,
    /// Workload to run.
    #[arg(long)]
    workload: Workload,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match count(&cli).and_then(|counted| Ok(serde_json::to_string(&counted)?)) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn count(cli: &Cli) -> std::io::Result<Counted> {
    let units = cli.workload.units(None);
    let warm_up = cli.workload.units(Some(units / WARM_UP_DIVISOR));
    if warm_up < units {
        cli.peer.sample(cli.workload, &run(warm_up))?;
    }
    let sample = cli.peer.sample(cli.workload, &run(units))?;
    Ok(Counted { units, heap: sample.heap() })
}

fn run(units: u64) -> Run {
    Run { gauge: heap_gauge, units, reach: Reach::Scoped, purpose: Purpose::Timed }
}

fn heap_gauge() -> Reading {
    let calls = INSTRUMENTED_SYSTEM.stats();
    let heap = Heap {
        allocations: calls.allocations as u64,
        reallocations: calls.reallocations as u64,
        live: ALLOCATOR.allocated() as u64,
        peak: ALLOCATOR.max_allocated() as u64,
    };
    Reading { heap, ..Reading::default() }
}
