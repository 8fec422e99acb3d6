//! Turns the samples of a peer into the figures of the report.

use std::time::Duration;

use peer_bench::{Captured, Counted, Times, Workload};

use crate::rounds::{Bracket, Measured};
use crate::stats::{Estimate, estimate};

/// One row of the report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    /// Ratios to the bare registry doing the same work.
    pub(crate) ratios: Phases,
    /// Ratio of the work to that of the registry under an `Identity` layer.
    pub(crate) to_identity: Option<Estimate>,
    /// CPU time per unit, in nanoseconds.
    pub(crate) nanos: Phases,
    /// Heap use per unit.
    pub(crate) heap: Option<HeapFigures>,
    /// What was captured, where the peer can tell.
    pub(crate) captured: Option<Captured>,
    /// Why there are no times.
    pub(crate) note: Option<String>,
}

/// The phases of a sample.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Phases {
    /// The work alone.
    pub(crate) hot: Option<Estimate>,
    /// The work, the snapshot and its index.
    pub(crate) total: Option<Estimate>,
    /// The snapshot and its index.
    pub(crate) snapshot: Option<Estimate>,
    /// Dropping the peer, with its store, and the snapshot.
    pub(crate) drop: Option<Estimate>,
}

/// Heap use per unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeapFigures {
    /// Allocations during the work.
    pub(crate) hot: f64,
    /// Allocations while the snapshot was taken.
    pub(crate) snapshot: f64,
    /// Reallocations in both.
    pub(crate) reallocations: f64,
    /// Bytes alive with the finished snapshot; `None` where there is none.
    pub(crate) live: Option<f64>,
    /// Highest number of bytes alive at once, if the run was the process's highest.
    pub(crate) peak: Option<f64>,
}

impl Figures {
    /// Works out the figures of one peer in one workload.
    ///
    /// A peer that did not capture what it should gets a note instead of times.
    pub(crate) fn of(workload: Workload, row: &Measured, heap: Option<Counted>) -> Self {
        let captured = row.captured;
        if let Some(note) = mismatch(captured, workload.expected(row.units)) {
            return Self { captured, note: Some(note), ..Self::default() };
        }
        let whole = workload.has_snapshot() && row.contender.captures();
        Self {
            ratios: ratios(row, workload, whole),
            to_identity: estimate(row.rounds.iter().filter_map(|round| {
                let identity = |bracket: Bracket| bracket.identity.map(|times| seconds(times.hot));
                quotient(
                    seconds(round.times.hot),
                    f64::midpoint(identity(round.before)?, identity(round.after)?),
                )
            })),
            nanos: nanos(row, whole),
            heap: heap.map(|heap| HeapFigures::of(workload, heap)),
            captured,
            note: None,
        }
    }
}

impl HeapFigures {
    fn of(workload: Workload, counted: Counted) -> Self {
        let heap = counted.heap;
        Self {
            hot: per(heap.hot, counted.units),
            snapshot: per(heap.snapshot, counted.units),
            reallocations: per(heap.reallocations, counted.units),
            live: (!workload.drops_captures()).then(|| per(heap.live, counted.units)),
            peak: (heap.peak > 0).then(|| per(heap.peak, counted.units)),
        }
    }
}

/// Returns the ratios; the bare registry is 1 by definition, its spread that of a control sample.
fn ratios(row: &Measured, workload: Workload, whole: bool) -> Phases {
    if workload.unit() == "capture" {
        return Phases::default();
    }
    let is_registry = row.contender == peer_bench::Contender::Registry;
    phases(whole, |phase| {
        let ratio = estimate(row.rounds.iter().filter_map(|round| {
            let registry = |bracket: Bracket| seconds(bracket.registry.hot);
            let bracket = f64::midpoint(registry(round.before), registry(round.after));
            quotient(seconds(phase(&round.times)), bracket)
        }))?;
        Some(if is_registry { Estimate { median: 1.0, ..ratio } } else { ratio })
    })
}

fn nanos(row: &Measured, whole: bool) -> Phases {
    phases(whole, |phase| {
        estimate(row.rounds.iter().filter_map(|round| {
            let nanos = u64::try_from(phase(&round.times).as_nanos()).ok()?;
            Some(per(nanos, row.units))
        }))
    })
}

