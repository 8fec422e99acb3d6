//! A judge's verdicts against labels.

use std::iter::repeat_n;

use probity_eval_runner::{
    Calibration, Correction,
    calibration::{CalibrationNote, MIN_LABELS, Undefined},
    stats::{
        Confidence, Counts, Interval, Tally,
        agreement::{BinaryTable, Lambda, cohen_kappa, ppi_pass_rate, rogan_gladen_range},
    },
    trial_seed,
};
use serde_json::{Value, json};

type Cell = ((bool, Option<bool>), usize);

const CORRECTIONS: [Correction; 3] =
    [Correction::RoganGladen, Correction::Ppi, Correction::PpiTuned];

fn labeled(cells: &[Cell]) -> impl Iterator<Item = (bool, Option<bool>)> {
    cells.iter().flat_map(|&(pair, count)| repeat_n(pair, count))
}

/// So many true positives, false negatives, false positives and true negatives.
fn table(counts: [usize; 4]) -> Calibration {
    let [tp, fn_, fp, tn] = counts;
    Calibration::new(labeled(&[
        ((true, Some(true)), tp),
        ((true, Some(false)), fn_),
        ((false, Some(true)), fp),
        ((false, Some(false)), tn),
    ]))
}

fn verdicts(passed: usize, failed: usize, not_graded: usize) -> impl Iterator<Item = Option<bool>> {
    repeat_n(Some(true), passed)
        .chain(repeat_n(Some(false), failed))
        .chain(repeat_n(None, not_graded))
}

fn json_of(calibration: &Calibration) -> Value {
    serde_json::to_value(calibration).expect("plain data")
}

#[test]
fn the_printed_report_shows_the_table_beside_kappa_and_every_rate() {
    let calibration = Calibration::new(labeled(&[
        ((true, Some(true)), 54),
        ((true, Some(false)), 6),
        ((false, Some(true)), 8),
        ((false, Some(false)), 32),
        ((true, None), 2),
    ]))
    .with_unlabeled(verdicts(1_240, 760, 0));
    assert_eq!(
        calibration.to_string(),
        "\
100 labels with a verdict, 2 not graded (left out, not counted as disagreements)

                   judge: passed   failed   not graded
  label: passed               54        6            2
  label: failed                8       32            0

  agreement               86.0%   77.9 – 91.5
  sensitivity             90.0%   79.9 – 95.3    of 60 labeled as passed
  specificity             80.0%   65.2 – 89.5    of 40 labeled as failed
  Cohen's kappa           0.706   standard error 0.073
  Gwet's AC1              0.733
  Krippendorff's alpha    0.707

  pass rate   2000 verdicts without a label
  labels alone            60.8%   51.1 – 69.7
  judge alone             62.0%  not corrected
  Rogan-Gladen            60.0%   49.1 – 70.4
  PPI                     60.0%   52.4 – 67.6
  PPI++                   60.0%   53.0 – 67.0    verdicts weigh 0.679

  Ranges: 95%, for artifacts like these; the labeled ones must be a random sample of them."
    );
}

#[test]
fn every_number_is_that_of_the_statistics() -> Result<(), Undefined> {
    let level = Confidence::new(0.9).expect("a level");
    let calibration =
        table([78, 9, 1, 26]).with_unlabeled(verdicts(300, 150, 7)).with_confidence(level);
    let counts = BinaryTable {
        true_positives: 78,
        false_negatives: 9,
        false_positives: 1,
        true_negatives: 26,
    };
    assert_eq!(calibration.table(), counts);
    assert_eq!(calibration.unlabeled(), Tally::new(300, 150, 7));
    assert_eq!(calibration.confidence(), level);
    assert_eq!(Some(calibration.sensitivity()?), counts.sensitivity(level));
    assert_eq!(Some(calibration.specificity()?), counts.specificity(level));
    assert_eq!(Some(calibration.cohen_kappa()?), cohen_kappa(&counts.into()));

    let judged = Counts { n: 450, c: 300 };
    let corrected = CORRECTIONS.map(|correction| calibration.corrected_pass_rate(correction));
    let [rogan_gladen, one, tuned] = corrected;
    let range = rogan_gladen_range(judged, &counts, level).expect("counts");
    assert_eq!(Some(rogan_gladen?.interval), range);
    for (rate, lambda) in [(one?, Lambda::One), (tuned?, Lambda::Tuned)] {
        let mean = ppi_pass_rate(&counts, judged, lambda, level).expect("counts");
        assert_eq!((rate.value, rate.interval), (mean.value, mean.interval));
        assert_eq!((rate.lambda, rate.widened), (Some(mean.lambda), 0.0));
    }
    Ok(())
}

