//! The table of one workload.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{Cell, CellAlignment, Table};
use peer_bench::Workload;

use super::results::Results;
use crate::figures::{Figures, HeapFigures};
use crate::stats::Estimate;

/// Columns that every workload has.
const COLUMNS: [&str; 11] = [
    "peer",
    "hot x",
    "total x",
    "spread",
    "snapshot x",
    "drop x",
    "hot ns",
    "total ns",
    "allocs + snapshot",
    "live B",
    "peak B",
];

/// Column of the workloads in which nothing is captured.
const TO_IDENTITY: &str = "hot / identity";

/// Formats the figures of one workload, with the notes of its peers below.
pub(crate) fn table(workload: Workload, results: &Results) -> String {
    let idle = workload.is_idle().then_some(TO_IDENTITY);
    let mut table = new_table(COLUMNS.into_iter().chain(idle));
    let mut notes = Vec::new();
    for (contender, row) in results.rows(workload) {
        let to_identity = idle.map(|_| number(row.to_identity));
        table.add_row([contender.name()].into_iter().chain(cells(row)).chain(to_identity));
        if let Some(note) = &row.note {
            notes.push(format!("\n{}: {note}", contender.name()));
        }
    }
    format!("## {} (per {})\n\n{table}{}\n", workload.name(), workload.unit(), notes.concat())
}

/// Creates a table with its first column on the left and the others on the right.
pub(super) fn new_table(columns: impl IntoIterator<Item: Into<Cell>>) -> Table {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header(columns);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Formats a number with three significant digits or so.
pub(super) fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

fn cells(row: &Figures) -> [String; 10] {
    let (ratios, nanos) = (row.ratios, row.nanos);
    [
        number(ratios.hot),
        number(ratios.total),
        spread(ratios.total.or(nanos.total)),
        number(ratios.snapshot),
        number(ratios.drop),
        number(nanos.hot),
        number(nanos.total),
        row.heap.map_or_else(none, allocations),
        row.heap.and_then(|heap| heap.live).map_or_else(none, short),
        row.heap.and_then(|heap| heap.peak).map_or_else(none, short),
    ]
}

fn allocations(heap: HeapFigures) -> String {
    format!("{} + {}", short(heap.hot), short(heap.snapshot))
}

fn number(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(none, |estimate| short(estimate.median))
}

fn spread(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(none, |estimate| format!("{:.0} %", estimate.spread * 100.0))
}

fn none() -> String {
    "-".to_owned()
}

#[cfg(test)]
mod tests {
    use peer_bench::Contender;

    use super::*;
    use crate::figures::Phases;

    fn phases(total: f64) -> Phases {
        let total = Some(Estimate { median: total, spread: 0.051 });
        Phases { hot: None, total, snapshot: None, drop: None }
    }

    #[test]
    fn a_row_shows_its_figures_and_a_dash_where_there_is_none() {
        let mut results = Results::default();
        let figures =
            Figures { ratios: phases(3.456), nanos: phases(1_234.5), ..Figures::default() };
        results.insert(Workload::W1, Contender::Probity, figures);
        let text = table(Workload::W1, &results);
        let row = text.lines().find(|line| line.contains("probity")).unwrap();
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        assert_eq!(
            cells,
            ["", "probity", "-", "3.46", "5 %", "-", "-", "-", "1234", "-", "-", "-", ""]
        );
    }

    #[test]
    fn a_note_stands_below_the_table() {
        let mut results = Results::default();
        let figures = Figures { note: Some("captured 0 of 9".to_owned()), ..Figures::default() };
        results.insert(Workload::W7, Contender::Lutum, figures);
        assert!(table(Workload::W7, &results).contains("\nlutum: captured 0 of 9\n"));
    }

    #[test]
    fn idle_workloads_have_one_more_column() {
        let results = Results::default();
        assert!(table(Workload::W8, &results).contains(TO_IDENTITY));
        assert!(!table(Workload::W1, &results).contains(TO_IDENTITY));
    }
}
