//! Laws of the intervals and of means over tasks.

use probity_eval_runner::stats::{
    Confidence, Counts, Reading, Tally, clopper_pearson, effective_wilson, jeffreys, m_of_k,
    one_task_metric, rerun_variance, task_mean, uniform_prior, wilson,
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
