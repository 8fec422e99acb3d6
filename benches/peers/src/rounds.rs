//! Takes turns: every sample of a peer stands between two of the bare registry.

use std::io;

use peer_bench::clock::cpu_gauge;
use peer_bench::{Captured, Contender, Purpose, Reach, Run, Times, Workload};

/// All samples of one peer in one workload.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) contender: Contender,
    /// Units in each sample.
    pub(crate) units: u64,
    /// What the peer held after the run before the timed ones, if it can tell.
    pub(crate) captured: Option<Captured>,
    pub(crate) rounds: Vec<Round>,
}

/// One sample and its neighbors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    pub(crate) times: Times,
    pub(crate) before: Bracket,
    pub(crate) after: Bracket,
}

/// The baselines, run next to a sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    pub(crate) registry: Times,
    /// Only where nothing is captured.
    pub(crate) identity: Option<Times>,
}

/// Runs `rounds` samples of each peer, the peers taking turns.
///
/// The bracket after a sample is the bracket before the next one.
///
/// # Errors
///
/// Where a runtime cannot be built or a task panics.
pub(crate) fn measure(
    workload: Workload,
    contenders: &[Contender],
    rounds: u32,
) -> io::Result<Vec<Measured>> {
    let mut rows = contenders
        .iter()
        .map(|contender| check(workload, *contender))
        .collect::<io::Result<Vec<_>>>()?;
    let mut before = bracket(workload)?;
    for _ in 0..rounds {
        for row in &mut rows {
            let times = time(workload, row.contender)?;
            let after = bracket(workload)?;
            row.rounds.push(Round { times, before, after });
            before = after;
        }
    }
    Ok(rows)
}

/// Runs the workload once and counts what the peer captured; this warms it up as well.
fn check(workload: Workload, contender: Contender) -> io::Result<Measured> {
    let run = run(workload, Purpose::Checked);
    let captured = contender.sample(workload, &run)?.captured;
    Ok(Measured { contender, units: run.units, captured, rounds: Vec::new() })
}

fn bracket(workload: Workload) -> io::Result<Bracket> {
    let registry = time(workload, Contender::Registry)?;
    let identity =
        if workload.is_idle() { Some(time(workload, Contender::RegistryIdentity)?) } else { None };
    Ok(Bracket { registry, identity })
}

fn time(workload: Workload, contender: Contender) -> io::Result<Times> {
    Ok(contender.sample(workload, &run(workload, Purpose::Timed))?.times())
}

fn run(workload: Workload, purpose: Purpose) -> Run {
    Run { gauge: cpu_gauge, units: workload.units(None), reach: Reach::Scoped, purpose }
}
