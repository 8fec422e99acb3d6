//! Vectors of the estimator, its threshold, and the success run.

use crate::file::{block, fraction, near};
use probity_eval_runner::stats::{
    Confidence, Counts, MAX_TERMS, Reading, Tally, Threshold, gpass_threshold, m_of_k,
    m_of_k_counted, success_run, task_mean,
};
use serde::Deserialize;
use std::time::Instant;

#[derive(Deserialize)]
struct Metric {
    n: u64,
    c: u64,
    k: u64,
    m: u64,
    #[serde(default = "yes")]
    defined: bool,
    value: Option<String>,
    exact: Option<String>,
    f64: Option<f64>,
    tol_rel: Option<f64>,
}

fn yes() -> bool {
    true
}

impl Metric {
    fn name(&self) -> String {
        format!("n={} c={} k={} m={}", self.n, self.c, self.k, self.m)
    }

    fn want(&self) -> f64 {
        self.value.as_deref().expect("a defined metric has a value").parse().expect("a number")
    }

    /// Checks that the fraction and the double of a vector are its value.
    fn check_other_forms(&self, tolerance: f64) {
        let forms = [self.exact.as_deref().map(fraction), self.f64];
        for form in forms.into_iter().flatten() {
            let apart = (form - self.want()).abs();
            assert!(apart <= tolerance * self.want(), "{}: {form:e}", self.name());
        }
    }
}

#[test]
fn golden_m_of_k_is_within_its_relative_tolerance() {
    let block = block::<Metric>("m_of_k");
    let tolerance = block.tol_rel.expect("the block states a tolerance");
    for vector in &block.vectors {
        let got = m_of_k(vector.n, vector.c, vector.k, vector.m);
        if !vector.defined {
            assert!(got.is_err(), "{} must be undefined, not {got:?}", vector.name());
            continue;
        }
        let (got, want) = (got.expect("the metric is defined"), vector.want());
        let allowed = if want > 0.0 { tolerance * want } else { 1e-300 };
        assert!((got - want).abs() <= allowed, "{}: got {got:e}, want {want:e}", vector.name());
        vector.check_other_forms(tolerance);
    }
}

#[test]
fn golden_m_of_k_large_is_exact_in_bounded_work() {
    let mut slowest = std::time::Duration::ZERO;
    for vector in &block::<Metric>("m_of_k_large").vectors {
        let started = Instant::now();
        let got = m_of_k_counted(vector.n, vector.c, vector.k, vector.m).expect("it is defined");
        slowest = slowest.max(started.elapsed());
        assert!(got.terms <= MAX_TERMS, "{}: {} terms", vector.name(), got.terms);
        let (got, want) = (got.value, vector.want());
        match vector.tol_rel {
            Some(tolerance) => assert!(
                (got - want).abs() <= tolerance * want,
                "{}: got {got:e}, want {want:e}",
                vector.name()
            ),
            None => assert!(got < 1e-290, "{}: got {got:e}", vector.name()),
        }
        if let Some(tolerance) = vector.tol_rel {
            vector.check_other_forms(tolerance);
        }
    }
    println!("slowest vector: {slowest:?}");
}

#[derive(Deserialize)]
struct Share {
    k: u64,
    tau: String,
    m: u64,
}

#[test]
fn golden_gpass_threshold_is_exact() {
    for Share { k, tau, m } in block::<Share>("gpass_threshold").vectors {
        let threshold: Threshold = tau.parse().expect("tau is a decimal");
        assert_eq!(gpass_threshold(threshold, k), m, "k={k} tau={tau}");
    }
}

#[derive(Deserialize)]
struct Run {
    p_min: f64,
    confidence: f64,
    consecutive_passes: u64,
}

#[test]
fn golden_success_run_is_exact() {
    for run in block::<Run>("success_run").vectors {
        let confidence = Confidence::new(run.confidence).expect("a level");
        let got = success_run(run.p_min, confidence).expect("a chance");
        assert_eq!(got, run.consecutive_passes, "p={} at {confidence}", run.p_min);
    }
}

#[derive(Deserialize)]
struct Errored {
    trials: Vec<String>,
    k: u64,
    m: u64,
    exclude: Read,
    fail: Read,
    best: Read,
}

#[derive(Deserialize)]
struct Read {
    value: Option<String>,
    f64: Option<f64>,
    tasks_used: u64,
    tasks_skipped_n_lt_k: u64,
}

#[test]
fn golden_errored_and_unequal_trials_have_three_readings() {
    let block = block::<Errored>("errored_and_unequal");
    let tolerance = block.tol_abs.unwrap_or(1e-12);
    for vector in &block.vectors {
        let tallies: Vec<Tally> = vector.trials.iter().map(|trials| tally(trials)).collect();
        for (reading, want) in [
            (Reading::Exclude, &vector.exclude),
            (Reading::Fail, &vector.fail),
            (Reading::Best, &vector.best),
        ] {
            let counts: Vec<Counts> = tallies.iter().map(|tally| tally.read(reading)).collect();
            let got = task_mean(&counts, vector.k, vector.m, Confidence::default())
                .expect("the counts are valid");
            let name = format!("{:?} k={} m={} {reading:?}", vector.trials, vector.k, vector.m);
            assert_eq!(got.tasks_used, want.tasks_used, "{name}: tasks used");
            assert_eq!(got.tasks_skipped, want.tasks_skipped_n_lt_k, "{name}: tasks skipped");
            for want in [want.value.as_deref().map(fraction), want.f64] {
                match (got.mean, want) {
                    (Some(got), Some(want)) => near(got, want, tolerance, &name),
                    (got, want) => assert_eq!(got, want, "{name}"),
                }
            }
        }
    }
}

fn tally(trials: &str) -> Tally {
    let count = |mark| u64::try_from(trials.matches(mark).count()).expect("a small count");
    let tally = Tally::new(count('1'), count('0'), count('E'));
    assert_eq!(tally.trials(), u64::try_from(trials.len()).expect("a small count"), "{trials}");
    tally
}