#[test]
fn a_verdict_that_is_missing_is_counted_but_is_no_disagreement() {
    let cells = [((true, Some(true)), 60), ((false, Some(false)), 30), ((false, Some(true)), 20)];
    let missing = [((true, None), 3), ((false, None), 4)];
    let without = Calibration::new(labeled(&cells)).with_unlabeled(verdicts(500, 400, 0));
    let with = Calibration::new(labeled(&missing).chain(labeled(&cells)))
        .with_unlabeled(verdicts(500, 400, 9));
    assert_eq!((without.not_graded(), with.not_graded()), (0, 7));
    assert_eq!(with.agreement(), without.agreement());
    assert_eq!(with.cohen_kappa(), without.cohen_kappa());
    assert_eq!(with.gwet_ac1(), without.gwet_ac1());
    assert_eq!(with.krippendorff_alpha(), without.krippendorff_alpha());
    assert_eq!(with.judge_pass_rate(), without.judge_pass_rate());
    for correction in CORRECTIONS {
        let rate = without.corrected_pass_rate(correction);
        assert_eq!(with.corrected_pass_rate(correction), rate);
        assert!(rate.is_ok());
    }
    assert_eq!(json_of(&with)["not_graded"], json!({ "labeled_passed": 3, "labeled_failed": 4 }));
    let text = with.to_string();
    assert!(text.starts_with("110 labels with a verdict, 7 not graded (left out,"), "{text}");
    assert!(text.contains("900 verdicts without a label, 9 not graded (left out)"), "{text}");
    // The label is known all the same, so the labels alone use it.
    assert!((with.label_pass_rate().expect("labels").value - 63.0 / 117.0).abs() < 1e-12);
}

#[test]
fn without_labels_no_pass_rate_of_the_judge_is_given() {
    for calibration in [
        Calibration::new([]).with_unlabeled(verdicts(90, 10, 0)),
        Calibration::new([(true, None), (false, None)]).with_unlabeled(verdicts(90, 10, 0)),
    ] {
        assert_eq!(calibration.judge_pass_rate(), Err(Undefined::NothingToCompare));
        for correction in CORRECTIONS {
            let rate = calibration.corrected_pass_rate(correction);
            assert_eq!(rate, Err(Undefined::NothingToCompare));
        }
        let text = calibration.to_string();
        let refusal =
            "judge                  undefined: no artifact has both a label and a verdict";
        assert!(text.contains(refusal), "{text}");
        assert!(!text.contains("90.0%"), "{text}");
        assert_eq!(json_of(&calibration)["judge_pass_rate"]["undefined"], "nothing_to_compare");
    }
}

#[test]
fn no_label_at_all_leaves_every_number_undefined() {
    let calibration = Calibration::new([]);
    assert_eq!(calibration.label_pass_rate(), Err(Undefined::NoLabels));
    let machine = json_of(&calibration);
    for name in [
        "agreement",
        "sensitivity",
        "specificity",
        "cohen_kappa",
        "gwet_ac1",
        "krippendorff_alpha",
        "judge_pass_rate",
    ] {
        assert_eq!(machine[name]["undefined"], "nothing_to_compare", "{name}");
        assert_eq!(machine[name]["why"], "no artifact has both a label and a verdict", "{name}");
    }
    assert_eq!(calibration.notes(), [CalibrationNote::FewLabels { labels: 0 }]);
}

