//! Laws of the intervals and of means over tasks.

use crate::random::Random;
use probity_eval_runner::stats::{
    Confidence, Counts, Reading, Tally, clopper_pearson, clustered, effective_wilson, jeffreys,
    m_of_k, one_task_metric, rerun_range, rerun_variance, task_mean, uniform_prior, wilson,
};
use proptest::prelude::*;

fn counts(most: u64) -> impl Strategy<Value = Counts> {
    (1..=most).prop_flat_map(|n| (0..=n).prop_map(move |c| Counts { n, c }))
}

fn tallies() -> impl Strategy<Value = Vec<Tally>> {
    prop::collection::vec((1..6_u64, 0..6_u64, 0..6_u64), 1..40)
        .prop_map(|tasks| tasks.into_iter().map(|(p, f, e)| Tally::new(p, f, e)).collect())
}

fn level() -> impl Strategy<Value = Confidence> {
    (0.5..0.999_f64).prop_map(|level| Confidence::new(level).expect("a level"))
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn every_interval_for_one_task_is_ordered_and_contains_the_share(
        Counts { n, c } in counts(100_000), level in level(),
    ) {
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let share = c as f64 / n as f64;
        for method in [wilson, jeffreys, clopper_pearson] {
            let range = method(n, c, level).expect("valid counts");
            prop_assert!(range.contains(share), "{range:?} around {share}");
            prop_assert!(0.0 <= range.lo && range.lo < range.hi && range.hi <= 1.0);
        }
        let credible = uniform_prior(n, c, level).expect("valid counts");
        prop_assert!(0.0 < credible.lo && credible.lo < credible.hi && credible.hi < 1.0);
    }

    #[test]
    fn a_higher_level_widens_the_range(Counts { n, c } in counts(1_000)) {
        let [narrow, wide] = [0.9, 0.99].map(|level| {
            wilson(n, c, Confidence::new(level).expect("a level")).expect("valid counts")
        });
        prop_assert!(wide.lo <= narrow.lo && narrow.hi <= wide.hi && narrow.width() < wide.width());
    }

    #[test]
    fn the_range_of_one_task_rises_with_passes_and_falls_with_what_is_required(
        Counts { n, c } in counts(60), k in 1..80_u64, m in 0..80_u64,
    ) {
        let range = |c, m| {
            one_task_metric(n, c, k, m, Confidence::default()).expect("valid counts")
        };
        let here = range(c, m);
        prop_assert!(0.0 <= here.lo && here.lo <= here.hi && here.hi <= 1.0);
        let stricter = range(c, m + 1);
        prop_assert!(stricter.lo <= here.lo + 1e-13 && stricter.hi <= here.hi + 1e-13);
        if c < n {
            let better = range(c + 1, m);
            prop_assert!(here.lo <= better.lo + 1e-13 && here.hi <= better.hi + 1e-13);
        }
        let single = one_task_metric(n, c, 1, 1, Confidence::default()).expect("valid counts");
        prop_assert!(single.contains(m_of_k(n, c, 1, 1).expect("valid counts")));
    }

    #[test]
    fn the_mean_over_tasks_lies_in_its_range(tallies in tallies(), k in 1..4_u64, level in level()) {
        let tasks: Vec<Counts> = tallies.iter().map(|tally| tally.read(Reading::Fail)).collect();
        for m in 1..=k {
            let mean = task_mean(&tasks, k, m, level).expect("valid counts");
            prop_assert_eq!(mean.tasks_used + mean.tasks_skipped, tasks.len() as u64);
            let (Some(center), Some(spread)) = (mean.mean, mean.spread) else { continue };
            prop_assert!(spread.effective.interval.contains(center));
            prop_assert!(spread.effective.interval.width() > 0.0);
            prop_assert!(spread.t.contains(center));
        }
    }

    #[test]
    fn failing_is_the_lowest_reading_and_best_the_highest(tallies in tallies()) {
        let read = |reading| {
            let tasks: Vec<Counts> = tallies.iter().map(|tally| tally.read(reading)).collect();
            task_mean(&tasks, 1, 1, Confidence::default()).expect("valid counts").mean.expect("tasks")
        };
        let [fail, exclude, best] = [Reading::Fail, Reading::Exclude, Reading::Best].map(read);
        prop_assert!(fail <= exclude && exclude <= best + 1e-15);
    }

    #[test]
    fn the_rerun_variance_of_one_trial_has_its_closed_form(Counts { n, c } in counts(500)) {
        prop_assume!(n > 1);
        let rerun = rerun_variance(&[Counts { n, c }], 1, 1).expect("two trials");
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let want = (c * (n - c)) as f64 / (n * n * (n - 1)) as f64;
        prop_assert!((rerun.variance - want).abs() < 1e-15);
    }

    #[test]
    fn the_range_of_a_rerun_holds_the_mean_and_has_a_width(
        tasks in prop::collection::vec(counts(12), 1..40), k in 1..5_u64, m in 1..5_u64, level in level(),
    ) {
        prop_assume!(m <= k);
        let used: Vec<Counts> = tasks.into_iter().filter(|task| task.n >= k).collect();
        let mean = task_mean(&used, k, m, level).expect("valid counts").mean;
        let range = rerun_range(&used, k, m, level);
        prop_assert_eq!(range.is_some(), mean.is_some());
        if let (Some(range), Some(mean)) = (range, mean) {
            prop_assert!(range.lo - 1e-12 <= mean && mean <= range.hi + 1e-12, "{range:?} around {mean}");
            prop_assert!(0.0 <= range.lo && range.lo < range.hi && range.hi <= 1.0, "{range:?}");
        }
    }

    #[test]
    fn groups_of_one_task_are_tasks(values in prop::collection::vec(0.0..=1.0_f64, 2..40), level in level()) {
        let alone: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
        let grouped = clustered(&alone, level).expect("two groups");
        let plain = effective_wilson(&values, level).expect("two values");
        prop_assert!((grouped.effective.interval.lo - plain.interval.lo).abs() < 1e-9);
        prop_assert!((grouped.effective.interval.hi - plain.interval.hi).abs() < 1e-9);
    }

    #[test]
    fn the_range_for_new_groups_holds_the_mean_within_its_bounds(
        values in prop::collection::vec((0..6_u8, prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64]), 2..40),
        level in level(),
    ) {
        if let Some(grouped) = clustered(&values, level) {
            let range = grouped.effective.interval;
            prop_assert!(range.lo - 1e-12 <= grouped.mean && grouped.mean <= range.hi + 1e-12, "{grouped:?}");
            prop_assert!(0.0 <= range.lo && range.lo < range.hi && range.hi <= 1.0, "{grouped:?}");
        }
    }

    #[test]
    fn no_values_make_the_default_interval_leave_its_bounds(
        values in prop::collection::vec(0.0..=1.0_f64, 2..60), level in level(),
    ) {
        let range = effective_wilson(&values, level).expect("two values").interval;
        prop_assert!(0.0 <= range.lo && range.lo <= range.hi && range.hi <= 1.0);
    }
}

