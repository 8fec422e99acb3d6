//! Laws of the estimator, and its agreement with exact counting.

use probity_eval_runner::stats::{MAX_TERMS, m_of_k, m_of_k_counted};
use proptest::prelude::*;

/// Trials, passes and a draw, up to the given number of trials.
fn urns(most: u64) -> impl Strategy<Value = (u64, u64, u64)> {
    (1..=most).prop_flat_map(|n| (Just(n), 0..=n, 1..=n))
}

fn estimate(n: u64, c: u64, k: u64, m: u64) -> f64 {
    m_of_k(n, c, k, m).expect("the counts are in the domain")
}

/// The binomial coefficient, exact up to 120 over 60.
fn choose(n: u64, k: u64) -> u128 {
    (0..k.min(n - k)).fold(1, |value, i| value * u128::from(n - i) / u128::from(i + 1))
}

/// The estimate as a quotient of two exact integers.
#[expect(clippy::cast_precision_loss, reason = "one rounding of each exact integer")]
fn exact(n: u64, c: u64, k: u64, m: u64) -> f64 {
    let favorable: u128 = (m..=k.min(c))
        .filter(|j| k - j <= n - c)
        .map(|j| choose(c, j) * choose(n - c, k - j))
        .sum();
    favorable as f64 / choose(n, k) as f64
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn one_trial_is_the_mean_whatever_it_is_called((n, c, _) in urns(1_000_000_000)) {
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let mean = c as f64 / n as f64;
        prop_assert_eq!(estimate(n, c, 1, 1).to_bits(), mean.to_bits());
    }

    #[test]
    fn all_pass_is_rarer_and_some_pass_more_common_than_one((n, c, k) in urns(100_000)) {
        let one = estimate(n, c, 1, 1);
        prop_assert!(estimate(n, c, k, k) <= one * (1.0 + 1e-12));
        prop_assert!(estimate(n, c, k, 1) >= one * (1.0 - 1e-12));
    }

    #[test]
    fn a_larger_k_only_helps_some_and_only_hurts_all((n, c, k) in urns(2_000)) {
        prop_assume!(k < n);
        prop_assert!(estimate(n, c, k + 1, 1) >= estimate(n, c, k, 1) * (1.0 - 1e-12));
        prop_assert!(estimate(n, c, k + 1, k + 1) <= estimate(n, c, k, k) * (1.0 + 1e-12));
    }

    #[test]
    fn requiring_more_never_helps((n, c, k) in urns(400)) {
        for m in 0..=k {
            prop_assert!(estimate(n, c, k, m + 1) <= estimate(n, c, k, m) + 1e-13);
        }
    }

    #[test]
    fn passes_and_fails_are_complements((n, c, k) in urns(100_000), share in 0.0..=1.0_f64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "any m from 1 to k will do"
        )]
        let m = ((k as f64 * share) as u64).clamp(1, k);
        let mirrored = estimate(n, n - c, k, k - m + 1);
        prop_assert!((estimate(n, c, k, m) - (1.0 - mirrored)).abs() < 1e-12);
    }

    #[test]
    fn every_estimate_is_the_exact_share_of_subsets((n, c, k) in urns(120), m in 0..=120_u64) {
        let (got, want) = (estimate(n, c, k, m), exact(n, c, k, m));
        prop_assert!((got - want).abs() <= 1e-12 * want, "got {got:e}, want {want:e}");
    }

    #[test]
    fn the_work_is_bounded_for_any_counts(
        (n, c, k) in urns(1_000_000_000_000_000),
        offset in -40_000_000..40_000_000_i64,
    ) {
        // Around the mean, where a tail is longest.
        let mean = u64::try_from(u128::from(c) * u128::from(k) / u128::from(n)).expect("below k");
        let m = mean.saturating_add_signed(offset).min(k);
        let got = m_of_k_counted(n, c, k, m).expect("the counts are in the domain");
        prop_assert!(got.terms <= MAX_TERMS);
        prop_assert!((0.0..=1.0).contains(&got.value), "{got:?}");
    }

    #[test]
    fn no_counts_make_the_estimator_panic(n: u64, c: u64, k: u64, m: u64) {
        if let Ok(value) = m_of_k(n, c, k, m) {
            prop_assert!((0.0..=1.0).contains(&value), "{value}");
        }
    }

    #[test]
    fn no_valid_counts_make_the_estimator_panic((n, c, k) in urns(u64::MAX), m: u64) {
        for m in [m, m % k, 1, k] {
            let value = estimate(n, c, k, m);
            prop_assert!((0.0..=1.0).contains(&value), "{value}");
        }
    }
}
