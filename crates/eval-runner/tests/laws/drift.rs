//! Laws of the test for a pass rate that changes with the number of the trial.

use probity_eval_runner::stats::drift::{CochranQ, cochran_q};
use proptest::prelude::*;

type Row = [Option<bool>; 4];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let trial = prop_oneof![9 => any::<bool>().prop_map(Some), 1 => Just(None)];
    prop::collection::vec(prop::array::uniform4(trial), 0..40)
}

fn same(one: &CochranQ, other: &CochranQ) -> bool {
    match (one.drift, other.drift) {
        (Some(one), Some(other)) => {
            (one.q - other.q).abs() < 1e-9 && (one.p - other.p).abs() < 1e-9
        }
        (one, other) => one == other,
    }
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn every_task_is_used_or_skipped_and_every_p_is_a_chance(rows in rows()) {
        let got = cochran_q(&rows, 4);
        prop_assert_eq!(got.tasks_used + got.tasks_skipped, rows.len() as u64);
        prop_assert!(got.passes.iter().all(|&passes| passes <= got.tasks_used));
        if let Some(drift) = got.drift {
            prop_assert!(drift.q > -1e-9 && (0.0..=1.0).contains(&drift.p), "{drift:?}");
        }
    }

    #[test]
    fn neither_the_order_of_tasks_nor_that_of_trials_matters(rows in rows()) {
        let turned: Vec<Row> =
            rows.iter().rev().map(|&[a, b, c, d]| [c, a, d, b]).collect();
        prop_assert!(same(&cochran_q(&rows, 4), &cochran_q(&turned, 4)));
    }

    #[test]
    fn tasks_that_never_waver_change_nothing(rows in rows(), more in 0..20_usize) {
        let mut longer = rows.clone();
        longer.extend(vec![[Some(true); 4]; more]);
        longer.extend(vec![[Some(false); 4]; more]);
        prop_assert!(same(&cochran_q(&rows, 4), &cochran_q(&longer, 4)));
    }

    #[test]
    fn passes_and_failures_drift_alike(rows in rows()) {
        let failed: Vec<Row> = rows.iter().map(|row| row.map(|trial| trial.map(|passed| !passed))).collect();
        prop_assert!(same(&cochran_q(&rows, 4), &cochran_q(&failed, 4)));
    }
}
