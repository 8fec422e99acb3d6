//! What follows from more than one workload or more than one peer.

use peer_bench::{Contender, Workload};

use super::results::Results;
use super::table::{new_table, short};
use crate::stats::Estimate;

/// A figure that takes two rows.
type Comparison = fn(&Results, Contender) -> Option<f64>;

/// The columns and what is in them.
const COMPARISONS: [(&str, Comparison); 5] = [
    ("w3_1024 / w3_1", |results, one| {
        Some(total(results, Workload::W3Many, one)? / total(results, Workload::W3One, one)?)
    }),
    ("w7 / w7_1", |results, one| {
        Some(total(results, Workload::W7, one)? / total(results, Workload::W7OneWorker, one)?)
    }),
    ("w2b growth %", growth),
    ("w4 / cheapest other", large_text),
    ("1m snapshot ms", |results, one| {
        let row = results.row(Workload::Snapshot1m, one)?;
        // Nanoseconds per span are milliseconds per million spans.
        Some(row.nanos.snapshot?.median)
    }),
];

/// Formats the comparisons across workloads.
pub(crate) fn comparisons(results: &Results) -> String {
    let mut table = new_table(["peer"].into_iter().chain(COMPARISONS.map(|(name, _)| name)));
    for contender in results.contenders() {
        let cells = COMPARISONS
            .map(|(_, figure)| figure(results, contender).map_or_else(|| "-".to_owned(), short));
        if cells.iter().any(|cell| cell != "-") {
            table.add_row([contender.name()].into_iter().chain(cells));
        }
    }
    format!("## Across workloads (CPU time per span)\n\n{table}\n")
}

/// Returns how much dearer a span is under 512 unrecorded ancestors than under one, in percent,
/// beyond what the registry itself takes for them.
fn growth(results: &Results, contender: Contender) -> Option<f64> {
    let hot = |workload, one| Some(results.row(workload, one)?.nanos.hot?.median);
    let own = |workload| Some(hot(workload, contender)? - hot(workload, Contender::Registry)?);
    let shallow = hot(Workload::W2bDepth1, contender)?;
    Some((own(Workload::W2bDepth512)? - own(Workload::W2bDepth1)?) / shallow * 100.0)
}

/// Returns the cost of a long text as a multiple of that of the cheapest other peer.
fn large_text(results: &Results, contender: Contender) -> Option<f64> {
    let cheapest = results
        .rows(Workload::W4)
        .filter(|(other, _)| *other != contender && other.captures())
        .filter_map(|(_, row)| Some(row.ratios.total?.median))
        .min_by(f64::total_cmp)?;
    let own = results.row(Workload::W4, contender)?.ratios.total?.median;
    contender.captures().then_some(own / cheapest)
}

fn total(results: &Results, workload: Workload, contender: Contender) -> Option<f64> {
    let Estimate { median, .. } = results.row(workload, contender)?.nanos.total?;
    (median > 0.0).then_some(median)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{Figures, Phases};

    fn insert(results: &mut Results, workload: Workload, contender: Contender, nanos: f64) {
        let estimate = Some(Estimate { median: nanos, spread: 0.0 });
        let phases = Phases { hot: estimate, total: estimate, snapshot: None, drop: None };
        let figures = Figures { nanos: phases, ratios: phases, ..Figures::default() };
        results.insert(workload, contender, figures);
    }

    #[test]
    fn growth_leaves_out_what_the_registry_takes() {
        let mut results = Results::default();
        for (workload, registry, probity) in
            [(Workload::W2bDepth1, 100.0, 400.0), (Workload::W2bDepth512, 250.0, 570.0)]
        {
            insert(&mut results, workload, Contender::Registry, registry);
            insert(&mut results, workload, Contender::Probity, probity);
        }
        assert!((growth(&results, Contender::Probity).unwrap() - 5.0).abs() < 1e-9);
    }

    #[test]
    fn the_cheapest_other_is_a_peer_that_captures() {
        let mut results = Results::default();
        insert(&mut results, Workload::W4, Contender::Registry, 1.0);
        insert(&mut results, Workload::W4, Contender::Probity, 10.5);
        insert(&mut results, Workload::W4, Contender::TracingCapture, 10.0);
        insert(&mut results, Workload::W4, Contender::Lutum, 36.0);
        assert!((large_text(&results, Contender::Probity).unwrap() - 1.05).abs() < 1e-9);
        assert_eq!(large_text(&results, Contender::Registry), None);
    }

    #[test]
    fn a_peer_without_both_workloads_has_no_comparison() {
        let mut results = Results::default();
        insert(&mut results, Workload::W3Many, Contender::Probity, 500.0);
        assert!(!comparisons(&results).contains("probity"));
        insert(&mut results, Workload::W3One, Contender::Probity, 1_000.0);
        assert!(comparisons(&results).contains("0.50"));
    }
}
