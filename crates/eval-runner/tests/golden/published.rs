//! Published numbers: rows of pass^k with the counts behind them, and single numbers from count tables.

use std::collections::BTreeMap;

use crate::{
    file::{block, fraction, near},
    real_data::counts,
};
use probity_eval_runner::stats::{
    Confidence, Counts, Printed, TableCheck, check_table, m_of_k, task_mean,
};
use serde::Deserialize;

/// The blocks give fractions and doubles of the same number.
const TOLERANCE: f64 = 1e-12;

#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(rename = "N")]
    tasks: u64,
    n: u64,
    hist_c0_to_cn: Vec<u64>,
    published: Vec<String>,
    published_scale: f64,
    #[serde(default)]
    exact: BTreeMap<String, String>,
    #[serde(default)]
    f64: BTreeMap<String, f64>,
    #[serde(default)]
    note: String,
}

impl Row {
    /// The counts of every task.
    fn counts(&self) -> Vec<Counts> {
        let tasks = (0..).zip(&self.hist_c0_to_cn);
        let counts = tasks.flat_map(|(c, &tasks)| (0..tasks).map(move |_| Counts { n: self.n, c }));
        counts.collect()
    }

    fn printed(&self) -> Vec<(u64, Printed)> {
        let percent = self.published_scale > 1.0;
        let read = |text: &String| {
            let printed = if percent { Printed::percent(text) } else { text.parse() };
            printed.unwrap_or_else(|error| panic!("{}: {error}", self.name))
        };
        (1..).zip(self.published.iter().map(read)).collect()
    }
}

#[test]
fn golden_published_pass_hat_rows_follow_from_their_histograms() {
    for row in block::<Row>("published_pass_hat").vectors {
        let counts = row.counts();
        assert_eq!(u64::try_from(counts.len()), Ok(row.tasks), "{}", row.name);
        assert!(!row.exact.is_empty() && !row.published.is_empty(), "{}: no values", row.name);
        let mean = |k| {
            let mean = task_mean(&counts, k, k, Confidence::default()).expect("valid counts");
            mean.mean.expect("tasks")
        };
        for (metric, exact) in &row.exact {
            near(mean(k_of(metric)), fraction(exact), TOLERANCE, &format!("{} {metric}", row.name));
        }
        for (metric, value) in &row.f64 {
            near(mean(k_of(metric)), *value, TOLERANCE, &format!("{} {metric}", row.name));
        }
        for (k, printed) in row.printed() {
            assert!(printed.stands_for(mean(k)), "{} pass^{k}: {}", row.name, mean(k));
        }
    }
}

#[test]
fn golden_published_pass_hat_rows_are_decoded_to_their_histograms() {
    for row in block::<Row>("published_pass_hat").vectors {
        let check = check_table(row.tasks, row.n, &row.printed()).expect("a row");
        match check {
            TableCheck::Unique { histogram } => {
                assert_eq!(histogram, row.hist_c0_to_cn, "{}", row.name);
            }
            TableCheck::Several { histograms, .. } => {
                let unique = row.note.to_lowercase().contains("unique");
                assert!(!unique, "{}: {histograms:?}", row.name);
                assert!(histograms.contains(&row.hist_c0_to_cn), "{}: {histograms:?}", row.name);
            }
            other => panic!("{}: {other:?}", row.name),
        }
    }
}

#[derive(Deserialize)]
struct Scalar {
    counts: String,
    metric: String,
    published: String,
    f64: f64,
}

#[test]
fn golden_published_scalars_follow_from_their_count_tables() {
    for vector in block::<Scalar>("published_scalar").vectors {
        let Some(tasks) = counts(&vector.counts) else { continue };
        let name = format!("{} {}", vector.counts, vector.metric);
        let k = k_of(&vector.metric);
        let m = if vector.metric.contains("pass^") { k } else { 1 };
        let mean = task_mean(&tasks, k, m, Confidence::default()).expect("valid counts");
        let mean = mean.mean.expect("tasks");
        near(mean, vector.f64, TOLERANCE, &name);
        let number = vector.published.split_whitespace().next().expect("a number");
        let printed: Printed = number.parse().expect("a share");
        assert!(printed.stands_for(mean), "{name}: {mean} is no {}", vector.published);
    }
}

/// Rows that were published and cannot come from their number of tasks and trials.
#[test]
fn impossible_published_rows_are_refused() {
    let percent = |values: &[&str]| -> Vec<(u64, Printed)> {
        (1..).zip(values.iter().map(|text| Printed::percent(text).expect("a share"))).collect()
    };
    for (tasks, trials, row) in [
        // tau2 leaderboard, airline, claude-3-7-sonnet; the paper's figure has 50.0, 41.0, 37.5, 36.0.
        (50, 4, &["64.2", "58.9", "55.4", "52.1"][..]),
        // SWE-bench bash-only, Claude 4 Sonnet: 324 of 499.
        (500, 1, &["64.93"][..]),
    ] {
        let check = check_table(tasks, trials, &percent(row)).expect("a row");
        assert!(matches!(check, TableCheck::Impossible { .. }), "{row:?}: {check:?}");
    }
    let figure = check_table(50, 4, &percent(&["50.0", "41.0", "37.5", "36.0"])).expect("a row");
    let TableCheck::Unique { histogram } = figure else { panic!("{figure:?}") };
    let pass_4: u64 = histogram.last().copied().expect("five numbers");
    assert_eq!(pass_4, 18);
    assert!((m_of_k(4, 3, 3, 3).expect("valid counts") - 0.25).abs() < 1e-15);
}

/// Reads the k of the `pass^k` or `pass@k` in a name.
fn k_of(metric: &str) -> u64 {
    let start = metric.find("pass^").or_else(|| metric.find("pass@"));
    let digits = start.into_iter().flat_map(|start| metric[start + 5..].chars());
    let digits: String = digits.take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no pass^k and no pass@k: {metric}"))
}
