//! Laws of agreement between raters.

use probity_eval_runner::stats::agreement::{
    ConfusionTable, KappaWeights, Ratings, Scale, cohen_kappa, fleiss_kappa, gwet_ac1,
    gwet_ac1_two_raters, krippendorff_alpha, krippendorff_alpha_two_raters, raw_agreement,
    weighted_kappa,
};
use proptest::prelude::*;

const SCALES: [Scale; 3] = [Scale::Nominal, Scale::Ordinal, Scale::Interval];

/// Square tables of two to five categories, some of them never used.
fn rows() -> impl Strategy<Value = Vec<Vec<u64>>> {
    (2..=5_usize).prop_flat_map(|categories| {
        let row = prop::collection::vec(prop_oneof![Just(0), 0..40_u64], categories);
        prop::collection::vec(row, categories)
    })
}

/// Rows with an order of their categories.
fn rows_and_order() -> impl Strategy<Value = (Vec<Vec<u64>>, Vec<usize>)> {
    rows().prop_flat_map(|rows| {
        let order: Vec<usize> = (0..rows.len()).collect();
        (Just(rows), Just(order).prop_shuffle())
    })
}

/// Values of three raters, a third of them missing.
fn values() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    (1..20_usize).prop_flat_map(|units| {
        let value = prop_oneof![
            2 => (1..=4_u8).prop_map(|value| Some(f64::from(value))),
            1 => Just(None),
        ];
        prop::collection::vec(prop::collection::vec(value, units), 3)
    })
}

fn table(rows: &[Vec<u64>]) -> ConfusionTable {
    ConfusionTable::new(rows.to_vec()).expect("a square table")
}

fn transposed(rows: &[Vec<u64>]) -> ConfusionTable {
    table(&(0..rows.len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect::<Vec<_>>())
}

/// The two-rater table as counts of each item: one item for each count of each cell.
fn ratings(rows: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let mut items = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        for (j, &count) in row.iter().enumerate() {
            let mut item = vec![0; rows.len()];
            item[i] += 1;
            item[j] += 1;
            items.extend((0..count).map(|_| item.clone()));
        }
    }
    items
}

/// The two-rater table as the values of each rater.
#[expect(clippy::cast_precision_loss, reason = "the number of a category")]
fn two_raters(rows: &[Vec<u64>]) -> [Vec<Option<f64>>; 2] {
    let mut raters = [Vec::new(), Vec::new()];
    for (i, row) in rows.iter().enumerate() {
        for (j, &count) in row.iter().enumerate() {
            for _ in 0..count {
                raters[0].push(Some(i as f64));
                raters[1].push(Some(j as f64));
            }
        }
    }
    raters
}

fn alpha(values: &[Vec<Option<f64>>], scale: Scale) -> Option<f64> {
    krippendorff_alpha(values, scale).expect("finite values").value
}

fn mapped(values: &[Vec<Option<f64>>], map: impl Fn(f64) -> f64) -> Vec<Vec<Option<f64>>> {
    values.iter().map(|row| row.iter().map(|value| value.map(&map)).collect()).collect()
}

/// Whether two values are close, or both undefined.
fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-10,
        (a, b) => a == b,
    }
}

