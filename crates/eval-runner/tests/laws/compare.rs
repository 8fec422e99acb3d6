//! Laws of comparing two agents.

use crate::random::Random;
use probity_eval_runner::stats::{
    Confidence, Counts, Interval,
    compare::{
        Conclusion, Difference, PMethod, Pair, PairedOutcomes, Ranged, compare_grouped,
        compare_paired, compare_unpaired, conclude, mcnemar, mover, newcombe, sign_flip,
        stratified, tango,
    },
};
use proptest::prelude::*;

fn counts(most: u64) -> impl Strategy<Value = Counts> {
    (1..=most).prop_flat_map(|n| (0..=n).prop_map(move |c| Counts { n, c }))
}

fn pairs(most: u64) -> impl Strategy<Value = Vec<Pair>> {
    let pair = (counts(most), counts(most)).prop_map(|(first, second)| Pair { first, second });
    prop::collection::vec(pair, 1..30)
}

/// Pairs whose tasks all have three trials and more.
fn repeated() -> impl Strategy<Value = Vec<Pair>> {
    let more = |Counts { n, c }| Counts { n: n + 2, c };
    pairs(6).prop_map(move |pairs| {
        let pair = |pair: Pair| Pair { first: more(pair.first), second: more(pair.second) };
        pairs.into_iter().map(pair).collect()
    })
}

fn level() -> impl Strategy<Value = Confidence> {
    (0.5..0.999_f64).prop_map(|level| Confidence::new(level).expect("a level"))
}

fn outcomes() -> impl Strategy<Value = PairedOutcomes> {
    let count = || prop_oneof![Just(0), 0..60_u64];
    (count(), count(), count(), count())
        .prop_map(|(both, first_only, second_only, neither)| PairedOutcomes {
            both,
            first_only,
            second_only,
            neither,
        })
        .prop_filter("tasks", |outcomes| outcomes.tasks() > 0)
}

fn swapped(pairs: &[Pair]) -> Vec<Pair> {
    pairs.iter().map(|pair| Pair { first: pair.second, second: pair.first }).collect()
}

fn failed(pairs: &[Pair]) -> Vec<Pair> {
    let fails = |Counts { n, c }| Counts { n, c: n - c };
    pairs.iter().map(|pair| Pair { first: fails(pair.first), second: fails(pair.second) }).collect()
}

fn difference(pairs: &[Pair], k: u64, m: u64, level: Confidence) -> Difference {
    let compared = compare_paired(pairs, k, m, level).expect("valid counts");
    compared.difference.expect("tasks")
}

