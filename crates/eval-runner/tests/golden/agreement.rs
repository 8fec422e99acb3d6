//! Vectors of agreement between raters and of rates corrected by labels.

use crate::file::{block, near};
use probity_eval_runner::stats::{
    Confidence, Counts,
    agreement::{
        BinaryTable, ConfusionTable, Kappa, KappaWeights, Lambda, PpiMean, Ratings, Scale,
        cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha, label_mean, ppi_mean,
        ppi_pass_rate, raw_agreement, rogan_gladen, weighted_kappa,
    },
};
use serde::Deserialize;

/// Checks a value that may be undefined.
#[track_caller]
fn near_or_undefined(got: Option<f64>, want: Option<f64>, tolerance: f64, what: &str) {
    match (got, want) {
        (Some(got), Some(want)) => near(got, want, tolerance, what),
        (got, want) => assert_eq!(got, want, "{what}"),
    }
}

#[derive(Deserialize)]
struct Cohen {
    table: Vec<Vec<u64>>,
    kappa: Option<f64>,
    linear: Option<f64>,
    quadratic: Option<f64>,
    se: Option<f64>,
    agreement: f64,
}

#[test]
fn golden_cohen_kappa_holds_with_weights_and_standard_error() {
    let block = block::<Cohen>("cohen_kappa");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in block.vectors {
        let name = format!("{:?}", vector.table);
        let table = ConfusionTable::new(vector.table).expect("a square table");
        let check = |got: Option<f64>, want, what| {
            near_or_undefined(got, want, tolerance, &format!("{name}: {what}"));
        };
        let value = |kappa: Option<Kappa>| kappa.map(|kappa| kappa.value);
        let kappa = cohen_kappa(&table);
        check(value(kappa), vector.kappa, "kappa");
        check(kappa.map(|kappa| kappa.se), vector.se, "standard error");
        check(value(weighted_kappa(&table, KappaWeights::Linear)), vector.linear, "linear");
        check(
            value(weighted_kappa(&table, KappaWeights::Quadratic)),
            vector.quadratic,
            "quadratic",
        );
        check(raw_agreement(&table), Some(vector.agreement), "agreement");
    }
}

#[derive(Deserialize)]
struct Several {
    #[serde(default)]
    name: String,
    counts: Vec<Vec<u64>>,
    fleiss: Option<f64>,
    gwet_ac1: f64,
    #[serde(default)]
    why: String,
}

#[test]
fn golden_fleiss_kappa_and_gwet_ac1_hold() {
    let block = block::<Several>("fleiss_ac1");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in block.vectors {
        let name = format!("{} {:?} {}", vector.name, vector.counts, vector.why);
        let ratings = Ratings::new(vector.counts).expect("equal raters");
        near_or_undefined(fleiss_kappa(&ratings), vector.fleiss, tolerance, &name);
        near(gwet_ac1(&ratings), vector.gwet_ac1, tolerance, &name);
    }
}

#[derive(Deserialize)]
struct Missing {
    data: Vec<Vec<Option<f64>>>,
    nominal: Option<f64>,
    ordinal: Option<f64>,
    interval: Option<f64>,
}

#[test]
fn golden_krippendorff_alpha_holds_on_every_scale() {
    let block = block::<Missing>("krippendorff");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in block.vectors {
        for (scale, want) in [
            (Scale::Nominal, vector.nominal),
            (Scale::Ordinal, vector.ordinal),
            (Scale::Interval, vector.interval),
        ] {
            let got = krippendorff_alpha(&vector.data, scale).expect("finite values");
            let name = format!("{:?} {scale:?}", vector.data);
            near_or_undefined(got.value, want, tolerance, &name);
            let units = vector.data.first().expect("a rater").len();
            assert_eq!(usize::try_from(got.units_used + got.units_skipped), Ok(units), "{name}");
        }
    }
}

#[derive(Deserialize)]
struct Corrected {
    judge_rate: f64,
    sens: f64,
    spec: f64,
    true_rate: Option<f64>,
    raw: Option<f64>,
}

#[test]
fn golden_rogan_gladen_is_cut_and_keeps_the_raw_rate() {
    let block = block::<Corrected>("rogan_gladen");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for Corrected { judge_rate, sens, spec, true_rate, raw } in block.vectors {
        let name = format!("q={judge_rate} se={sens} sp={spec}");
        let got = rogan_gladen(judge_rate, sens, spec).expect("shares");
        near_or_undefined(got.map(|got| got.value), true_rate, tolerance, &name);
        near_or_undefined(got.map(|got| got.raw), raw, tolerance, &format!("{name}: raw"));
    }
}

#[derive(Deserialize)]
struct Powered {
    labels: Vec<u8>,
    judge_on_labelled: Vec<u8>,
    judge_unlabelled_pass: u64,
    judge_unlabelled_n: u64,
    ppi: Mean,
    labels_only: Mean,
}

#[derive(Deserialize)]
struct Mean {
    est: f64,
    se: f64,
    ci: [f64; 2],
}

#[test]
fn golden_ppi_mean_holds_from_values_and_from_counts() {
    let block = block::<Powered>("ppi_mean");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    let level = Confidence::default();
    for (index, vector) in block.vectors.iter().enumerate() {
        assert_eq!(vector.labels.len(), vector.judge_on_labelled.len());
        let labels: Vec<f64> = vector.labels.iter().copied().map(f64::from).collect();
        let verdicts = vector.judge_on_labelled.iter().copied().map(f64::from);
        let labeled: Vec<(f64, f64)> = labels.iter().copied().zip(verdicts).collect();
        let (passed, all) = (vector.judge_unlabelled_pass, vector.judge_unlabelled_n);
        let unlabeled: Vec<f64> = (0..all).map(|i| f64::from(u8::from(i < passed))).collect();
        let mean = ppi_mean(&labeled, &unlabeled, Lambda::One, level).expect("scores");
        check(&mean, &vector.ppi, tolerance, &format!("vector {index}, values"));

        let mut table = BinaryTable::default();
        for (label, verdict) in vector.labels.iter().zip(&vector.judge_on_labelled) {
            table.add(*label == 1, *verdict == 1);
        }
        let counts = Counts { n: all, c: passed };
        let rate = ppi_pass_rate(&table, counts, Lambda::One, level).expect("counts");
        check(&rate, &vector.ppi, tolerance, &format!("vector {index}, counts"));

        let alone = label_mean(&labels, level).expect("scores");
        check(&alone, &vector.labels_only, tolerance, &format!("vector {index}, labels only"));
    }
}

#[track_caller]
fn check(got: &PpiMean, want: &Mean, tolerance: f64, name: &str) {
    near(got.value, want.est, tolerance, &format!("{name}: estimate"));
    near(got.se, want.se, tolerance, &format!("{name}: standard error"));
    near(got.interval.lo, want.ci[0], tolerance, &format!("{name}: lower end"));
    near(got.interval.hi, want.ci[1], tolerance, &format!("{name}: upper end"));
}