#[test]
fn labels_that_were_never_graded_still_have_a_pass_rate_of_their_own() {
    let calibration = Calibration::new(labeled(&[((true, None), 3), ((false, None), 1)]));
    assert_eq!(calibration.not_graded(), 4);
    assert_eq!(calibration.agreement(), Err(Undefined::NothingToCompare));
    assert!((calibration.label_pass_rate().expect("labels").value - 0.75).abs() < 1e-12);
    let notes = calibration.notes();
    assert!(notes.contains(&CalibrationNote::Incomplete { share: 1.0 }), "{notes:?}");
}

#[test]
fn one_item_says_what_it_can() {
    let calibration = table([1, 0, 0, 0]).with_unlabeled(verdicts(3, 2, 0));
    let agreement = calibration.agreement().expect("one item");
    assert!(agreement.interval.lo < 0.25 && agreement.interval.contains(1.0));
    assert_eq!(calibration.specificity(), Err(Undefined::NoneLabeledFailed));
    assert_eq!(calibration.cohen_kappa(), Err(Undefined::AllTheSame));
    assert_eq!(calibration.krippendorff_alpha(), Err(Undefined::AllTheSame));
    assert_eq!(calibration.gwet_ac1(), Ok(1.0));
    let [rogan_gladen, ppi, tuned] =
        CORRECTIONS.map(|correction| calibration.corrected_pass_rate(correction));
    assert_eq!(rogan_gladen, Err(Undefined::NoneLabeledFailed));
    assert_eq!(ppi, Err(Undefined::TooFewLabels { labels: 1 }));
    assert_eq!(tuned, ppi);
}

#[test]
fn labels_of_one_kind_leave_open_what_they_cannot_show() {
    let passed = table([180, 20, 0, 0]).with_unlabeled(verdicts(900, 100, 0));
    assert_eq!(passed.specificity(), Err(Undefined::NoneLabeledFailed));
    assert!(passed.cohen_kappa().expect("the judge varies").value.abs() < 1e-12);
    let failed = table([0, 0, 20, 180]).with_unlabeled(verdicts(100, 900, 0));
    assert_eq!(failed.sensitivity(), Err(Undefined::NoneLabeledPassed));
    for (calibration, label, inner) in [(passed, true, 0.5), (failed, false, 0.5)] {
        let tuned = calibration.corrected_pass_rate(Correction::PpiTuned).expect("labels");
        assert!(tuned.interval.width() > 0.015 && !tuned.interval.contains(inner), "{tuned:?}");
        let note = calibration.notes().into_iter().find_map(|note| match note {
            CalibrationNote::OneLabel { passed, at_most } => Some((passed, at_most)),
            _ => None,
        });
        assert_eq!(note, Some((label, tuned.widened)));
    }
}

#[test]
fn a_judge_that_never_disagreed_may_still_be_wrong() {
    let calibration = table([60, 0, 0, 40]).with_unlabeled(verdicts(1_200, 800, 0));
    assert_eq!(calibration.cohen_kappa().map(|kappa| kappa.value), Ok(1.0));
    let rate = calibration.corrected_pass_rate(Correction::Ppi).expect("labels");
    assert!((rate.widened - 0.037).abs() < 1e-3, "{rate:?}");
    assert!(rate.interval.width() > 0.1, "{rate:?}");
    let note = CalibrationNote::NoDisagreement { at_most: rate.widened };
    assert_eq!(calibration.notes(), [note]);
    assert!(calibration.to_string().ends_with(
        "No verdict disagrees with its label, yet up to 3.7% may: \
         PPI ranges are 3.7 points wider on each side."
    ));
}

