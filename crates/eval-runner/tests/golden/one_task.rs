//! Vectors of the intervals for one task.

use crate::file::{block, near};
use probity_eval_runner::stats::{
    Confidence, Interval, clopper_pearson, jeffreys, one_task_metric, uniform_prior, wilson,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct OneTask {
    n: u64,
    c: u64,
    alpha: f64,
    wilson: [f64; 2],
    clopper_pearson: [f64; 2],
    jeffreys: [f64; 2],
    beta_uniform_prior: [f64; 2],
}

#[test]
fn golden_interval_one_task_holds_for_all_four_methods() {
    let block = block::<OneTask>("interval_one_task");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in &block.vectors {
        let OneTask { n, c, alpha, .. } = *vector;
        let level = Confidence::new(1.0 - alpha).expect("a level");
        for (method, got, want) in [
            ("Wilson", wilson(n, c, level), vector.wilson),
            ("Clopper-Pearson", clopper_pearson(n, c, level), vector.clopper_pearson),
            ("Jeffreys", jeffreys(n, c, level), vector.jeffreys),
            ("uniform prior", uniform_prior(n, c, level), vector.beta_uniform_prior),
        ] {
            let name = format!("{method} n={n} c={c} alpha={alpha}");
            let got = got.expect("the counts are valid");
            check(got, want, tolerance, &name);
            if method == "Wilson" {
                assert!(c > 0 || got.lo.to_bits() == 0.0_f64.to_bits(), "{name}: exactly 0");
                assert!(c < n || got.hi.to_bits() == 1.0_f64.to_bits(), "{name}: exactly 1");
            }
        }
    }
}

#[derive(Deserialize)]
struct MetricOfOne {
    n: u64,
    c: u64,
    k: u64,
    m: u64,
    alpha: f64,
    lo: f64,
    hi: f64,
}

#[test]
fn golden_interval_one_task_metric_maps_the_ends() {
    let block = block::<MetricOfOne>("interval_one_task_metric");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for MetricOfOne { n, c, k, m, alpha, lo, hi } in block.vectors {
        let level = Confidence::new(1.0 - alpha).expect("a level");
        let got = one_task_metric(n, c, k, m, level).expect("the counts are valid");
        check(got, [lo, hi], tolerance, &format!("n={n} c={c} k={k} m={m}"));
    }
}

#[track_caller]
fn check(got: Interval, [lo, hi]: [f64; 2], tolerance: f64, name: &str) {
    near(got.lo, lo, tolerance, &format!("{name}: lower end"));
    near(got.hi, hi, tolerance, &format!("{name}: upper end"));
}
