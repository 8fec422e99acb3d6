//! Laws of rates that labels correct, and how often their ranges hold the truth.

use crate::random::Random;
use probity_eval_runner::stats::{
    Confidence, Counts, Interval,
    agreement::{
        BinaryTable, Lambda, PpiMean, label_mean, ppi_mean, ppi_pass_rate, rogan_gladen,
        rogan_gladen_range,
    },
    wilson,
};
use proptest::prelude::*;

fn tables() -> impl Strategy<Value = BinaryTable> {
    let count = || prop_oneof![Just(0), 0..80_u64];
    (count(), count(), count(), count()).prop_map(|(tp, fn_, fp, tn)| BinaryTable {
        true_positives: tp,
        false_negatives: fn_,
        false_positives: fp,
        true_negatives: tn,
    })
}

fn counts() -> impl Strategy<Value = Counts> {
    (1..3_000_u64).prop_flat_map(|n| (0..=n).prop_map(move |c| Counts { n, c }))
}

fn scores(size: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..=1.0_f64, size)
}

/// The same labels and verdicts with passed for failed.
fn mirrored(table: BinaryTable) -> BinaryTable {
    BinaryTable {
        true_positives: table.true_negatives,
        false_negatives: table.false_positives,
        false_positives: table.false_negatives,
        true_negatives: table.true_positives,
    }
}

fn mean(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let count = values.len() as f64;
    values.iter().sum::<f64>() / count
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn the_correction_undoes_what_the_judge_does(
        rate in 0.0..=1.0_f64, sensitivity in 0.0..=1.0_f64, specificity in 0.0..=1.0_f64,
    ) {
        prop_assume!((sensitivity + specificity - 1.0).abs() > 1e-3);
        let judged = rate * sensitivity + (1.0 - rate) * (1.0 - specificity);
        let back = rogan_gladen(judged.min(1.0), sensitivity, specificity).expect("shares").expect("informed");
        prop_assert!((back.raw - rate).abs() < 1e-10, "{back:?}");
        prop_assert!((0.0..=1.0).contains(&back.value));
    }

    #[test]
    fn a_corrected_range_holds_its_estimate_and_has_a_width(table in tables(), judged in counts()) {
        let level = Confidence::default();
        let (Some(sensitivity), Some(specificity)) = (table.sensitivity(level), table.specificity(level)) else {
            prop_assert_eq!(rogan_gladen_range(judged, &table, level), Ok(None));
            return Ok(());
        };
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let rate = judged.c as f64 / judged.n as f64;
        let estimate = rogan_gladen(rate, sensitivity.value, specificity.value).expect("shares");
        let range = rogan_gladen_range(judged, &table, level).expect("counts");
        prop_assert!(estimate.is_some() || range.is_none());
        if let (Some(estimate), Some(range)) = (estimate, range) {
            prop_assert!(range.contains(estimate.value), "{range:?} around {estimate:?}");
            prop_assert!(0.0 <= range.lo && range.lo < range.hi && range.hi <= 1.0, "{range:?}");
        }
    }

    #[test]
    fn passes_and_failures_are_mirrored(table in tables(), judged in counts()) {
        let level = Confidence::default();
        let other = mirrored(table);
        prop_assert_eq!(table.sensitivity(level), other.specificity(level));
        prop_assert_eq!(table.items(), other.items());
        prop_assert_eq!(table.agreements(), other.agreements());
        prop_assume!(table.items() > 1);
        let fails = Counts { n: judged.n, c: judged.n - judged.c };
        for lambda in [Lambda::One, Lambda::Tuned] {
            let passed = ppi_pass_rate(&table, judged, lambda, level).expect("counts");
            let failed = ppi_pass_rate(&other, fails, lambda, level).expect("counts");
            prop_assert!((passed.value + failed.value - 1.0).abs() < 1e-10);
            prop_assert!((passed.se - failed.se).abs() < 1e-10);
        }
        let ranges = [(judged, table), (fails, other)]
            .map(|(judged, table)| rogan_gladen_range(judged, &table, level).expect("counts"));
        if let [Some(passed), Some(failed)] = ranges {
            prop_assert!((passed.lo + failed.hi - 1.0).abs() < 1e-9, "{passed:?} {failed:?}");
        }
    }

    #[test]
    fn counts_and_values_give_one_mean(table in tables(), judged in counts()) {
        prop_assume!(table.items() > 1);
        let BinaryTable { true_positives, false_negatives, false_positives, true_negatives } = table;
        let cells = [
            ((1.0, 1.0), true_positives),
            ((1.0, 0.0), false_negatives),
            ((0.0, 1.0), false_positives),
            ((0.0, 0.0), true_negatives),
        ];
        let labeled: Vec<(f64, f64)> =
            cells.into_iter().flat_map(|(pair, count)| (0..count).map(move |_| pair)).collect();
        let unlabeled: Vec<f64> =
            (0..judged.n).map(|i| f64::from(u8::from(i < judged.c))).collect();
        for lambda in [Lambda::One, Lambda::Tuned] {
            let level = Confidence::default();
            let one = ppi_pass_rate(&table, judged, lambda, level).expect("counts");
            let other = ppi_mean(&labeled, &unlabeled, lambda, level).expect("scores");
            prop_assert!((one.value - other.value).abs() < 1e-12 && (one.se - other.se).abs() < 1e-12);
        }
    }

    #[test]
    fn a_judge_that_is_always_right_speaks_for_the_unlabeled(
        labels in scores(2..30), unlabeled in scores(1..60),
    ) {
        let labeled: Vec<(f64, f64)> = labels.iter().map(|&label| (label, label)).collect();
        let run = |lambda| ppi_mean(&labeled, &unlabeled, lambda, Confidence::default());
        let (one, tuned) = (run(Lambda::One).expect("scores"), run(Lambda::Tuned).expect("scores"));
        prop_assert!((one.value - mean(&unlabeled)).abs() < 1e-12);
        let ends = [mean(&unlabeled), mean(&labels)];
        let between = Interval { lo: ends[0].min(ends[1]) - 1e-12, hi: ends[0].max(ends[1]) + 1e-12 };
        prop_assert!((0.0..=1.0).contains(&tuned.lambda) && between.contains(tuned.value));
    }

    #[test]
    fn a_judge_that_is_worse_than_a_guess_is_not_listened_to(labels in scores(2..30), unlabeled in scores(1..60)) {
        let labeled: Vec<(f64, f64)> = labels.iter().map(|&label| (label, 1.0 - label)).collect();
        let tuned = ppi_mean(&labeled, &unlabeled, Lambda::Tuned, Confidence::default());
        let alone = label_mean(&labels, Confidence::default());
        prop_assert_eq!(tuned.expect("scores"), alone.expect("scores"));
    }

    #[test]
    fn the_range_surrounds_the_mean_and_grows_with_the_level(table in tables(), judged in counts()) {
        prop_assume!(table.items() > 1);
        for lambda in [Lambda::One, Lambda::Tuned] {
            let [narrow, wide] = [0.9, 0.99].map(|level| {
                let level = Confidence::new(level).expect("a level");
                ppi_pass_rate(&table, judged, lambda, level).expect("counts")
            });
            prop_assert_eq!((narrow.value, narrow.se), (wide.value, wide.se));
            prop_assert!(narrow.interval.contains(narrow.value) && wide.interval.width() >= narrow.interval.width());
        }
    }
}