/// Everything that is known of two raters, whatever their order.
fn numbers(table: &ConfusionTable) -> [Option<f64>; 5] {
    let kappa = cohen_kappa(table);
    [
        raw_agreement(table),
        kappa.map(|kappa| kappa.value),
        kappa.map(|kappa| kappa.se),
        gwet_ac1_two_raters(table),
        krippendorff_alpha_two_raters(table),
    ]
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn it_does_not_matter_which_rater_is_first(rows in rows()) {
        let (one, other) = (table(&rows), transposed(&rows));
        for (a, b) in numbers(&one).into_iter().zip(numbers(&other)) {
            prop_assert!(same(a, b), "{a:?} and {b:?}");
        }
        for weights in [KappaWeights::Linear, KappaWeights::Quadratic] {
            let [a, b] = [&one, &other].map(|table| weighted_kappa(table, weights));
            prop_assert!(same(a.map(|a| a.value), b.map(|b| b.value)));
            prop_assert!(same(a.map(|a| a.se), b.map(|b| b.se)));
        }
    }

    #[test]
    fn the_order_of_categories_does_not_matter((rows, order) in rows_and_order()) {
        let shuffled: Vec<Vec<u64>> =
            order.iter().map(|&i| order.iter().map(|&j| rows[i][j]).collect()).collect();
        for (a, b) in numbers(&table(&rows)).into_iter().zip(numbers(&table(&shuffled))) {
            prop_assert!(same(a, b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn an_order_turned_around_keeps_weighted_kappa(rows in rows()) {
        let turned: Vec<Vec<u64>> =
            rows.iter().rev().map(|row| row.iter().rev().copied().collect()).collect();
        for weights in [KappaWeights::Linear, KappaWeights::Quadratic] {
            let [a, b] = [&rows, &turned].map(|rows| weighted_kappa(&table(rows), weights));
            prop_assert!(same(a.map(|a| a.value), b.map(|b| b.value)));
        }
    }

    #[test]
    fn kappa_lies_between_minus_1_and_1_and_is_1_for_the_diagonal_alone(rows in rows()) {
        let kappa = cohen_kappa(&table(&rows));
        if let Some(kappa) = kappa {
            prop_assert!((-1.0 - 1e-12..=1.0).contains(&kappa.value), "{kappa:?}");
            prop_assert!(kappa.se.is_finite() && kappa.se >= 0.0);
        }
        let diagonal = rows.iter().enumerate().map(|(i, row)| {
            row.iter().enumerate().map(|(j, &count)| if i == j { count } else { 0 }).collect()
        });
        let diagonal: Vec<Vec<u64>> = diagonal.collect();
        let used = diagonal.iter().flatten().filter(|&&count| count > 0).count();
        let full = cohen_kappa(&table(&diagonal));
        if used > 1 {
            let full = full.expect("two categories");
            prop_assert_eq!((full.value, full.se), (1.0, 0.0));
        } else {
            prop_assert_eq!(full, None);
        }
    }

    #[test]
    fn kappa_is_undefined_where_both_raters_are_constant_and_nowhere_else(rows in rows()) {
        let cells = rows.iter().enumerate().flat_map(|(i, row)| {
            row.iter().enumerate().filter(|&(_, &count)| count > 0).map(move |(j, _)| (i, j))
        });
        let cells: Vec<(usize, usize)> = cells.collect();
        let open = cells.is_empty() || cells.len() == 1 && cells[0].0 == cells[0].1;
        prop_assert_eq!(cohen_kappa(&table(&rows)).is_none(), open);
        prop_assert_eq!(krippendorff_alpha_two_raters(&table(&rows)).is_none(), open);
        prop_assert_eq!(gwet_ac1_two_raters(&table(&rows)).is_none(), cells.is_empty());
    }

    #[test]
    fn with_two_categories_weights_change_nothing(a in 0..50_u64, b in 0..50_u64, c in 0..50_u64, d in 0..50_u64) {
        let table = table(&[vec![a, b], vec![c, d]]);
        let plain = cohen_kappa(&table);
        for weights in [KappaWeights::Linear, KappaWeights::Quadratic] {
            let weighted = weighted_kappa(&table, weights);
            prop_assert!(same(plain.map(|k| k.value), weighted.map(|k| k.value)));
            prop_assert!(same(plain.map(|k| k.se), weighted.map(|k| k.se)));
        }
    }

    #[test]
    fn nine_times_the_items_give_the_same_kappa_a_third_as_uncertain(rows in rows()) {
        let more: Vec<Vec<u64>> =
            rows.iter().map(|row| row.iter().map(|count| 9 * count).collect()).collect();
        let [few, many] = [&rows, &more].map(|rows| cohen_kappa(&table(rows)));
        prop_assert!(same(few.map(|k| k.value), many.map(|k| k.value)));
        prop_assert!(same(few.map(|k| k.se / 3.0), many.map(|k| k.se)));
    }

    #[test]
    fn two_raters_are_a_case_of_several(rows in rows()) {
        let items = ratings(&rows);
        prop_assume!(!items.is_empty());
        let several = Ratings::new(items).expect("two ratings of each item");
        let table = table(&rows);
        prop_assert!(same(Some(gwet_ac1(&several)), gwet_ac1_two_raters(&table)));
        let alpha = krippendorff_alpha_two_raters(&table);
        let general = krippendorff_alpha(&two_raters(&rows), Scale::Nominal).expect("finite");
        prop_assert!(same(alpha, general.value));
        // Alpha is the kappa of Fleiss, corrected for the number of ratings.
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let values = 2.0 * several.counts().len() as f64;
        let corrected = fleiss_kappa(&several).map(|kappa| kappa + (1.0 - kappa) / values);
        prop_assert!(same(alpha, corrected));
    }

    #[test]
    fn ac1_stays_in_its_range(rows in rows()) {
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let lowest = -1.0 / (rows.len() as f64 - 1.0);
        if let Some(ac1) = gwet_ac1_two_raters(&table(&rows)) {
            prop_assert!((lowest - 1e-12..=1.0).contains(&ac1), "{ac1}");
        }
    }

    #[test]
    fn alpha_depends_on_what_its_scale_means_and_on_nothing_else(values in values()) {
        let [nominal, ordinal, interval] = SCALES.map(|scale| alpha(&values, scale));
        let renamed = mapped(&values, |value| (value * 7.0) % 5.0);
        prop_assert!(same(nominal, alpha(&renamed, Scale::Nominal)));
        let stretched = mapped(&values, f64::exp);
        prop_assert!(same(ordinal, alpha(&stretched, Scale::Ordinal)));
        let moved = mapped(&values, |value| 1e6 - 0.25 * value);
        prop_assert!(same(interval, alpha(&moved, Scale::Interval)));
    }

    #[test]
    fn alpha_does_not_know_the_order_of_raters_and_units(values in values()) {
        let mut turned: Vec<Vec<Option<f64>>> = values.iter().rev().cloned().collect();
        for row in &mut turned {
            row.reverse();
        }
        for scale in SCALES {
            prop_assert!(same(alpha(&values, scale), alpha(&turned, scale)));
            prop_assert!(alpha(&values, scale).is_none_or(|alpha| alpha <= 1.0));
        }
    }

    #[test]
    fn two_values_have_one_alpha_on_every_scale(values in values()) {
        let binary = mapped(&values, |value| f64::from(u8::from(value > 2.0)));
        let [nominal, ordinal, interval] = SCALES.map(|scale| alpha(&binary, scale));
        prop_assert!(same(nominal, ordinal) && same(nominal, interval));
    }

    #[test]
    fn no_values_make_alpha_panic_or_leave_the_numbers(
        values in prop::collection::vec(prop::collection::vec(prop::option::of(any::<f64>()), 0..5), 0..4),
    ) {
        for scale in SCALES {
            if let Ok(alpha) = krippendorff_alpha(&values, scale) {
                prop_assert!(alpha.value.is_none_or(f64::is_finite), "{alpha:?}");
            }
        }
    }
}
