//! Rules that end runs, and how often they end them wrongly.

use probity_eval_runner::{
    gate::{StopDecision, StopRule, StopWatch},
    stats::{Confidence, stopping::confidence_sequence},
    store::OutcomeKind::{self, Failed, NotGraded, Passed},
    trial_seed,
};
use proptest::prelude::*;

fn rule(expression: &str) -> StopRule {
    expression.parse().expect(expression)
}

#[track_caller]
fn refused(expression: &str, message: &str) {
    let error = expression.parse::<StopRule>().expect_err(expression);
    assert_eq!(error.to_string(), message);
}

#[test]
fn what_cannot_end_a_run_honestly_is_refused_with_what_can() {
    refused(
        "pass@1 >= 0.9",
        "pass@1 >= 0.9 cannot end a run: more trials of these cases say nothing of others; \
         write these: pass@1 >= 0.9 or each: pass@1 >= 0.9",
    );
    refused(
        "these: estimate(pass@1) >= 0.9",
        "these: estimate(pass@1) >= 0.9 cannot end a run: an estimate passes a bound by chance \
         if it is looked at often enough",
    );
    refused(
        "each: pass@1 >= baseline",
        "each: pass@1 >= baseline cannot end a run: the range of a difference does not hold at every time; \
         name a number",
    );
    refused(
        "these: cost <= 1",
        "these: cost <= 1 cannot end a run: only passes are watched, as in these: pass@1 >= 0.9",
    );
    assert!(
        "pass".parse::<StopRule>().unwrap_err().to_string().starts_with("the gate cannot be read")
    );
    assert_eq!(rule("each:pass^3>=80%").to_string(), "each: pass^3 >= 80%");
}

/// Lets every trial of so many rounds come to this, and returns after how many the rule was decided.
fn rounds(rule: &StopRule, cases: usize, outcome: OutcomeKind) -> (StopWatch, u32) {
    let mut watch = rule.watch(cases);
    let mut index = 0;
    while watch.decision() == StopDecision::Open && index < 1_000 {
        (0..cases).for_each(|case| watch.observe(case, index, outcome));
        index += 1;
    }
    (watch, index)
}

#[test]
fn a_rule_is_decided_with_the_fewest_trials_that_could() {
    for (expression, cases, outcome, trials) in [
        ("each: pass@1 >= 0.8", 1, Passed, 29),
        ("each: pass@1 >= 0.8", 7, Passed, 29),
        ("these: pass@1 >= 0.8", 1, Passed, 29),
        ("these: pass@1 >= 0.8", 10, Passed, 3),
        ("these: pass^4 >= 0.8", 10, Passed, 12),
        ("these: 2of3 <= 0.2", 10, Failed, 9),
        ("each: pass@1 <= 0.2", 3, Failed, 29),
    ] {
        let rule = rule(expression);
        let (watch, index) = rounds(&rule, cases, outcome);
        assert_eq!((watch.decision(), index), (StopDecision::Met, trials), "{expression}");
        assert_eq!(rule.fewest_trials(cases as u64), Some(trials), "{expression}");
    }
    assert_eq!(rule("each: pass@1 >= 1").fewest_trials(5), None);
    let (watch, index) = rounds(&rule("these: pass@1 >= 0.8"), 10, Failed);
    assert_eq!((watch.decision(), index), (StopDecision::Missed, 1));
}

#[test]
fn a_case_that_fails_ends_a_rule_for_each_and_one_that_is_decided_needs_no_more() {
    let rule = rule("each: pass@1 >= 0.5");
    let mut watch = rule.watch(2);
    for index in 0..20 {
        watch.observe(0, index, Passed);
    }
    assert_eq!(watch.decision(), StopDecision::Open);
    assert!(!watch.needs(0) && watch.needs(1) && !watch.needs(2));
    assert_eq!(watch.to_string(), "each: pass@1 >= 0.5: open, 1 of 2 cases are decided");
    let mut index = 0;
    while watch.decision() == StopDecision::Open {
        watch.observe(1, index, Failed);
        index += 1;
    }
    // Two cases share the chance of an error: the range of 97.5 % ends below a half.
    let level = Confidence::new(0.975).unwrap();
    let ends = |fails| confidence_sequence(0, fails, level).hi;
    assert!(ends(u64::from(index)) < 0.5 && ends(u64::from(index) - 1) >= 0.5, "{index}");
    assert_eq!(watch.decision(), StopDecision::Missed);
    assert!(!watch.needs(1));
}