/// With the labels as good as verdicts, all of them make one sample: the pooled mean and its error.
#[test]
fn verdicts_that_are_always_right_count_as_labels() {
    let table = BinaryTable { true_positives: 60, true_negatives: 40, ..BinaryTable::default() };
    let unlabeled = Counts { n: 900, c: 540 };
    let got =
        ppi_pass_rate(&table, unlabeled, Lambda::Tuned, Confidence::default()).expect("counts");
    assert!((got.value - 0.6).abs() < 1e-12, "{got:?}");
    assert!((got.se - (0.6_f64 * 0.4 / 1_000.0).sqrt()).abs() < 1e-5, "{got:?}");
}

/// How often ranges held the truth, and how wide they were.
#[derive(Default, Debug)]
struct Coverage {
    runs: f64,
    held: f64,
    width: f64,
}

impl Coverage {
    fn add(&mut self, range: Interval, truth: f64) {
        self.runs += 1.0;
        self.held += f64::from(u8::from(range.contains(truth)));
        self.width += range.width();
    }

    #[track_caller]
    fn check(&self, name: &str, share: std::ops::RangeInclusive<f64>, width: f64) {
        let (held, wide) = (self.held / self.runs, self.width / self.runs);
        println!("{name}: {held:.3} of {} ranges hold the truth, mean width {wide:.3}", self.runs);
        assert!(share.contains(&held), "{name}: {held} of the ranges hold the truth");
        assert!((wide - width).abs() < 0.003, "{name}: mean width {wide}");
    }
}

/// 100 labels and 2,000 verdicts of a judge with sensitivity 0.9 and specificity 0.8, where 60 % pass.
///
/// The standard error of a coverage near .95 over 4,000 runs is .0034.
#[test]
fn corrected_ranges_hold_the_truth_where_the_judge_alone_does_not() {
    const TRUTH: f64 = 0.6;
    let level = Confidence::default();
    let mut random = Random(2_026);
    let judged = |random: &mut Random| {
        let label = random.hits(TRUTH);
        (label, random.hits(if label { 0.9 } else { 0.2 }))
    };
    let [mut judge, mut labels, mut one, mut tuned, mut corrected] =
        std::array::from_fn(|_| Coverage::default());
    for _ in 0..4_000 {
        let mut table = BinaryTable::default();
        for _ in 0..100 {
            let (label, verdict) = judged(&mut random);
            table.add(label, verdict);
        }
        let passes = (0..2_000).filter(|_| judged(&mut random).1).count();
        let unlabeled = Counts { n: 2_000, c: u64::try_from(passes).expect("a small count") };
        let ppi = |lambda| -> PpiMean {
            ppi_pass_rate(&table, unlabeled, lambda, level).expect("counts")
        };
        let alone: Vec<f64> =
            (0..100).map(|i| f64::from(u8::from(i < table.labeled_passed().n))).collect();
        judge.add(wilson(unlabeled.n, unlabeled.c, level).expect("counts"), TRUTH);
        labels.add(label_mean(&alone, level).expect("labels").interval, TRUTH);
        one.add(ppi(Lambda::One).interval, TRUTH);
        tuned.add(ppi(Lambda::Tuned).interval, TRUTH);
        let range = rogan_gladen_range(unlabeled, &table, level).expect("counts");
        corrected.add(range.expect("both labels"), TRUTH);
    }
    judge.check("judge alone", 0.5..=0.6, 0.042);
    labels.check("labels alone", 0.93..=0.965, 0.191);
    one.check("PPI", 0.935..=0.96, 0.151);
    tuned.check("PPI++", 0.93..=0.955, 0.137);
    corrected.check("Rogan-Gladen", 0.94..=0.97, 0.221);
}
