//! What plans can show at best, and that runs of them show it.

use probity_eval_runner::{
    facts::{CaseFacts, RunFacts},
    gate::{Gate, GateVerdict, PlannedReach, Prospect, RunMeasurements},
    stats::Tally,
};
use proptest::prelude::*;

use crate::gate_runs::{case, run};

#[track_caller]
fn refused(gate: &str, plan: &PlannedReach<'_>) -> String {
    let gate: Gate = gate.parse().expect(gate);
    let text = gate.check_plan(plan).expect_err("the plan is too small").to_string();
    text.replace(&format!("the planned trials cannot decide {gate}: "), "")
}

#[track_caller]
fn accepted(gate: &str, plan: &PlannedReach<'_>) {
    let gate: Gate = gate.parse().expect(gate);
    assert_eq!(gate.check_plan(plan), Ok(()), "{gate}");
}

fn grouped(cases: u32, groups: u32) -> Vec<CaseFacts> {
    let case = |number| {
        CaseFacts::new(format!("case {number}")).with_group(format!("group {}", number % groups))
    };
    (0..cases).map(case).collect()
}

#[test]
fn cases_like_these_ask_for_cases_and_these_cases_for_trials() {
    let plan = PlannedReach::sized(10, 8);
    let estimate = "; the estimate alone would be asked for by estimate(pass^4) >= 0.9";
    assert_eq!(
        refused("pass^4 >= 0.9", &plan),
        format!(
            "at best its range for cases like these begins at 66.1%; 38 cases with 8 trials each would be enough{estimate}"
        )
    );
    let these = refused("these: pass^4 >= 0.9", &plan);
    assert!(these.starts_with("at best its range for these cases run again begins at 83.9%; 10 cases with 16 trials each would be enough"), "{these}");
    let each = refused("each: pass^4 >= 0.9", &plan);
    assert!(
        each.starts_with(
            "at best its range begins at 20.8%; 10 cases with 144 trials each would be enough"
        ),
        "{each}"
    );
    accepted("pass^4 >= 0.9", &PlannedReach::sized(38, 8));
    accepted("these: pass^4 >= 0.9", &PlannedReach::sized(10, 16));
    accepted("each: pass^4 >= 0.9", &PlannedReach::sized(10, 144));
}

#[test]
fn related_cases_ask_for_more_groups() {
    let plan = PlannedReach::new(8, grouped(40, 10));
    let text = refused("pass^4 >= 0.9", &plan);
    assert!(
        text.starts_with(
            "at best its range for groups of cases like these begins at 66.1%; \
             38 groups of cases with 8 trials a case would be enough"
        ),
        "{text}"
    );
    accepted("pass^4 >= 0.9", &PlannedReach::new(8, grouped(40, 40)));
    accepted("pass^4 >= 0.9", &PlannedReach::new(8, grouped(40, 1)));
}

#[test]
fn few_trials_certainty_and_rules_that_ask_for_failures() {
    let plan = PlannedReach::sized(40, 4);
    assert!(refused("pass^8 >= 0.9", &plan).starts_with(
        "it needs 8 trials of a case, and there are 4; 40 cases with 8 trials each would be enough"
    ));
    assert_eq!(
        refused("estimate(pass^8) >= 1", &plan),
        "it needs 8 trials of a case, and there are 4; 40 cases with 8 trials each would be enough"
    );
    assert!(refused("pass@1 >= 1", &plan).contains("; no number of trials would be enough"));
    accepted("estimate(pass@1) >= 1", &plan);
    accepted("pass@4 < 0.1", &plan);
    assert!(refused("pass@4 < 0.05", &plan).starts_with(
        "at best its range for cases like these ends at 9.3%; 76 cases with 4 trials each would be enough"
    ));
    accepted("pass@4 < 0.05", &PlannedReach::sized(76, 4));
    assert_eq!(
        refused("pass@1 >= 0.99", &PlannedReach::sized(1, 20)),
        "at best its range for this case run again begins at 83.9%; 381 trials would be enough; \
         the estimate alone would be asked for by estimate(pass@1) >= 0.99"
    );
    assert_eq!(refused("each: pass@1 >= 0.5", &PlannedReach::sized(0, 20)), "there are no cases");
}

#[test]
fn costs_are_open_and_a_baseline_must_be_there_and_have_the_number() {
    let plan = PlannedReach::sized(2, 4);
    accepted("cost <= 0.01, tokens.p95 <= 5, not_graded <= 0", &plan);
    assert_eq!(refused("cost <= baseline", &plan), "there is no baseline to compare with");
    let silent = run(4, &[4, 4]);
    assert_eq!(
        refused("cost <= baseline", &plan.clone().baseline(&silent)),
        "no model call was seen, so the cost is not known"
    );
    accepted("duration.p95 <= baseline + 10%", &plan.baseline(&silent));
}

#[test]
fn the_best_difference_follows_from_what_the_baseline_did() {
    let baseline = run(10, &[10, 5]);
    let cases = || baseline.cases.iter().map(|case| CaseFacts::new(case.id.clone()));
    let plan = PlannedReach::new(10, cases()).baseline(&baseline);
    accepted("these: pass@1 > baseline", &plan);
    accepted("each: estimate(pass@1) >= baseline", &plan);
    // Nothing can be shown to be better than a case that has always passed.
    assert!(
        refused("each: pass@1 > baseline", &plan).contains("no number of trials would be enough")
    );
    let text = refused("each: pass@1 >= baseline - 0.2", &plan);
    assert!(
        text.starts_with(
            "at best its range begins at -27.8; 2 cases with 16 trials each would be enough"
        ),
        "{text}"
    );
    let other = vec![case("other", (0, 0, 0))];
    let text = refused("pass@1 >= baseline", &PlannedReach::new(4, other).baseline(&baseline));
    assert_eq!(text, "the baseline has none of these cases as they are now");
}

