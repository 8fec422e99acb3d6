//! Each peer, in each workload, holds what was emitted: a ratio of anything else would mean nothing.

use std::sync::{Mutex, PoisonError};

use clap::ValueEnum as _;
use peer_bench::clock::cpu_gauge;
use peer_bench::{Captured, Contender, Purpose, Reach, Run, Sample, Workload};

/// Keeps the tests apart: all samples of fastrace report to one collector.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// So few units that a test is quick; the workloads round it to what they need.
const FEW: u64 = 2_000;

fn sample(contender: Contender, workload: Workload, purpose: Purpose) -> (Sample, u64) {
    let units = workload.units(Some(FEW));
    let run = Run { gauge: cpu_gauge, units, reach: Reach::Scoped, purpose };
    (contender.sample(workload, &run).unwrap(), units)
}

fn captured(contender: Contender, workload: Workload) -> (Option<Captured>, Captured) {
    let (sample, units) = sample(contender, workload, Purpose::Checked);
    (sample.captured, workload.expected(units))
}

/// The pairs in which something is captured, but for 1,024 captures at once, which take long.
fn capturing() -> impl Iterator<Item = (Contender, Workload)> {
    let workloads = Workload::value_variants()
        .iter()
        .filter(|workload| !workload.is_idle() && **workload != Workload::W3Many);
    workloads.flat_map(|workload| {
        let contenders = Contender::value_variants().iter();
        contenders
            .filter(|contender| contender.captures() && contender.takes_part_in(*workload))
            .map(|contender| (*contender, *workload))
    })
}

/// In 0.1.0 a capture ends at the borders of its task.
fn loses_tasks(contender: Contender, workload: Workload) -> bool {
    contender == Contender::Lutum && matches!(workload, Workload::W7 | Workload::W7OneWorker)
}

#[test]
fn every_peer_holds_all_spans_and_events_of_a_workload() {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    for (contender, workload) in capturing().filter(|(one, what)| !loses_tasks(*one, *what)) {
        let (captured, expected) = captured(contender, workload);
        assert!(workload == Workload::Empty || expected.spans >= FEW / 2, "{workload:?}");
        assert_eq!(captured, Some(expected), "{} in {}", contender.name(), workload.name());
    }
}

#[test]
fn spans_that_a_peer_loses_are_missing_in_its_count() {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (captured, expected) = captured(Contender::Lutum, Workload::W7);
    assert_eq!(captured, Some(Captured::default()));
    assert_ne!(captured, Some(expected));
}

#[test]
fn nobody_captures_anything_in_an_idle_workload() {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    for workload in [Workload::W5Depth1, Workload::W5Depth512, Workload::W8] {
        for contender in Contender::value_variants() {
            let (captured, expected) = captured(*contender, workload);
            let name = contender.name();
            assert_eq!(captured, contender.captures().then_some(expected), "{name}, {workload:?}");
        }
    }
}

#[test]
fn a_run_that_is_left_alone_tells_how_many_spans_it_holds() {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    for contender in [Contender::Probity, Contender::Lutum, Contender::TracingCapture] {
        let (sample, units) = sample(contender, Workload::W1, Purpose::Alone);
        assert_eq!(sample.len, Some(units), "{}", contender.name());
    }
}

#[test]
fn units_are_rounded_to_whole_chains_waves_and_tasks() {
    for workload in Workload::value_variants() {
        for asked in [1, 1_000, 1_001, 300_000] {
            let units = workload.units(Some(asked));
            assert!(units > 0);
            assert_eq!(workload.units(Some(units)), units, "{}", workload.name());
        }
    }
    assert_eq!(Workload::W2Depth512.units(Some(1_000)), 512);
    assert_eq!(Workload::W3Many.units(None), 204_800);
    assert_eq!(Workload::W7.units(Some(100)), 96);
}