/// Applies `figure` to each phase that there is: only the work unless the `whole` sample counts.
fn phases(whole: bool, figure: impl Fn(fn(&Times) -> Duration) -> Option<Estimate>) -> Phases {
    let later = |phase| if whole { figure(phase) } else { None };
    let hot = figure(|times| times.hot);
    Phases {
        hot,
        total: if whole { figure(|times| times.hot + times.snapshot) } else { hot },
        snapshot: later(|times| times.snapshot),
        drop: later(|times| times.drop),
    }
}

/// Says what is missing or too much; `None` where all is there or the peer cannot tell.
fn mismatch(captured: Option<Captured>, expected: Captured) -> Option<String> {
    let captured = captured?;
    (captured != expected).then(|| {
        format!(
            "captured {} of {} spans and {} of {} events",
            captured.spans, expected.spans, captured.events, expected.events
        )
    })
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn quotient(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[expect(clippy::cast_precision_loss, reason = "counts of one run are far below 2^52")]
fn per(count: u64, units: u64) -> f64 {
    count as f64 / units as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::Round;
    use peer_bench::{Contender, HeapUse};

    fn times(hot: u64, snapshot: u64) -> Times {
        Times {
            hot: Duration::from_micros(hot),
            snapshot: Duration::from_micros(snapshot),
            drop: Duration::from_micros(7),
        }
    }

    fn row(contender: Contender, captured: Option<Captured>) -> Measured {
        let bracket = |hot| Bracket { registry: times(hot, 0), identity: None };
        let round = Round { times: times(600, 150), before: bracket(100), after: bracket(200) };
        Measured { contender, units: 1_000, captured, rounds: vec![round] }
    }

    const WHOLE: Option<Captured> = Some(Captured { spans: 1_000, events: 1_000 });

    fn median(estimate: Option<Estimate>) -> f64 {
        estimate.unwrap().median
    }

    #[test]
    fn a_ratio_is_the_sample_over_the_mean_of_its_neighbors() {
        let figures = Figures::of(Workload::W1, &row(Contender::Probity, WHOLE), None);
        assert!((median(figures.ratios.hot) - 4.0).abs() < 1e-9);
        assert!((median(figures.ratios.snapshot) - 1.0).abs() < 1e-9);
        assert!((median(figures.ratios.total) - 5.0).abs() < 1e-9);
        assert!((median(figures.nanos.total) - 750.0).abs() < 1e-9);
    }

    #[test]
    fn the_registry_is_one_and_has_no_snapshot() {
        let figures = Figures::of(Workload::W1, &row(Contender::Registry, None), None);
        assert!((median(figures.ratios.hot) - 1.0).abs() < 1e-12);
        assert!((median(figures.ratios.total) - 1.0).abs() < 1e-12);
        assert_eq!(figures.ratios.snapshot, None);
        assert_eq!(figures.ratios.drop, None);
    }

    #[test]
    fn a_peer_that_lost_spans_gets_a_note_and_no_times() {
        let some = Some(Captured { spans: 3, events: 1_000 });
        let figures = Figures::of(Workload::W1, &row(Contender::Lutum, some), None);
        let note = figures.note.unwrap();
        assert_eq!(note, "captured 3 of 1000 spans and 1000 of 1000 events");
        assert_eq!(figures.ratios.hot, None);
        assert_eq!(figures.captured, some);
    }

    #[test]
    fn an_idle_peer_that_captured_something_gets_a_note() {
        let figures = Figures::of(Workload::W5Depth1, &row(Contender::Probity, WHOLE), None);
        assert!(figures.note.is_some());
    }

    #[test]
    fn heap_use_is_divided_by_the_units() {
        let heap = HeapUse { hot: 2_000, snapshot: 500, reallocations: 0, live: 9_000, peak: 0 };
        let counted = Counted { units: 1_000, heap };
        let figures = Figures::of(Workload::W1, &row(Contender::Probity, WHOLE), Some(counted));
        let heap = figures.heap.unwrap();
        assert!((heap.hot - 2.0).abs() < 1e-12);
        assert!((heap.live.unwrap() - 9.0).abs() < 1e-12);
        assert_eq!(heap.peak, None);
    }
}
