//! Laws of decoding published rows.

use probity_eval_runner::stats::{Confidence, Counts, Printed, TableCheck, check_table, task_mean};
use proptest::prelude::*;

fn histograms() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(0..30_u64, 2..7)
        .prop_filter("tasks", |histogram| histogram.iter().sum::<u64>() > 0)
}

/// The row that a histogram gives, printed with so many places.
fn row(histogram: &[u64], places: usize) -> Vec<(u64, Printed)> {
    let trials = histogram.len() as u64 - 1;
    let tasks = (0..).zip(histogram);
    let counts: Vec<Counts> =
        tasks.flat_map(|(c, &tasks)| (0..tasks).map(move |_| Counts { n: trials, c })).collect();
    let value = |k| {
        let mean = task_mean(&counts, k, k, Confidence::default()).expect("valid counts");
        format!("{:.places$}", mean.mean.expect("tasks")).parse().expect("a share")
    };
    (1..=trials).map(|k| (k, value(k))).collect()
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn a_row_leads_back_to_its_histogram(histogram in histograms(), places in 1..9_usize) {
        let tasks = histogram.iter().sum();
        let trials = histogram.len() as u64 - 1;
        match check_table(tasks, trials, &row(&histogram, places)).expect("a row") {
            TableCheck::Unique { histogram: found } => prop_assert_eq!(found, histogram),
            TableCheck::Several { histograms, complete } => {
                prop_assert!(!complete || histograms.contains(&histogram));
                prop_assert!(histograms.iter().all(|one| one.iter().sum::<u64>() == tasks));
            }
            other => prop_assert!(places < 5, "{other:?}"),
        }
    }

    #[test]
    fn every_histogram_that_is_found_gives_the_row(histogram in histograms(), places in 1..5_usize) {
        let tasks = histogram.iter().sum();
        let trials = histogram.len() as u64 - 1;
        let printed = row(&histogram, places);
        if let TableCheck::Several { histograms, .. } = check_table(tasks, trials, &printed).expect("a row") {
            for other in histograms {
                for ((k, printed), (_, exact)) in printed.iter().zip(row(&other, 17)) {
                    prop_assert!(printed.stands_for(exact.value()), "pass^{k} of {other:?}");
                }
            }
        }
    }
}
