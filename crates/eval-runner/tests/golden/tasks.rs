//! Vectors of the mean over tasks.

use crate::file::{block, near};
use probity_eval_runner::stats::{Confidence, Counts, TaskMean, task_mean};
use serde::Deserialize;

#[derive(Deserialize)]
struct Tasks {
    name: String,
    #[serde(rename = "tasks")]
    counts: Vec<[u64; 2]>,
    metrics: Vec<Expected>,
}

/// What is expected of one metric over the tasks.
#[derive(Deserialize)]
pub(crate) struct Expected {
    k: u64,
    m: u64,
    tasks_used: u64,
    tasks_skipped: u64,
    mean: String,
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
    }
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
