//! Vectors of planning, stopping and drift.

use crate::file::{block, near};
use probity_eval_runner::stats::{
    Confidence,
    drift::cochran_q,
    planning::{Aim, PairedNoise, PairedPlan, detectable_difference, power, tasks_needed},
    stopping::{ConfidenceSequence, Sprt, SprtDecision, confidence_sequence},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Miller {
    omega2: f64,
    sigma2_a: f64,
    k_a: u64,
    sigma2_b: f64,
    k_b: u64,
    alpha: f64,
    power: f64,
    delta: f64,
    n_required: f64,
    n: u64,
    mde: f64,
}

#[test]
fn golden_power_holds_forwards_and_backwards() {
    let block = block::<Miller>("power");
    let tolerance = block.tol_rel.expect("the block states a tolerance");
    for vector in block.vectors {
        let noise = PairedNoise {
            between: vector.omega2,
            within_first: vector.sigma2_a,
            within_second: vector.sigma2_b,
        };
        let plan = PairedPlan { noise, trials_first: vector.k_a, trials_second: vector.k_b };
        let level = Confidence::new(1.0 - vector.alpha).expect("a level");
        let aim = Aim::new(level, vector.power).expect("a power");
        let needed = tasks_needed(&plan, vector.delta, aim).expect("a plan");
        relative(needed.exact, vector.n_required, tolerance);
        let difference = detectable_difference(&plan, vector.n, aim).expect("a plan");
        relative(difference, vector.mde, tolerance);
        let reached = power(&plan, vector.n, difference, level).expect("a plan");
        relative(reached, vector.power, tolerance);
    }
}

#[track_caller]
fn relative(got: f64, want: f64, tolerance: f64) {
    assert!((got / want - 1.0).abs() <= tolerance, "got {got}, want {want}");
}

#[derive(Deserialize)]
struct Sequential {
    p0: f64,
    p1: f64,
    alpha: f64,
    beta: f64,
    passes: u64,
    fails: u64,
    llr: f64,
    lower: f64,
    upper: f64,
    decision: SprtDecision,
}

#[test]
fn golden_sprt_decides_at_its_boundaries() {
    let block = block::<Sequential>("sprt");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in block.vectors {
        let Sequential { p0, p1, alpha, beta, passes, fails, .. } = vector;
        let name = format!("{p0} or {p1}, {passes} passes, {fails} fails");
        let test = Sprt::new(p0, p1, alpha, beta).expect("a test");
        near(test.log_likelihood_ratio(passes, fails), vector.llr, tolerance, &name);
        near(test.bounds().lo, vector.lower, tolerance, &format!("{name}: lower bound"));
        near(test.bounds().hi, vector.upper, tolerance, &format!("{name}: upper bound"));
        assert_eq!(test.decide(passes, fails), vector.decision, "{name}");
    }
}

#[derive(Deserialize)]
struct Anytime {
    passes: u64,
    fails: u64,
    alpha: f64,
    lo: f64,
    hi: f64,
}

#[test]
fn golden_confidence_sequence_holds_at_once_and_step_by_step() {
    let block = block::<Anytime>("confidence_sequence");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for Anytime { passes, fails, alpha, lo, hi } in block.vectors {
        let level = Confidence::new(1.0 - alpha).expect("a level");
        let name = format!("{passes} passes, {fails} fails, alpha={alpha}");
        let range = confidence_sequence(passes, fails, level);
        near(range.lo, lo, tolerance, &format!("{name}: lower end"));
        near(range.hi, hi, tolerance, &format!("{name}: upper end"));
        if passes.min(fails) == 0 {
            let mut watched = ConfidenceSequence::new(level);
            (0..passes + fails).for_each(|_| watched.observe(passes > 0));
            assert_eq!(watched.interval(), Some(range), "{name}: step by step");
        }
    }
}

#[derive(Deserialize)]
struct Cochran {
    trials: Vec<String>,
    q: Option<f64>,
    df: u64,
    p: Option<f64>,
}

#[test]
fn golden_cochran_q_holds_and_is_undefined_where_trials_never_disagree() {
    let block = block::<Cochran>("cochran_q");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in block.vectors {
        let name = format!("{:?}", vector.trials);
        let rows: Vec<Vec<Option<bool>>> = vector.trials.iter().map(|marks| row(marks)).collect();
        let trials = rows.iter().map(Vec::len).max().expect("tasks");
        let got = cochran_q(&rows, trials);
        let ungraded = rows.iter().filter(|row| row.contains(&None)).count();
        assert_eq!(usize::try_from(got.tasks_skipped), Ok(ungraded), "{name}");
        assert_eq!(u64::try_from(trials), Ok(vector.df + 1), "{name}: degrees of freedom");
        match (got.drift, vector.q, vector.p) {
            (Some(drift), Some(q), Some(p)) => {
                near(drift.q, q, tolerance, &format!("{name}: Q"));
                near(drift.p, p, tolerance, &format!("{name}: p"));
                assert_eq!(drift.degrees, vector.df, "{name}: degrees of freedom");
            }
            (drift, q, p) => {
                assert!(drift.is_none() && q.is_none() && p.is_none(), "{name}: {drift:?}");
            }
        }
    }
}

fn row(marks: &str) -> Vec<Option<bool>> {
    let trial = |mark| match mark {
        '1' => Some(true),
        '0' => Some(false),
        'E' => None,
        other => panic!("no trial: {other}"),
    };
    marks.chars().map(trial).collect()
}
