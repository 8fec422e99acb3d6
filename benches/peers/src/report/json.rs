//! The file: `workload -> peer -> figures`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use peer_bench::Captured;
use serde::Serialize;

use super::results::Results;
use crate::error::BenchError;
use crate::figures::{Figures, Phases};
use crate::stats::Estimate;

/// The figures of one peer in one workload, as they are in the file.
#[derive(Debug, Serialize)]
struct Row {
    /// Ratios to the registry.
    #[serde(flatten)]
    ratios: Times,
    /// Allocations per span, of the work and the snapshot.
    allocs: Option<f64>,
    /// Live bytes per span of the finished snapshot.
    bytes: Option<f64>,
    /// Relative interquartile range of `total`.
    spread: Option<f64>,
    /// `hot` as a ratio to the registry under an `Identity` layer.
    to_identity: Option<f64>,
    /// CPU time per span in nanoseconds.
    ns: Times,
    /// The part of `allocs` that the snapshot makes.
    allocs_snapshot: Option<f64>,
    /// Reallocations per span, not in `allocs`.
    reallocs: Option<f64>,
    /// Highest number of live bytes per span.
    peak: Option<f64>,
    /// What was captured.
    captured: Option<Captured>,
    /// Why there are no times.
    note: Option<String>,
}

#[derive(Debug, Serialize)]
struct Times {
    hot: Option<f64>,
    total: Option<f64>,
    snapshot: Option<f64>,
    drop: Option<f64>,
}

/// Creates the file.
///
/// # Errors
///
/// Where that is not possible.
pub(crate) fn create(path: &Path) -> Result<File, BenchError> {
    File::create(path).map_err(|source| BenchError::Create { path: path.to_path_buf(), source })
}

/// Writes all figures.
///
/// # Errors
///
/// Where the file cannot be written to.
pub(crate) fn write(results: &Results, file: File) -> Result<(), BenchError> {
    serde_json::to_writer_pretty(BufWriter::new(file), &rows(results)).map_err(BenchError::Write)
}

fn rows(results: &Results) -> BTreeMap<String, BTreeMap<String, Row>> {
    let of = |workload| {
        results.rows(workload).map(|(contender, row)| (contender.name(), Row::from(row))).collect()
    };
    results.workloads().map(|workload| (workload.name(), of(workload))).collect()
}

impl From<&Figures> for Row {
    fn from(figures: &Figures) -> Self {
        let heap = figures.heap;
        Self {
            ratios: Times::from(figures.ratios),
            allocs: heap.map(|heap| heap.hot + heap.snapshot),
            bytes: heap.and_then(|heap| heap.live),
            spread: figures.ratios.total.or(figures.nanos.total).map(|total| total.spread),
            to_identity: median(figures.to_identity),
            ns: Times::from(figures.nanos),
            allocs_snapshot: heap.map(|heap| heap.snapshot),
            reallocs: heap.map(|heap| heap.reallocations),
            peak: heap.and_then(|heap| heap.peak),
            captured: figures.captured,
            note: figures.note.clone(),
        }
    }
}

impl From<Phases> for Times {
    fn from(phases: Phases) -> Self {
        Self {
            hot: median(phases.hot),
            total: median(phases.total),
            snapshot: median(phases.snapshot),
            drop: median(phases.drop),
        }
    }
}

fn median(estimate: Option<Estimate>) -> Option<f64> {
    estimate.map(|estimate| estimate.median)
}

#[cfg(test)]
mod tests {
    use peer_bench::{Contender, Workload};

    use super::*;
    use crate::figures::HeapFigures;

    #[test]
    fn a_row_has_the_agreed_keys_and_null_where_nothing_applies() {
        let mut results = Results::default();
        let ratio = |median| Some(Estimate { median, spread: 0.25 });
        let figures = Figures {
            ratios: Phases { hot: ratio(3.0), total: ratio(3.5), snapshot: None, drop: None },
            heap: Some(HeapFigures {
                hot: 1.0,
                snapshot: 0.5,
                reallocations: 0.0,
                live: Some(240.0),
                peak: None,
            }),
            ..Figures::default()
        };
        results.insert(Workload::W3Many, Contender::TracingCapture, figures);
        let value = serde_json::to_value(rows(&results)).unwrap();
        let row = &value["w3_1024"]["tracing_capture"];
        assert_eq!(row["hot"], 3.0);
        assert_eq!(row["total"], 3.5);
        assert_eq!(row["spread"], 0.25);
        assert_eq!(row["allocs"], 1.5);
        assert_eq!(row["bytes"], 240.0);
        for key in ["snapshot", "drop", "peak", "to_identity", "note", "captured"] {
            assert!(row.as_object().unwrap().contains_key(key) && row[key].is_null(), "{key}");
        }
    }
}
