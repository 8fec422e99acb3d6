//! Vectors of the mean over tasks.

use crate::file::{block, near};
use probity_eval_runner::stats::{Confidence, Counts, TaskMean, clustered, m_of_k, task_mean};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Tasks {
    name: String,
    #[serde(rename = "tasks")]
    counts: Vec<[u64; 2]>,
    metrics: Vec<Expected>,
    #[serde(alias = "cluster", alias = "groups")]
    clusters: Option<Vec<Value>>,
    clustered_se_k1: Option<f64>,
}

/// What is expected of one metric over the tasks.
#[derive(Deserialize)]
pub(crate) struct Expected {
    k: u64,
    m: u64,
    tasks_used: u64,
    tasks_skipped: u64,
    mean: String,
    mean_f64: Option<f64>,
    se_tasks: Option<f64>,
    t_lo: Option<f64>,
    t_hi: Option<f64>,
    eff_wilson: Option<[f64; 2]>,
    n_eff: Option<f64>,
    capped: Option<bool>,
    rerun_var: Option<String>,
    rerun_se: Option<f64>,
}

#[test]
fn golden_task_mean_holds_with_every_range() {
    let block = block::<Tasks>("task_mean");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in &block.vectors {
        let counts: Vec<Counts> = vector.counts.iter().map(|&[n, c]| Counts { n, c }).collect();
        for metric in &vector.metrics {
            check(&counts, metric, tolerance, &vector.name);
        }
        if let Some(want) = vector.clustered_se_k1 {
            let groups = vector.clusters.as_deref().expect("the groups of the tasks");
            near(clustered_error(&counts, groups), want, tolerance, &vector.name);
        }
    }
}

/// The standard error of the pass rate over groups of tasks.
fn clustered_error(counts: &[Counts], groups: &[Value]) -> f64 {
    assert_eq!(counts.len(), groups.len(), "a group for each task");
    let names = groups.iter().map(Value::to_string);
    let rates = counts.iter().map(|task| m_of_k(task.n, task.c, 1, 1).expect("a trial"));
    let grouped: Vec<(String, f64)> = names.zip(rates).collect();
    clustered(&grouped, Confidence::default()).expect("two groups").se
}

/// Checks one metric of one list of tasks.
#[track_caller]
pub(crate) fn check(counts: &[Counts], want: &Expected, tolerance: f64, name: &str) {
    let name = format!("{name} k={} m={}", want.k, want.m);
    let got = task_mean(counts, want.k, want.m, Confidence::default()).expect("valid counts");
    assert_eq!(got.tasks_used, want.tasks_used, "{name}: tasks used");
    assert_eq!(got.tasks_skipped, want.tasks_skipped, "{name}: tasks skipped");
    let mean = got.mean.expect("at least one task is used");
    near(mean, want.mean.parse().expect("a number"), tolerance, &name);
    near(mean, want.mean_f64.unwrap_or(mean), tolerance, &name);
    check_spread(&got, want, tolerance, &name);
    check_rerun(counts, &got, want, (tolerance, &name));
}

#[track_caller]
fn check_spread(got: &TaskMean, want: &Expected, tolerance: f64, name: &str) {
    assert_eq!(want.se_tasks.is_some(), want.tasks_used > 1, "{name}: two tasks have a spread");
    let Some(spread) = &got.spread else {
        assert!(want.tasks_used < 2, "{name}: no spread");
        return;
    };
    let number = |value: Option<f64>| value.expect("two tasks have a spread");
    near(spread.se, number(want.se_tasks), tolerance, &format!("{name}: standard error"));
    near(spread.t.lo, number(want.t_lo), tolerance, &format!("{name}: t, lower end"));
    near(spread.t.hi, number(want.t_hi), tolerance, &format!("{name}: t, upper end"));
    let [lo, hi] = want.eff_wilson.expect("two tasks have an effective Wilson interval");
    let effective = &spread.effective;
    near(effective.interval.lo, lo, tolerance, &format!("{name}: effective Wilson, lower end"));
    near(effective.interval.hi, hi, tolerance, &format!("{name}: effective Wilson, upper end"));
    near(effective.n_eff, number(want.n_eff), tolerance, &format!("{name}: effective size"));
    assert_eq!(Some(effective.capped), want.capped, "{name}: capped");
}

/// The rerun variance is defined where every task used has 2k trials.
#[track_caller]
fn check_rerun(counts: &[Counts], got: &TaskMean, want: &Expected, (tolerance, name): (f64, &str)) {
    let mut used = counts.iter().filter(|task| task.n >= want.k);
    let defined = used.all(|task| task.n >= 2 * want.k);
    assert_eq!(got.rerun.is_some(), defined, "{name}: is a rerun variance defined");
    if let Some(variance) = &want.rerun_var {
        let rerun = got.rerun.expect("the rerun variance is defined");
        near(rerun.variance, variance.parse().expect("a number"), tolerance, name);
    }
    if let Some(se) = want.rerun_se {
        let rerun = got.rerun.expect("the rerun standard error is defined");
        near(rerun.se, se, tolerance, &format!("{name}: rerun standard error"));
    }
}