#[test]
fn fewer_than_a_hundred_graded_labels_are_too_few() {
    assert_eq!(MIN_LABELS, 100);
    assert_eq!(table([54, 6, 8, 32]).notes(), []);
    assert_eq!(table([54, 6, 8, 31]).notes(), [CalibrationNote::FewLabels { labels: 99 }]);
    // A label without a verdict does not count.
    let missing: Calibration =
        labeled(&[((true, Some(true)), 50), ((false, Some(false)), 47), ((false, Some(true)), 2)])
            .chain([(true, None)])
            .collect();
    assert_eq!(missing.notes(), [CalibrationNote::FewLabels { labels: 99 }]);
}

#[test]
fn above_five_percent_not_graded_is_incomplete() {
    let notes =
        |not_graded| table([54, 6, 8, 32]).with_unlabeled(verdicts(700, 200, not_graded)).notes();
    assert_eq!(notes(52), []); // 52 of 1,052 are below 5 %.
    let [CalibrationNote::Incomplete { share }] = notes(53)[..] else {
        panic!("53 of 1,053 are above 5 %")
    };
    assert!((share - 53.0 / 1_053.0).abs() < 1e-12);
    // 5 of 100 are not above 5 %.
    let five = Calibration::new(labeled(&[
        ((true, Some(true)), 60),
        ((true, Some(false)), 5),
        ((false, Some(false)), 30),
        ((false, None), 5),
    ]));
    assert_eq!(five.notes(), [CalibrationNote::FewLabels { labels: 95 }]);
}

#[test]
fn nearly_all_of_one_label_is_said_since_kappa_and_ac1_part_there() {
    let calibration = table([110, 5, 4, 1]);
    let (kappa, ac1) = (calibration.cohen_kappa(), calibration.gwet_ac1());
    assert!(kappa.expect("defined").value < 0.2 && ac1.expect("defined") > 0.9);
    let notes = calibration.notes();
    assert!(notes.contains(&CalibrationNote::OneSided { passed: 115.0 / 120.0 }), "{notes:?}");
    assert!(calibration.to_string().contains("Read the table, sensitivity and specificity."));
    assert_eq!(table([85, 5, 2, 8]).notes(), [CalibrationNote::OneSided { passed: 0.9 }]);
    assert_eq!(table([84, 5, 2, 9]).notes(), []);
    assert_eq!(table([8, 2, 5, 85]).notes(), [CalibrationNote::OneSided { passed: 0.1 }]);
}

#[test]
fn a_judge_that_does_not_look_corrects_nothing_and_is_named() {
    let calibration = table([30, 30, 20, 20]).with_unlabeled(verdicts(500, 500, 0));
    let rate = calibration.corrected_pass_rate(Correction::RoganGladen);
    assert_eq!(rate, Err(Undefined::Uninformative));
    let [CalibrationNote::Uninformative { youden, range }] = calibration.notes()[..] else {
        panic!("{:?}", calibration.notes())
    };
    assert!(youden.abs() < 1e-12 && range.contains(0.0) && range.width() < 0.5);
    assert!(calibration.corrected_pass_rate(Correction::Ppi).is_ok());
    // One that is right more often than not is no longer named.
    assert_eq!(table([45, 15, 10, 30]).notes(), []);
}

#[test]
fn verdicts_that_the_labels_cannot_explain_are_a_contradiction() {
    let calibration = table([160, 30, 0, 10]).with_unlabeled(verdicts(900, 100, 0));
    let rate = calibration.corrected_pass_rate(Correction::RoganGladen);
    assert_eq!(rate, Err(Undefined::Contradiction));
    let ppi = calibration.corrected_pass_rate(Correction::Ppi).expect("labels");
    assert_eq!((ppi.value, ppi.interval.hi), (1.0, 1.0));
    assert!((ppi.raw - 1.05).abs() < 1e-12);
    assert!(calibration.to_string().contains("cut from 105.0%"));

    let unlike = table([160, 40, 0, 0]).with_unlabeled(verdicts(950, 50, 0));
    assert_eq!(unlike.corrected_pass_rate(Correction::Ppi), Err(Undefined::Contradiction));
}

