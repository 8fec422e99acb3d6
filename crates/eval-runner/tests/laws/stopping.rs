//! Laws of stopping early, and how often its promises hold.

use crate::random::Random;
use probity_eval_runner::stats::{
    Confidence,
    stopping::{
        ConfidenceSequence, GateReach, GateScope, PassGate, PlannedRun, Sprt, SprtDecision,
        confidence_sequence, gate_reach,
    },
    wilson,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn a_watched_range_never_widens_and_lies_in_every_range_so_far(
        trials in prop::collection::vec(any::<bool>(), 1..120),
    ) {
        let level = Confidence::default();
        let mut watched = ConfidenceSequence::new(level);
        let mut before = watched.interval().expect("anything is possible");
        for passed in trials {
            watched.observe(passed);
            let now = confidence_sequence(watched.passes(), watched.fails(), level);
            let Some(range) = watched.interval() else { break };
            prop_assert!(before.lo <= range.lo && range.hi <= before.hi);
            prop_assert!(now.lo <= range.lo && range.hi <= now.hi);
            let metric = watched.metric(3, 2).expect("a range");
            prop_assert!(0.0 <= metric.lo && metric.lo <= metric.hi && metric.hi <= 1.0);
            before = range;
        }
    }

    #[test]
    fn ranges_at_any_time_hold_the_share_and_are_nested_by_level(
        passes in 0..100_000_u64, fails in 0..100_000_u64,
    ) {
        prop_assume!(passes + fails > 0);
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let share = passes as f64 / (passes + fails) as f64;
        let [narrow, wide] = [0.9, 0.99].map(|level| {
            confidence_sequence(passes, fails, Confidence::new(level).expect("a level"))
        });
        prop_assert!(narrow.contains(share), "{narrow:?} around {share}");
        prop_assert!(0.0 <= wide.lo && wide.lo <= narrow.lo && narrow.hi <= wide.hi && wide.hi <= 1.0);
        let fixed = wilson(passes + fails, passes, Confidence::new(0.9).expect("a level"));
        prop_assert!(passes + fails < 5 || narrow.width() > fixed.expect("counts").width());
    }

    #[test]
    fn passes_and_failures_are_mirrored(passes in 0..10_000_u64, fails in 0..10_000_u64) {
        let level = Confidence::default();
        let (one, other) = (confidence_sequence(passes, fails, level), confidence_sequence(fails, passes, level));
        prop_assert!((one.lo + other.hi - 1.0).abs() < 1e-12 && (one.hi + other.lo - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_larger_run_never_puts_a_gate_out_of_reach(
        k in 1..6_u64, m in 1..6_u64, least in 0.0..=1.0_f64, tasks in 1..40_u64, trials in 1..60_u64,
    ) {
        prop_assume!(m <= k);
        let gate = PassGate::new(k, m, least).expect("a gate");
        for scope in [GateScope::TheseTasks, GateScope::NewTasks] {
            let reach = |tasks, trials| {
                gate_reach(&gate, PlannedRun { tasks, trials }, scope, Confidence::default())
            };
            match reach(tasks, trials) {
                GateReach::InReach { best } => {
                    prop_assert!(best >= least);
                    let more_trials = matches!(reach(tasks, trials + 1), GateReach::InReach { .. });
                    prop_assert!(more_trials);
                }
                GateReach::OutOfReach { best, needed: Some(run) } => {
                    prop_assert!(best.is_none_or(|best| best < least));
                    prop_assert!(run.tasks >= tasks && run.trials >= trials);
                    let reached = matches!(reach(run.tasks, run.trials), GateReach::InReach { .. });
                    prop_assert!(reached);
                }
                GateReach::OutOfReach { needed: None, .. } => prop_assert!(least >= 1.0),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}

/// Looking after each of 500 trials: a range for a fixed number misses at some time in half of all runs, the sequence
/// in less than 5 %.
#[test]
fn a_range_for_any_time_survives_being_looked_at_all_the_time() {
    let mut random = Random(2_026);
    let level = Confidence::default();
    for chance in [0.5, 0.9] {
        let (mut fixed, mut sequence, runs) = (0, 0, 400);
        for _ in 0..runs {
            let (mut fixed_missed, mut sequence_missed) = (false, false);
            let mut passes = 0;
            for n in 1..=500 {
                passes += random.passes(1, chance);
                let range = wilson(n, passes, level).expect("counts");
                fixed_missed |= !range.contains(chance);
                sequence_missed |= !confidence_sequence(passes, n - passes, level).contains(chance);
            }
            fixed += i32::from(fixed_missed);
            sequence += i32::from(sequence_missed);
        }
        println!("p = {chance}: fixed misses in {fixed}, the sequence in {sequence} of {runs}");
        assert!(f64::from(fixed) > 0.35 * f64::from(runs), "{fixed} of {runs}");
        assert!(f64::from(sequence) < 0.05 * f64::from(runs), "{sequence} of {runs}");
    }
}

/// 0.80 against 0.95 with errors of 5 %: 31, 23 and 12 trials on average at p = 0.95, 0.80 and 0.70.
#[test]
fn a_sequential_test_errs_as_seldom_as_it_says_and_ends_early() {
    let mut random = Random(2_026);
    let test = Sprt::new(0.8, 0.95, 0.05, 0.05).expect("a test");
    for (chance, wrong, trials) in [
        (0.95, Some(SprtDecision::AcceptP0), 31.0),
        (0.8, Some(SprtDecision::AcceptP1), 23.0),
        (0.7, None, 12.0),
    ] {
        let (mut errors, mut total, runs) = (0.0, 0.0, 4_000.0);
        for _ in 0..4_000 {
            let (mut passes, mut fails) = (0, 0);
            let decision = loop {
                if random.hits(chance) {
                    passes += 1;
                } else {
                    fails += 1;
                }
                total += 1.0;
                match test.decide(passes, fails) {
                    SprtDecision::Continue => {}
                    decision => break decision,
                }
            };
            errors += f64::from(u8::from(Some(decision) == wrong));
        }
        println!("p = {chance}: {:.1} trials, {:.3} wrong", total / runs, errors / runs);
        assert!(errors / runs < 0.056, "p = {chance}: {}", errors / runs);
        assert!((total / runs - trials).abs() < 1.0, "p = {chance}: {}", total / runs);
    }
}