/// Whether one range is the other's negative.
fn are_mirrored(one: Interval, other: Interval) -> bool {
    (one.lo + other.hi).abs() < 1e-12 && (one.hi + other.lo).abs() < 1e-12
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn exchanging_the_agents_turns_every_number_around(pairs in pairs(8), level in level()) {
        let one = compare_paired(&pairs, 1, 1, level).expect("valid counts");
        let other = compare_paired(&swapped(&pairs), 1, 1, level).expect("valid counts");
        prop_assert_eq!((one.better, one.worse, one.same), (other.worse, other.better, other.same));
        let (one, other) = (one.difference.expect("tasks"), other.difference.expect("tasks"));
        prop_assert!((one.value + other.value).abs() < 1e-12);
        prop_assert!(are_mirrored(one.rerun.expect("a metric"), other.rerun.expect("a metric")));
        if let (Some(one), Some(other)) = (one.spread, other.spread) {
            prop_assert!(are_mirrored(one.interval, other.interval), "{one:?} {other:?}");
            prop_assert!(are_mirrored(one.t, other.t));
            prop_assert!((one.correlation - other.correlation).abs() < 1e-12);
            let first = conclude(one.interval, None);
            let turned = match conclude(other.interval, None) {
                Conclusion::FirstBetter => Conclusion::SecondBetter,
                Conclusion::SecondBetter => Conclusion::FirstBetter,
                same => same,
            };
            prop_assert_eq!(first, turned);
        }
    }

    #[test]
    fn counting_failures_turns_every_number_around(pairs in repeated(), k in 1..4_u64, m in 1..4_u64) {
        prop_assume!(m <= k);
        let level = Confidence::default();
        let passes = difference(&pairs, k, m, level);
        let fails = difference(&failed(&pairs), k, k - m + 1, level);
        prop_assert!((passes.value + fails.value).abs() < 1e-12);
        if let (Some(passes), Some(fails)) = (passes.spread, fails.spread) {
            prop_assert!(are_mirrored(passes.interval, fails.interval), "{passes:?} {fails:?}");
        }
    }

    #[test]
    fn every_range_of_a_difference_holds_it_and_is_one_of_shares(
        pairs in repeated(), k in 1..4_u64, m in 1..4_u64, level in level(),
    ) {
        prop_assume!(m <= k);
        let difference = difference(&pairs, k, m, level);
        let ranges = [difference.rerun, difference.spread.map(|spread| spread.interval)];
        for range in ranges.into_iter().flatten() {
            prop_assert!(range.contains(difference.value), "{range:?} around {}", difference.value);
            prop_assert!(-1.0 - 1e-12 <= range.lo && range.lo < range.hi && range.hi <= 1.0 + 1e-12);
        }
        if let Some(spread) = difference.spread {
            prop_assert!(spread.t.contains(difference.value));
            prop_assert!((-1.0..=1.0).contains(&spread.correlation));
        }
    }

    #[test]
    fn the_order_of_tasks_and_the_names_of_groups_do_not_matter(pairs in pairs(5)) {
        let level = Confidence::default();
        let grouped: Vec<(usize, Pair)> =
            pairs.iter().copied().enumerate().map(|(i, pair)| (i % 4, pair)).collect();
        let renamed: Vec<(usize, Pair)> =
            grouped.iter().rev().map(|&(group, pair)| (9 - group, pair)).collect();
        let [one, other] = [grouped, renamed].map(|pairs| {
            let compared = compare_grouped(&pairs, 1, 1, level).expect("valid counts");
            compared.difference.expect("tasks").spread
        });
        match (one, other) {
            (Some(one), Some(other)) => {
                prop_assert!((one.interval.lo - other.interval.lo).abs() < 1e-9);
                prop_assert!((one.interval.hi - other.interval.hi).abs() < 1e-9);
                prop_assert!((one.se - other.se).abs() < 1e-12);
            }
            (one, other) => prop_assert_eq!(one, other),
        }
    }

    #[test]
    fn without_a_correlation_paired_and_unpaired_agree(tasks in prop::collection::vec(counts(6), 2..30)) {
        // The second agent does the same on every task, so nothing connects the two.
        let level = Confidence::default();
        let second = Counts { n: 4, c: 3 };
        let pairs: Vec<Pair> = tasks.iter().map(|&first| Pair { first, second }).collect();
        let paired = difference(&pairs, 1, 1, level).spread.expect("two tasks");
        let apart = compare_unpaired(&tasks, &vec![second; tasks.len()], 1, 1, level);
        let apart = apart.expect("valid counts").difference.expect("two tasks");
        prop_assert_eq!(paired.correlation.to_bits(), 0.0_f64.to_bits());
        prop_assert!((paired.interval.lo - apart.interval.lo).abs() < 1e-12);
        prop_assert!((paired.interval.hi - apart.interval.hi).abs() < 1e-12);
    }

    #[test]
    fn the_more_two_estimates_rise_together_the_narrower_their_difference(
        ends in prop::array::uniform6(0.0..=1.0_f64), low in -1.0..=1.0_f64, high in -1.0..=1.0_f64,
    ) {
        prop_assume!(low <= high);
        let ranged = |mut ends: [f64; 3]| {
            ends.sort_by(f64::total_cmp);
            let [lo, value, hi] = ends;
            Ranged { value, interval: Interval { lo, hi } }
        };
        let [a, b, c, d, e, f] = ends;
        let (first, second) = (ranged([a, b, c]), ranged([d, e, f]));
        let [loose, tight] = [low, high].map(|r| mover(first, second, r));
        prop_assert!(loose.lo <= tight.lo + 1e-12 && tight.hi <= loose.hi + 1e-12);
        let apart = mover(first, second, 0.0);
        let below = (first.value - first.interval.lo).hypot(second.interval.hi - second.value);
        prop_assert!((first.value - second.value - below - apart.lo).abs() < 1e-12);
    }

    #[test]
    fn intervals_of_single_trials_hold_the_difference_and_mirror(outcomes in outcomes(), level in level()) {
        let value = outcomes.difference().expect("tasks");
        for method in [newcombe, tango] {
            let range = method(&outcomes, level).expect("tasks");
            prop_assert!(range.lo - 1e-12 <= value && value <= range.hi + 1e-12, "{range:?}");
            prop_assert!(-1.0 - 1e-12 <= range.lo && range.lo < range.hi && range.hi <= 1.0 + 1e-12);
            let other = method(&outcomes.swapped(), level).expect("tasks");
            prop_assert!((range.lo + other.hi).abs() < 1e-9 && (range.hi + other.lo).abs() < 1e-9);
        }
    }

    #[test]
    fn single_trials_make_all_three_tests_one(outcomes in outcomes()) {
        let pair = |first, second| {
            Pair { first: Counts { n: 1, c: first }, second: Counts { n: 1, c: second } }
        };
        let kinds = [
            (outcomes.both, pair(1, 1)),
            (outcomes.first_only, pair(1, 0)),
            (outcomes.second_only, pair(0, 1)),
            (outcomes.neither, pair(0, 0)),
        ];
        let pairs: Vec<Pair> =
            kinds.into_iter().flat_map(|(tasks, pair)| (0..tasks).map(move |_| pair)).collect();
        prop_assert_eq!(PairedOutcomes::of_pairs(&pairs), Some(outcomes));
        let compared = compare_paired(&pairs, 1, 1, Confidence::default()).expect("valid counts");
        let exact = mcnemar(outcomes.first_only, outcomes.second_only).exact;
        let flipped = sign_flip(&compared.differences, 0).expect("differences");
        prop_assert_eq!(flipped.method, PMethod::Exact);
        prop_assert!((flipped.value - exact).abs() < 1e-12, "{flipped:?} {exact}");
        let alike = stratified(&pairs).expect("valid counts");
        prop_assert!((alike.value - exact).abs() < 1e-12, "{alike:?} {exact}");
    }

    #[test]
    fn mid_p_is_below_the_exact_chance_and_neither_knows_the_order(b in 0..3_000_u64, c in 0..3_000_u64) {
        let test = mcnemar(b, c);
        prop_assert_eq!(test, mcnemar(c, b));
        prop_assert!(0.0 <= test.mid_p && test.mid_p <= test.exact && test.exact <= 1.0, "{test:?}");
    }

    #[test]
    fn a_sign_flip_knows_neither_order_nor_scale_nor_common_sign(
        differences in prop::collection::vec(-1.0..=1.0_f64, 0..14), scale in 0.2..=1.0_f64,
    ) {
        let p = |differences: &[f64]| sign_flip(differences, 0).expect("differences").value;
        let here = p(&differences);
        let least = 0.5_f64.powi(i32::try_from(differences.len()).expect("few")) * 2.0;
        prop_assert!(least.min(1.0) - 1e-12 <= here && here <= 1.0);
        let turned: Vec<f64> = differences.iter().rev().map(|by| -by * scale).collect();
        prop_assert!((p(&turned) - here).abs() < 1e-12);
    }

    #[test]
    fn no_counts_make_a_comparison_panic(
        counts in prop::collection::vec(any::<[u64; 4]>(), 0..5), k: u64, m: u64,
    ) {
        let pairs: Vec<Pair> = counts
            .iter()
            .map(|&[n, c, other, passes]| Pair {
                first: Counts { n, c: c % n.max(1) },
                second: Counts { n: other, c: passes },
            })
            .collect();
        for k in [k, k % 5] {
            let compared = compare_paired(&pairs, k, m % 6, Confidence::default());
            let valid = pairs.iter().all(|pair| pair.second.c <= pair.second.n);
            prop_assert!(compared.is_ok() == (valid && k > 0) || pairs.is_empty());
        }
        let _ = stratified(&pairs);
        let _ = mcnemar(k, m);
    }
}

/// How often ranges of a difference hold it: the first agent always passes, the second fails mostly on one task in
/// eight and never on the others.
///
/// The standard error of a coverage near .95 over 1,500 runs is .006.
#[test]
fn the_default_range_of_a_difference_holds_it_where_that_of_a_t_test_does_not() {
    let mut random = Random(2_026);
    let (mut default, mut t) = (0.0, 0.0);
    for _ in 0..1_500 {
        let pairs: Vec<Pair> = (0..10)
            .map(|_| {
                let chance = if random.hits(0.125) { 0.2 } else { 1.0 };
                let second = Counts { n: 2, c: random.passes(2, chance) };
                Pair { first: Counts { n: 2, c: 2 }, second }
            })
            .collect();
        let spread = difference(&pairs, 1, 1, Confidence::default()).spread.expect("tasks");
        default += f64::from(u8::from(spread.interval.contains(0.1)));
        t += f64::from(u8::from(spread.t.contains(0.1)));
    }
    println!("default {:.3}, t {:.3}", default / 1.5e3, t / 1.5e3);
    assert!(default / 1.5e3 > 0.94 && t / 1.5e3 < 0.8);
}