#[test]
fn without_unlabeled_verdicts_there_is_nothing_to_correct() {
    for calibration in
        [table([54, 6, 8, 32]), table([54, 6, 8, 32]).with_unlabeled(verdicts(0, 0, 3))]
    {
        assert_eq!(calibration.judge_pass_rate(), Err(Undefined::NoUnlabeled));
        for correction in CORRECTIONS {
            let rate = calibration.corrected_pass_rate(correction);
            assert_eq!(rate, Err(Undefined::NoUnlabeled));
        }
        let text = calibration.to_string();
        assert!(text.contains("labels alone") && !text.contains("PPI"), "{text}");
    }
}

#[test]
fn unlabeled_verdicts_add_up() {
    let calibration =
        table([1; 4]).with_unlabeled(verdicts(3, 2, 1)).with_unlabeled(verdicts(1, 1, 1));
    assert_eq!(calibration.unlabeled(), Tally::new(4, 3, 2));
}

#[test]
fn machines_read_counts_and_numbers() {
    let calibration = table([54, 6, 8, 32]).with_unlabeled(verdicts(1_240, 760, 0));
    let machine = json_of(&calibration);
    assert_eq!(machine["format"], "probity-calibration/1");
    assert_eq!(machine["confidence"], 0.95);
    assert_eq!(
        machine["table"],
        json!({
            "true_positives": 54,
            "false_negatives": 6,
            "false_positives": 8,
            "true_negatives": 32,
        })
    );
    assert_eq!(machine["unlabeled"], json!({ "passed": 1_240, "failed": 760, "not_graded": 0 }));
    assert_eq!(machine["specificity"]["value"], 0.8);
    let rate = calibration.corrected_pass_rate(Correction::PpiTuned).expect("labels");
    assert_eq!(machine["corrected_pass_rate"]["ppi_tuned"]["interval"]["lo"], rate.interval.lo);
    assert_eq!(machine["corrected_pass_rate"]["ppi_tuned"]["correction"], "ppi_tuned");
    assert_eq!(machine["notes"], json!([]));
}

#[test]
fn calibrations_cross_threads() {
    fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<Calibration>();
}

/// Where 99 % pass, 100 labels often hold no failure; the plain range of PPI++ then has no room for one.
#[test]
fn widened_ranges_hold_the_truth_at_extreme_pass_rates() {
    const TRUTH: f64 = 0.99;
    let mut draws = 0;
    let mut hits = |chance: f64| {
        draws += 1;
        #[expect(clippy::cast_precision_loss, reason = "a random number")]
        let random = trial_seed(2_026, "widened", draws) as f64 / u64::MAX as f64;
        random < chance
    };
    let (mut plain, mut widened) = (0, 0);
    for _ in 0..400 {
        let mut judged = |_| {
            let label = hits(TRUTH);
            (label, Some(hits(if label { 0.99 } else { 0.5 })))
        };
        let labels: Vec<_> = (0..100).map(&mut judged).collect();
        let others: Vec<_> = (0..1_000).map(&mut judged).map(|(_, verdict)| verdict).collect();
        let calibration = Calibration::new(labels).with_unlabeled(others);
        let Tally { passed, failed, .. } = calibration.unlabeled();
        let judged = Counts { n: passed + failed, c: passed };
        let level = Confidence::default();
        let ppi = ppi_pass_rate(&calibration.table(), judged, Lambda::Tuned, level);
        let holds = |range: Interval| u32::from(range.contains(TRUTH));
        plain += holds(ppi.expect("counts").interval);
        let rate = calibration.corrected_pass_rate(Correction::PpiTuned);
        widened += holds(rate.expect("labels").interval);
    }
    println!("PPI++ holds the truth in {plain} of 400 plain ranges, {widened} of 400 widened ones");
    assert!(plain < 300, "{plain} of 400 plain ranges");
    assert!(widened > 380, "{widened} of 400 widened ranges");
}
