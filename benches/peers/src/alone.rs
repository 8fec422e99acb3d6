//! Runs one workload under one peer, once and with nothing else, for an instruction counter.

use peer_bench::clock::cpu_gauge;
use peer_bench::{Contender, Purpose, Reach, Run, Workload};

use crate::error::BenchError;

/// Runs it with the peer's subscriber as the global default, and says what was captured.
///
/// # Errors
///
/// Where a runtime cannot be built or a task panics.
pub(crate) fn run(
    contender: Contender,
    workload: Workload,
    spans: Option<u64>,
) -> Result<String, BenchError> {
    let units = workload.units(spans);
    let run = Run { gauge: cpu_gauge, units, reach: Reach::Global, purpose: Purpose::Alone };
    let sample = contender
        .sample(workload, &run)
        .map_err(|source| BenchError::Workload { name: workload.name(), source })?;
    let captured = match sample.len {
        _ if workload.drops_captures() => "dropped every capture".to_owned(),
        Some(spans) => format!("captured {spans} spans"),
        None => "captures nothing".to_owned(),
    };
    let (peer, name, unit) = (contender.name(), workload.name(), workload.unit());
    Ok(format!("{peer} {name}: emitted {units} {unit}s, {captured}"))
}