#[test]
fn trials_that_end_early_wait_for_those_before_them() {
    let mut watch = rule("each: pass@1 >= 0.5").watch(1);
    for index in (1..60).rev() {
        watch.observe(0, index, Passed);
    }
    assert_eq!(watch.decision(), StopDecision::Open);
    watch.observe(0, 0, Passed);
    assert_eq!(watch.decision(), StopDecision::Met);

    let mut watch = rule("these: pass^2 >= 0.5").watch(3);
    for index in 0..100 {
        watch.observe(0, index, Passed);
        watch.observe(1, index, Passed);
    }
    assert_eq!(watch.to_string(), "these: pass^2 >= 0.5: open after 0 rounds");
    watch.observe(2, 1, Passed);
    watch.observe(2, 0, Passed);
    assert_eq!(watch.to_string(), "these: pass^2 >= 0.5: open after 1 round");
}

#[test]
fn an_outage_shows_neither_passes_nor_failures() {
    for expression in ["each: pass@1 >= 0.5", "these: pass^3 >= 0.5", "these: pass@1 <= 0.5"] {
        let (watch, index) = rounds(&rule(expression), 4, NotGraded);
        assert_eq!((watch.decision(), index), (StopDecision::Open, 1_000), "{expression}");
    }
    let (watch, _) = rounds(&rule("each: pass@1 >= 0.5"), 0, Passed);
    assert_eq!(watch.decision(), StopDecision::Open);
}

/// Whether a trial passes, by chance and yet always the same.
fn passes(run: u64, case: usize, index: u32, chance: f64) -> OutcomeKind {
    let drawn = trial_seed(run, &case.to_string(), index) >> 32;
    if f64::from(u32::try_from(drawn).unwrap()) < chance * f64::from(u32::MAX) {
        Passed
    } else {
        Failed
    }
}

/// How many of 200 runs of so many rounds come to each decision.
fn decided(rule: &StopRule, chances: &[f64], trials: u32) -> [usize; 3] {
    let mut counts = [0; 3];
    for run in 0..200 {
        let mut watch = rule.watch(chances.len());
        for index in 0..trials {
            for (case, chance) in chances.iter().enumerate() {
                watch.observe(case, index, passes(run, case, index, *chance));
            }
        }
        counts[match watch.decision() {
            StopDecision::Met => 0,
            StopDecision::Missed => 1,
            _ => 2,
        }] += 1;
    }
    counts
}

#[test]
fn a_mean_over_cases_that_differ_is_decided_wrongly_no_more_often_than_the_level_says() {
    // The mean is 0.6, which is not more than 0.6 and not less, looked at after every one of 80 rounds.
    let chances = [1.0, 0.9, 0.5, 0.0];
    let [met, _, _] = decided(&rule("these: pass@1 > 0.6"), &chances, 80);
    let [_, missed, _] = decided(&rule("these: pass@1 >= 0.6"), &chances, 80);
    assert!(met + missed <= 10, "{met} and {missed} of 200");
    // All of three pass with 1, 0.729, 0.125 and 0: the mean of those is decided, not that of one trial.
    let [met, missed, _] = decided(&rule("these: pass^3 >= 0.3"), &chances, 90);
    assert!(missed <= 10 && met > 100, "{met} and {missed} of 200");
}

#[test]
fn a_rule_for_each_of_many_cases_is_missed_wrongly_no_more_often_than_the_level_says() {
    let [_, missed, _] = decided(&rule("each: pass@1 >= 0.5"), &[0.5; 12], 40);
    assert!(missed <= 10, "{missed} of 200");
    let [met, _, _] = decided(&rule("each: pass@1 > 0.5"), &[1.0, 1.0, 0.5], 60);
    assert!(met <= 10, "{met} of 200");
    let [_, missed, _] = decided(&rule("each: pass@1 >= 0.5"), &[0.9, 0.9, 0.1], 60);
    assert!(missed >= 190, "{missed} of 200");
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn the_order_in_which_trials_end_changes_no_decision(
        outcomes in prop::collection::vec(prop::collection::vec(0..6_u8, 24), 1..4),
        scope in prop::sample::select(vec!["these", "each"]),
        metric in prop::sample::select(vec!["pass@1", "pass^2", "2of3"]),
        comparison in prop::sample::select(vec![">=", "<"]),
        shuffle in any::<u64>(),
    ) {
        let rule = rule(&format!("{scope}: {metric} {comparison} 0.6"));
        let outcome = |drawn: u8| match drawn { 0 => Failed, 1 => NotGraded, _ => Passed };
        let mut trials: Vec<(usize, u32, OutcomeKind)> = Vec::new();
        for (case, drawn) in outcomes.iter().enumerate() {
            trials.extend(drawn.iter().zip(0..).map(|(drawn, index)| (case, index, outcome(*drawn))));
        }
        let watched = |trials: &[(usize, u32, OutcomeKind)]| {
            let mut watch = rule.watch(outcomes.len());
            for (case, index, outcome) in trials {
                watch.observe(*case, *index, *outcome);
            }
            watch.decision()
        };
        let in_order = watched(&trials);
        trials.sort_by_key(|(case, index, _)| trial_seed(shuffle, &case.to_string(), *index));
        prop_assert_eq!(watched(&trials), in_order);
    }
}
