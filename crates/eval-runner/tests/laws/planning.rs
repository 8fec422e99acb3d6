//! Laws of planning, and the formula's power against simulated runs.

use crate::random::Random;
use probity_eval_runner::stats::{
    Confidence, Counts,
    compare::{Pair, compare_paired},
    planning::{
        Aim, PairedNoise, PairedPlan, detectable_difference, estimate_noise, power,
        separable_difference, tasks_needed,
    },
};
use proptest::prelude::*;

fn plans() -> impl Strategy<Value = PairedPlan> {
    let share = || 0.001..0.25_f64;
    (share(), share(), share(), 1..20_u64, 1..20_u64).prop_map(
        |(between, within_first, within_second, trials_first, trials_second)| PairedPlan {
            noise: PairedNoise { between, within_first, within_second },
            trials_first,
            trials_second,
        },
    )
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn more_trials_and_larger_differences_need_fewer_tasks(plan in plans(), by in 0.01..0.5_f64) {
        let tasks = |plan: &PairedPlan, by| tasks_needed(plan, by, Aim::default()).expect("a plan").exact;
        let here = tasks(&plan, by);
        let more = PairedPlan { trials_first: plan.trials_first + 1, ..plan };
        prop_assert!(tasks(&more, by) < here && tasks(&plan, by * 1.1) < here);
        // However many trials, the tasks' own differences remain.
        let least = PairedNoise { within_first: 0.0, within_second: 0.0, ..plan.noise };
        let endless = PairedPlan { noise: least, ..plan };
        prop_assert!(tasks(&endless, by) < here);
    }

    #[test]
    fn tasks_difference_and_power_are_one_formula(plan in plans(), tasks in 2..5_000_u64, chance in 0.1..0.99_f64) {
        let level = Confidence::default();
        let aim = Aim::new(level, chance).expect("a power");
        let difference = detectable_difference(&plan, tasks, aim).expect("a plan");
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let back = tasks_needed(&plan, difference, aim).expect("a plan").exact / tasks as f64;
        prop_assert!((back - 1.0).abs() < 1e-9);
        prop_assert!((power(&plan, tasks, difference, level).expect("a plan") - chance).abs() < 1e-9);
    }
}

/// Two agents whose tasks have pass chances of 0.1 to 0.9, the second's 12 points higher on average.
fn simulated(random: &mut Random, tasks: u64, trials: u64) -> Vec<Pair> {
    let one = |random: &mut Random| {
        let chance = 0.1 + 0.7 * random.share();
        let other = (chance + 0.12 + 0.3 * (random.share() - 0.5)).clamp(0.0, 1.0);
        let mut trials = |chance| Counts { n: trials, c: random.passes(trials, chance) };
        Pair { first: trials(chance), second: trials(other) }
    };
    (0..tasks).map(|_| one(random)).collect()
}

/// The formula's power is that of a z test on the differences, with noise estimated from another run.
#[test]
fn the_formula_foretells_how_often_simulated_runs_separate() {
    let mut random = Random(2_026);
    let earlier = estimate_noise(&simulated(&mut random, 20_000, 4)).expect("repeated tasks");
    for (tasks, trials) in [(20, 1), (40, 4), (100, 2)] {
        let plan = PairedPlan { noise: earlier.noise, trials_first: trials, trials_second: trials };
        let told = power(&plan, tasks, 0.12, Confidence::default()).expect("a plan");
        let (mut separated, runs) = (0.0, 1_500.0);
        for _ in 0..1_500 {
            let pairs = simulated(&mut random, tasks, trials);
            let compared = compare_paired(&pairs, 1, 1, Confidence::default()).expect("counts");
            let difference = compared.difference.expect("tasks");
            let error = difference.spread.expect("two tasks").se;
            let is_separated = difference.value < -Confidence::default().z() * error;
            separated += f64::from(u8::from(is_separated));
        }
        println!("{tasks} tasks × {trials}: told {told:.3}, seen {:.3}", separated / runs);
        assert!((separated / runs - told).abs() < 0.05, "{tasks} × {trials}: {told}");
    }
}

/// What a run separates is what its noise says, without splitting the noise.
#[test]
fn a_runs_own_differences_say_what_it_separates() {
    let mut random = Random(7);
    let pairs = simulated(&mut random, 60, 40);
    let noise = estimate_noise(&pairs).expect("repeated tasks").noise;
    let plan = PairedPlan { noise, trials_first: 40, trials_second: 40 };
    let told = detectable_difference(&plan, 60, Aim::default()).expect("a plan");
    let compared = compare_paired(&pairs, 1, 1, Confidence::default()).expect("counts");
    let own = separable_difference(&compared.differences, Aim::default()).expect("two tasks");
    assert!((own / told - 1.0).abs() < 1e-9, "{own} and {told}");
    assert_eq!(separable_difference(&[0.5], Aim::default()), None);
}