#[test]
fn a_rule_about_a_baseline_and_cases_like_these_asks_for_more_cases_in_both_runs() {
    let of = |cases: usize| {
        let passed: Vec<_> = [10, 5].into_iter().cycle().take(cases).collect();
        run(10, &passed)
    };
    let plan = |baseline: &RunFacts| -> Vec<_> {
        baseline.cases.iter().map(|case| CaseFacts::new(case.id.clone())).collect()
    };
    let few = of(4);
    let rule = "pass@1 >= baseline - 0.02";
    let text = refused(rule, &PlannedReach::new(10, plan(&few)).baseline(&few));
    let (_, number) = text.split_once("; ").unwrap();
    let (number, rest) = number.split_once(' ').unwrap();
    assert!(rest.starts_with("cases with 10 trials each in both runs would be enough"), "{text}");
    let enough: usize = number.parse().unwrap();
    let more = of(enough);
    accepted(rule, &PlannedReach::new(10, plan(&more)).baseline(&more));
    let fewer = of(enough - 1);
    refused(rule, &PlannedReach::new(10, plan(&fewer)).baseline(&fewer));
    // No case is better than one that has always passed.
    let best = run(10, &[10; 4]);
    let text = refused("pass@1 > baseline", &PlannedReach::new(10, plan(&best)).baseline(&best));
    assert!(text.contains("no number of trials would be enough"), "{text}");
}

/// A run of a plan in which every trial passes, or every trial fails.
fn ideal(cases: &[CaseFacts], trials: u32, passes: bool) -> RunFacts {
    let all = u64::from(trials);
    let filled = cases.iter().map(|case| {
        let mut filled = case.clone();
        filled.tally = if passes { Tally::new(all, 0, 0) } else { Tally::new(0, all, 0) };
        filled
    });
    RunFacts::new("suite", trials, filled.collect())
}

fn rule() -> impl Strategy<Value = (String, bool)> {
    let scope = prop::sample::select(vec!["", "these: ", "each: "]);
    let metric = (1..6_u64, 0..5_u64).prop_map(|(m, more)| format!("{m}of{}", m + more));
    let comparison = prop::sample::select(vec![">=", ">", "<=", "<"]);
    let bound = prop_oneof![
        (0..=1_000_u32).prop_map(|permille| format!("{}", f64::from(permille) / 1_000.0)),
        (0..=40_u32).prop_map(|points| format!("baseline - {points}%")),
        Just("baseline".to_owned()),
    ];
    let parts = (scope, metric, any::<bool>(), comparison, bound);
    parts.prop_map(|(scope, metric, estimate, comparison, bound)| {
        let metric = if estimate { format!("estimate({metric})") } else { metric };
        (format!("{scope}{metric} {comparison} {bound}"), comparison.starts_with('>'))
    })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn a_plan_is_accepted_exactly_if_its_best_run_meets_the_gate(
        (rule, asks_for_passes) in rule(),
        trials in 1..12_u32,
        passed in prop::collection::vec(0..=6_usize, 1..8),
        groups in 0..4_u32,
    ) {
        let gate: Gate = rule.parse().expect(&rule);
        let baseline = run(6, &passed);
        let mut cases: Vec<_> = baseline.cases.iter().map(|case| CaseFacts::new(case.id.clone())).collect();
        if groups > 0 {
            for (case, number) in cases.iter_mut().zip(0..) {
                case.group = Some(format!("{}", number % groups));
            }
        }
        let plan = PlannedReach::new(trials, cases.clone()).baseline(&baseline);
        let best = ideal(&cases, trials, asks_for_passes);
        let verdict = gate.evaluate(&RunMeasurements::of(&best).baseline(&baseline)).verdict();
        prop_assert_eq!(gate.check_plan(&plan).is_ok(), verdict == GateVerdict::Met, "{}", rule);
    }

    #[test]
    fn the_plan_that_is_named_is_enough_and_one_trial_or_case_fewer_is_not(
        (rule, _) in rule(),
        trials in 1..12_u32,
        count in 1..8_u32,
    ) {
        let gate: Gate = rule.parse().expect(&rule);
        prop_assume!(!rule.contains("baseline"));
        let plan = PlannedReach::sized(count, trials);
        let outlook = gate.outlook(&plan);
        let Prospect::OutOfReach(out) = &outlook.rules[0].prospect else { return Ok(()) };
        let Some(enough) = out.enough else { return Ok(()) };
        let sized = |cases: u64, trials: u64| PlannedReach::sized(u32::try_from(cases).unwrap(), u32::try_from(trials).unwrap());
        prop_assume!(enough.cases < 2_000 && enough.trials < u64::from(u32::MAX));
        prop_assert!(gate.check_plan(&sized(enough.cases, enough.trials)).is_ok(), "{} {}", rule, enough);
        let fewer = if enough.cases > u64::from(count) {
            sized(enough.cases - 1, enough.trials)
        } else {
            sized(enough.cases, enough.trials - 1)
        };
        prop_assert!(gate.check_plan(&fewer).is_err(), "{} {}", rule, enough);
    }
}