/// The unbiased rerun variance has the true variance as its mean: checked in full for small n.
#[test]
fn the_rerun_variance_is_unbiased() {
    for (n, k, m) in [(4_u64, 1_u64, 1_u64), (4, 2, 1), (4, 2, 2), (7, 3, 2), (8, 4, 3)] {
        for p in [0.1_f64, 0.37, 0.8] {
            let expect = |of: &dyn Fn(u64) -> f64| -> f64 {
                (0..=n).map(|c| binomial(n, c, p) * of(c)).sum()
            };
            let theta = |c| m_of_k(n, c, k, m).expect("valid counts");
            let mean = expect(&theta);
            let truth = expect(&|c| (theta(c) - mean).powi(2));
            let estimated =
                expect(&|c| rerun_variance(&[Counts { n, c }], k, m).expect("2k trials").variance);
            assert!((truth - estimated).abs() < 1e-13, "n={n} k={k} m={m} p={p}");
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn binomial(n: u64, c: u64, p: f64) -> f64 {
    let ways = (0..c).fold(1.0, |ways, i| ways * (n - i) as f64 / (i + 1) as f64);
    let (c, failed) = (i32::try_from(c).expect("small"), i32::try_from(n - c).expect("small"));
    ways * p.powi(c) * (1.0 - p).powi(failed)
}

/// 60 tasks, a third of which always pass, a third never and a third half the time, run 8 times each.
///
/// The standard error of a coverage near .95 over 2,000 runs is .005.
#[test]
fn the_range_of_a_rerun_holds_what_the_tasks_would_give_for_ever() {
    let mut random = Random(2_026);
    let level = Confidence::default();
    let chances: Vec<f64> = (0..60).map(|i| [0.0, 0.5, 1.0][i % 3]).collect();
    for (tasks, k, m, least) in
        [(60, 1, 1, 0.93), (60, 4, 4, 0.93), (12, 1, 1, 0.95), (1, 2, 2, 0.92)]
    {
        let chances = &chances[1..=tasks.min(59)];
        let truth = chances.iter().map(|&p| binomial_tail(k, m, p)).sum::<f64>();
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let truth = truth / chances.len() as f64;
        let mut held = 0.0;
        for _ in 0..2_000 {
            let counts: Vec<Counts> =
                chances.iter().map(|&p| Counts { n: 8, c: random.passes(8, p) }).collect();
            let range = rerun_range(&counts, k, m, level).expect("eight trials");
            held += f64::from(u8::from(range.contains(truth)));
        }
        println!("{tasks} tasks, {m} of {k}: {:.3}", held / 2_000.0);
        assert!(held / 2_000.0 > least, "{tasks} tasks, {m} of {k}: {}", held / 2_000.0);
    }
}

fn binomial_tail(k: u64, m: u64, p: f64) -> f64 {
    (m..=k).map(|c| binomial(k, c, p)).sum()
}

/// Ten groups of five tasks that all pass or fail alike, nine groups in ten passing.
#[test]
fn the_range_for_new_groups_holds_where_that_for_new_tasks_does_not() {
    let mut random = Random(2_026);
    let level = Confidence::default();
    let (mut grouped, mut t, mut plain) = (0.0, 0.0, 0.0);
    for _ in 0..2_000 {
        let groups: Vec<f64> = (0..10).map(|_| f64::from(u8::from(random.hits(0.9)))).collect();
        let tasks: Vec<(usize, f64)> = (0..50).map(|i| (i / 5, groups[i / 5])).collect();
        let range = clustered(&tasks, level).expect("ten groups");
        grouped += f64::from(u8::from(range.effective.interval.contains(0.9)));
        t += f64::from(u8::from(range.t.contains(0.9)));
        let alone: Vec<f64> = tasks.iter().map(|&(_, value)| value).collect();
        let range = effective_wilson(&alone, level).expect("tasks").interval;
        plain += f64::from(u8::from(range.contains(0.9)));
    }
    println!("grouped {:.3}, t {:.3}, plain {:.3}", grouped / 2e3, t / 2e3, plain / 2e3);
    assert!(grouped / 2e3 > 0.95 && t / 2e3 < 0.75 && plain / 2e3 < 0.9);
}
