//! The comparison with another run, and the cases that have become worse.

use std::fmt::Write as _;

use super::markdown::cell;
use crate::{
    percent::percent,
    report::{ComparedTask, Comparison, MetricDifference, row, signed},
    stats::{Counts, Reading, Tally, real},
};

/// So many cases that have become worse are listed.
const MOST: usize = 50;

/// Writes the differences, and what is said below them.
pub(super) fn differences(comparison: &Comparison) -> String {
    let (first, second) = (cell(&comparison.first), cell(&comparison.second));
    let mut text = format!(
        "### {first} against {second}\n\n\
        | metric | {first} | {second} | difference | range | |\n|---|--:|--:|--:|--:|---|\n"
    );
    text.extend(comparison.metrics.iter().map(|metric| difference(comparison, metric)));
    text.push('\n');
    text.extend(comparison.lines().iter().map(|line| format!("- {}\n", cell(line))));
    text
}

fn difference(comparison: &Comparison, metric: &MetricDifference) -> String {
    let range = metric.new_tasks.map_or_else(
        || "–".to_owned(),
        |range| format!("{} to {}", signed(range.lo), signed(range.hi)),
    );
    format!(
        "| {} | {}% | {}% | {} | {range} | {} |\n",
        row::words(metric.k, metric.m),
        percent(metric.first),
        percent(metric.second),
        signed(metric.difference),
        cell(&(comparison.verdict(metric) + &comparison.chances(metric))),
    )
}

/// Writes the cases that pass less often than in the other run, the largest difference first; nothing where there are
/// none.
pub(super) fn worse(comparison: &Comparison) -> String {
    let worse = comparison.tasks.iter().filter(|task| lost(task) > 0.0);
    let mut worse: Vec<_> = worse.collect();
    worse.sort_by(|a, b| lost(b).total_cmp(&lost(a)));
    if worse.is_empty() {
        return String::new();
    }
    let mut text =
        "### Cases that pass less often\n\n| case | before | now |\n|---|--:|--:|\n".to_owned();
    for task in worse.iter().take(MOST) {
        let [before, now] = [task.second, task.first].map(|tally| {
            let Counts { n, c } = tally.read(Reading::Fail);
            format!("{c} of {n}")
        });
        _ = writeln!(text, "| {} | {before} | {now} |", cell(&task.id));
    }
    match worse.len().saturating_sub(MOST) {
        0 => {}
        more => _ = writeln!(text, "\n{more} more do."),
    }
    text
}

/// By how much the share of passes is lower in the run that is judged.
fn lost(task: &ComparedTask) -> f64 {
    let share = |tally: Tally| {
        let Counts { n, c } = tally.read(Reading::Fail);
        if n == 0 { 0.0 } else { real(c) / real(n) }
    };
    share(task.second) - share(task.first)
}
