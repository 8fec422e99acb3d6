//! Laws of adjusted p-values.

use probity_eval_runner::stats::many::{benjamini_hochberg, holm};
use proptest::prelude::*;

fn p_values() -> impl Strategy<Value = Vec<f64>> {
    let p = prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64, 0.0..=0.05_f64];
    prop::collection::vec(p, 1..40)
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn adjusting_keeps_the_order_and_never_lowers(p_values in p_values()) {
        for adjust in [holm, benjamini_hochberg] {
            let adjusted = adjust(&p_values).expect("p-values");
            prop_assert_eq!(adjusted.len(), p_values.len());
            for (i, (&raw, &one)) in p_values.iter().zip(&adjusted).enumerate() {
                prop_assert!(raw <= one + 1e-15 && one <= 1.0, "{raw} became {one}");
                for (&other, &two) in p_values.iter().zip(&adjusted).skip(i + 1) {
                    prop_assert!(raw > other || one <= two);
                    prop_assert!(raw < other || one >= two);
                }
            }
        }
    }

    #[test]
    fn holm_is_stricter_than_benjamini_hochberg_and_gentler_than_bonferroni(p_values in p_values()) {
        let strict = holm(&p_values).expect("p-values");
        let gentle = benjamini_hochberg(&p_values).expect("p-values");
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let count = p_values.len() as f64;
        for ((raw, strict), gentle) in p_values.iter().zip(strict).zip(gentle) {
            prop_assert!(gentle <= strict + 1e-15);
            prop_assert!(strict <= (raw * count).min(1.0) + 1e-15);
        }
    }

    #[test]
    fn the_order_of_the_tests_does_not_matter(p_values in p_values()) {
        let turned: Vec<f64> = p_values.iter().rev().copied().collect();
        for adjust in [holm, benjamini_hochberg] {
            let mut back = adjust(&turned).expect("p-values");
            back.reverse();
            prop_assert_eq!(adjust(&p_values).expect("p-values"), back);
        }
    }

    #[test]
    fn a_single_test_needs_no_adjustment(p in 0.0..=1.0_f64) {
        prop_assert_eq!(holm(&[p]), Ok(vec![p]));
        prop_assert_eq!(benjamini_hochberg(&[p]), Ok(vec![p]));
    }
}
