//! Vectors of two agents compared.

use crate::file::{block, fraction, near};
use probity_eval_runner::stats::{
    Confidence, Counts, Interval,
    compare::{
        PMethod, Pair, PairedOutcomes, compare_paired, mcnemar, newcombe, sign_flip, stratified,
        tango,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
struct McNemar {
    b: u64,
    c: u64,
    exact: f64,
    midp: f64,
}

#[test]
fn golden_mcnemar_is_exact_and_mid_p() {
    let block = block::<McNemar>("mcnemar");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for McNemar { b, c, exact, midp } in block.vectors {
        let got = mcnemar(b, c);
        near(got.exact, exact, tolerance, &format!("b={b} c={c}: exact"));
        near(got.mid_p, midp, tolerance, &format!("b={b} c={c}: mid-p"));
    }
}

#[derive(Deserialize)]
struct Proportions {
    both: u64,
    a_only: u64,
    b_only: u64,
    neither: u64,
    diff: f64,
    newcombe10: [f64; 2],
    tango: [f64; 2],
}

#[test]
fn golden_paired_proportions_hold_for_both_intervals() {
    let block = block::<Proportions>("paired_proportions");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for Proportions { both, a_only, b_only, neither, diff, newcombe10, tango: score } in
        block.vectors
    {
        let outcomes = PairedOutcomes { both, first_only: a_only, second_only: b_only, neither };
        let name = format!("{outcomes:?}");
        near(outcomes.difference().expect("tasks"), diff, tolerance, &name);
        let level = Confidence::default();
        check(newcombe(&outcomes, level).expect("tasks"), newcombe10, tolerance, &name);
        check(tango(&outcomes, level).expect("tasks"), score, tolerance, &name);
    }
}

#[derive(Deserialize)]
struct Compared {
    tasks: Vec<[u64; 4]>,
    diff: f64,
    diff_exact: Option<String>,
    se: Option<f64>,
    t: Option<[f64; 2]>,
    signflip_p: f64,
    signflip_p_exact: Option<String>,
    stratified_p: f64,
    rho: f64,
    mover: [f64; 2],
}

#[test]
fn golden_paired_tasks_hold_with_every_range_and_test() {
    let block = block::<Compared>("paired_tasks");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in &block.vectors {
        let name = format!("{:?}", vector.tasks);
        let pairs = pairs(&vector.tasks);
        let got = compare_paired(&pairs, 1, 1, Confidence::default()).expect("valid counts");
        let difference = got.difference.expect("tasks");
        let spread = difference.spread.expect("two tasks");
        near(difference.value, vector.diff, tolerance, &name);
        if let Some(exact) = &vector.diff_exact {
            near(difference.value, fraction(exact), tolerance, &format!("{name}: exactly"));
        }
        if let Some(se) = vector.se {
            near(spread.se, se, tolerance, &format!("{name}: standard error"));
        }
        if let Some(t) = vector.t {
            check(spread.t, t, tolerance, &format!("{name}: t"));
        }
        near(spread.correlation, vector.rho, tolerance, &format!("{name}: correlation"));
        check(spread.interval, vector.mover, tolerance, &format!("{name}: MOVER"));

        let flipped = sign_flip(&got.differences, 0).expect("differences of shares");
        assert_eq!(flipped.method, PMethod::Exact, "{name}");
        near(flipped.value, vector.signflip_p, tolerance, &format!("{name}: sign-flip"));
        if let Some(exact) = &vector.signflip_p_exact {
            near(flipped.value, fraction(exact), tolerance, &format!("{name}: sign-flip"));
        }
        let alike = stratified(&pairs).expect("valid counts");
        assert_eq!(alike.method, PMethod::Exact, "{name}");
        near(alike.value, vector.stratified_p, tolerance, &format!("{name}: stratified"));
    }
}

fn pairs(tasks: &[[u64; 4]]) -> Vec<Pair> {
    let pair = |&[n, c, other_n, other_c]: &[u64; 4]| Pair {
        first: Counts { n, c },
        second: Counts { n: other_n, c: other_c },
    };
    tasks.iter().map(pair).collect()
}

#[track_caller]
fn check(got: Interval, [lo, hi]: [f64; 2], tolerance: f64, name: &str) {
    near(got.lo, lo, tolerance, &format!("{name}: lower end"));
    near(got.hi, hi, tolerance, &format!("{name}: upper end"));
}
