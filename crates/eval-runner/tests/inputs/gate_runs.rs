//! What gates find in runs, alone and against a baseline.

use std::time::Duration;

use probity_eval_runner::{
    facts::{CaseFacts, RunFacts, TrialFacts},
    gate::{
        About, Gate, GateReport, GateVerdict, Measurements as _, Metric, RunMeasurements, Subject,
    },
    stats::{
        Confidence, Counts, Tally, clustered,
        compare::{Pair, compare_paired},
        effective_wilson, rerun_range,
    },
    store::{EndReason, OutcomeKind, RunEnd, Shard},
    suite::Fingerprint,
};
use probity_trace::genai::Usage;
use serde_json::json;

/// A case of which so many trials passed, then so many failed, then so many were not graded.
pub(crate) fn case(id: &str, (passed, failed, not_graded): (usize, usize, usize)) -> CaseFacts {
    let outcomes = [
        vec![OutcomeKind::Passed; passed],
        vec![OutcomeKind::Failed; failed],
        vec![OutcomeKind::NotGraded; not_graded],
    ];
    let mut case = CaseFacts::new(id);
    for (outcome, index) in outcomes.concat().into_iter().zip(0..) {
        case.add(&TrialFacts::new(index, outcome));
    }
    case
}

/// A run of cases of which so many of so many trials passed.
pub(crate) fn run(trials: u32, passed: &[usize]) -> RunFacts {
    let all = usize::try_from(trials).unwrap();
    let cases = passed
        .iter()
        .enumerate()
        .map(|(number, passed)| case(&format!("case {number}"), (*passed, all - passed, 0)));
    RunFacts::new("suite", trials, cases.collect())
}

fn evaluate(gate: &str, run: &RunMeasurements<'_>) -> GateReport {
    gate.parse::<Gate>().expect(gate).evaluate(run)
}

#[track_caller]
fn check(gate: &str, run: &RunMeasurements<'_>, line: &str) {
    let report = evaluate(gate, run);
    let text = report.to_string();
    let (_, found) = text.split_once("\n  ").expect("a line for the rule");
    assert_eq!(found, line, "{gate}");
}

#[test]
fn the_range_is_the_one_that_the_rule_names_and_the_verdict_says_which() {
    let facts = run(4, &[4, 4, 3, 2, 4, 4, 4, 1, 4, 4, 4, 4]);
    let numbers = RunMeasurements::of(&facts);
    check(
        "pass@1 >= 0.5",
        &numbers,
        "met        pass@1 >= 0.5: 87.5% (56.0 – 97.5 for cases like these)",
    );
    check(
        "these: pass@1 >= 0.75",
        &numbers,
        "met        these: pass@1 >= 0.75: 87.5% (75.3 – 94.1 for these cases run again)",
    );
    let level = Confidence::default();
    let tallies = [4_u32, 4, 3, 2, 4, 4, 4, 1, 4, 4, 4, 4];
    let shares: Vec<f64> = tallies.iter().map(|c| f64::from(*c) / 4.0).collect();
    let new = effective_wilson(&shares, level).unwrap().interval;
    let measured = numbers.measured(Subject::Run, Metric::passes(1, 1).unwrap()).unwrap();
    assert_eq!(
        (measured.lo.to_bits(), measured.hi.to_bits()),
        (new.lo.to_bits(), new.hi.to_bits())
    );
    let counts: Vec<Counts> = tallies.iter().map(|c| Counts { n: 4, c: u64::from(*c) }).collect();
    let again = rerun_range(&counts, 2, 2, level).unwrap();
    let measured = numbers.measured(Subject::These, Metric::passes(2, 2).unwrap()).unwrap();
    assert_eq!(
        (measured.lo.to_bits(), measured.hi.to_bits()),
        (again.lo.to_bits(), again.hi.to_bits())
    );
    assert_eq!(measured.about, Some(About::TheseCases));
}

#[test]
fn groups_decide_where_every_case_has_one() {
    let mut facts = run(2, &[2, 2, 2, 2, 0, 1, 0, 0]);
    let pass = Metric::passes(1, 1).unwrap();
    let apart = RunMeasurements::of(&facts).measured(Subject::Run, pass).unwrap();
    for (case, group) in facts.cases.iter_mut().zip(["a", "a", "a", "a", "b", "b", "c", "c"]) {
        case.group = Some(group.to_owned());
    }
    let together = RunMeasurements::of(&facts).measured(Subject::Run, pass).unwrap();
    let values = [
        ("a", 1.0),
        ("a", 1.0),
        ("a", 1.0),
        ("a", 1.0),
        ("b", 0.0),
        ("b", 0.5),
        ("c", 0.0),
        ("c", 0.0),
    ];
    let want = clustered(&values, Confidence::default()).unwrap().effective.interval;
    assert_eq!(
        (together.lo.to_bits(), together.hi.to_bits()),
        (want.lo.to_bits(), want.hi.to_bits())
    );
    assert_eq!(together.about, Some(About::GroupsLikeThese));
    assert!(together.lo < apart.lo && apart.about == Some(About::CasesLikeThese));
    facts.cases[3].group = None;
    let mixed = RunMeasurements::of(&facts).measured(Subject::Run, pass).unwrap();
    assert_eq!(mixed, apart);
    facts.cases.iter_mut().for_each(|case| case.group = Some("a".to_owned()));
    let one_group = RunMeasurements::of(&facts).measured(Subject::Run, pass).unwrap();
    assert_eq!(one_group, apart);
}

#[test]
fn a_run_of_one_case_is_held_to_that_case_and_says_so() {
    let facts = run(20, &[20]);
    let numbers = RunMeasurements::of(&facts);
    let line = "pass@1 >= 0.8: 100.0% (83.9 – 100.0 for this case run again)";
    check("pass@1 >= 0.8", &numbers, &format!("met        {line}"));
    check("these: pass@1 >= 0.8", &numbers, &format!("met        these: {line}"));
    check(
        "each: pass@1 >= 0.8",
        &numbers,
        "met        each: pass@1 >= 0.8: the only case meets it",
    );
}

#[test]
fn every_case_is_held_to_its_own_trials_and_not_graded_counts_as_failed() {
    let cases = vec![case("refund", (20, 0, 0)), case("cancel", (19, 0, 1))];
    let facts = RunFacts::new("suite", 20, cases);
    check(
        "each: pass@1 >= 0.8",
        &RunMeasurements::of(&facts),
        "missed     each: pass@1 >= 0.8: 1 of 2 cases meet it\n      \
         cancel: 95.0% (76.4 – 99.1); the estimate meets it, its range does not",
    );
    check("not_graded <= 2%", &RunMeasurements::of(&facts), "missed     not_graded <= 2%: 2.5%");
    check(
        "each: not_graded <= 5%",
        &RunMeasurements::of(&facts),
        "met        each: not_graded <= 5%: all 2 cases meet it",
    );
}

#[test]
fn a_metric_of_more_trials_than_a_case_has_is_no_number() {
    let facts = run(4, &[4, 4]);
    check(
        "pass^8 >= 0.5",
        &RunMeasurements::of(&facts),
        "undecided  pass^8 >= 0.5: it needs 8 trials of a case, and there are 4",
    );
    let none = RunFacts::new("suite", 4, Vec::new());
    check(
        "pass@1 >= 0.5",
        &RunMeasurements::of(&none),
        "undecided  pass@1 >= 0.5: there are no cases",
    );
}

/// A run of two cases with two trials each, which cost 1, 2, 3 and 4 cents and took as many seconds.
fn priced() -> RunFacts {
    let mut cases = vec![CaseFacts::new("refund"), CaseFacts::new("cancel")];
    for (number, cents) in [(0, 1_u32), (0, 2), (1, 3), (1, 4)] {
        let mut trial = TrialFacts::new((cents + 1) % 2, OutcomeKind::Passed);
        trial.duration = Duration::from_secs(u64::from(cents));
        trial.spent.usage = Usage::new(u64::from(cents) * 100, 5);
        trial.spent.cost_usd = Some(f64::from(cents) / 100.0);
        cases[number].add(&trial);
    }
    RunFacts::new("suite", 2, cases)
}

#[test]
fn what_trials_took_is_exact_in_every_statistic() {
    let facts = priced();
    let numbers = RunMeasurements::of(&facts);
    for (gate, value) in [
        ("cost <= 0.1", "$0.1000"),
        ("cost.mean <= 0.025", "$0.0250"),
        ("cost.p50 <= 0.02", "$0.0200"),
        ("cost.p75 <= 0.03", "$0.0300"),
        ("cost.p76 <= 0.04", "$0.0400"),
        ("tokens <= 1020", "1020 tokens"),
        ("tokens.mean <= 255", "255 tokens"),
        ("tokens.p99 <= 405", "405 tokens"),
        ("duration.total <= 10s", "10.0 s"),
        ("duration.mean <= 2.5s", "2.5 s"),
        ("duration.p1 <= 1s", "1.0 s"),
    ] {
        let rule: Gate = gate.parse().unwrap();
        check(gate, &numbers, &format!("met        {rule}: {value}"));
    }
    check(
        "each: cost <= 0.05",
        &numbers,
        "missed     each: cost <= 0.05: 1 of 2 cases meet it\n      cancel: $0.0700",
    );
}

#[test]
fn a_cost_without_a_price_is_unknown_and_never_nothing() {
    let mut facts = priced();
    let mut unpriced = TrialFacts::new(2, OutcomeKind::Passed);
    unpriced.spent.unpriced_calls = 12;
    facts.cases[1].add(&unpriced);
    let numbers = RunMeasurements::of(&facts);
    for statistic in ["", ".mean", ".p50"] {
        let gate = format!("cost{statistic} <= 100");
        check(&gate, &numbers, &format!("undecided  {gate}: 12 model calls have no known price"));
    }
    check(
        "each: cost <= 0.05",
        &numbers,
        "undecided  each: cost <= 0.05: 1 of 2 cases meet it\n      \
         cancel: 12 model calls have no known price",
    );
    let silent = run(2, &[2]);
    let silent = RunMeasurements::of(&silent);
    check(
        "cost <= 1",
        &silent,
        "undecided  cost <= 1: no model call was seen, so the cost is not known",
    );
    check(
        "tokens <= 1",
        &silent,
        "undecided  tokens <= 1: no model call said how many tokens it took",
    );
}

#[test]
fn a_baseline_is_compared_case_by_case_on_what_both_have() {
    let (ours, theirs) = ([4, 3, 4, 2, 4, 4], [3, 2, 4, 2, 1, 4]);
    let mut facts = run(4, &ours);
    let mut baseline = run(4, &theirs);
    facts.cases.push(case("new", (0, 4, 0)));
    baseline.cases.push(case("gone", (4, 0, 0)));
    let numbers = RunMeasurements::of(&facts).baseline(&baseline);
    check(
        "pass@1 >= baseline - 0.3",
        &numbers,
        "met        pass@1 >= baseline - 0.3: 87.5% against 66.7%, \
         difference +20.8 (-28.9 to +62.9 for cases like these); \
         2 cases are not the same in both and not compared",
    );
    let counts = |c| Counts { n: 4, c };
    let pairs = ours.into_iter().zip(theirs);
    let pairs = pairs
        .map(|(first, second)| Pair { first: counts(first as u64), second: counts(second as u64) });
    let want = compare_paired(&pairs.collect::<Vec<_>>(), 1, 1, Confidence::default()).unwrap();
    let difference = want.difference.unwrap();
    let metric = Metric::passes(1, 1).unwrap();
    let found = numbers.against(Subject::Run, metric).unwrap();
    assert_eq!(found.difference.lo.to_bits(), difference.spread.unwrap().interval.lo.to_bits());
    assert_eq!(found.baseline.to_bits(), difference.second.to_bits());
    let again = numbers.against(Subject::These, metric).unwrap();
    assert_eq!(again.difference.lo.to_bits(), difference.rerun.unwrap().lo.to_bits());
}

#[test]
fn a_case_that_has_changed_is_another_case() {
    let (mut facts, mut baseline) = (run(2, &[2, 2, 1]), run(2, &[2, 1, 1]));
    let print = |text: &str| Some(Fingerprint::of(&json!(text)).unwrap());
    (facts.cases[0].fingerprint, baseline.cases[0].fingerprint) =
        (print("as now"), print("as then"));
    (facts.cases[1].fingerprint, baseline.cases[1].fingerprint) = (print("same"), print("same"));
    let numbers = RunMeasurements::of(&facts).baseline(&baseline);
    let found = numbers.against(Subject::Run, Metric::passes(1, 1).unwrap()).unwrap();
    assert_eq!(found.dropped, 1);
    check(
        "each: estimate(pass@1) >= baseline",
        &numbers,
        "undecided  each: estimate(pass@1) >= baseline: 2 of 3 cases meet it\n      \
         case 0: the case has changed since the baseline",
    );
}

#[test]
fn each_case_is_held_against_its_own_past() {
    let (facts, baseline) = (run(40, &[40, 20]), run(40, &[40, 40]));
    check(
        "each: pass@1 >= baseline - 0.15",
        &RunMeasurements::of(&facts).baseline(&baseline),
        "missed     each: pass@1 >= baseline - 0.15: 1 of 2 cases meet it\n      \
         case 1: 50.0% against 100.0%, difference -50.0 (-64.8 to -32.8)",
    );
    let other = run(40, &[40]);
    check(
        "each: pass@1 >= baseline - 0.15",
        &RunMeasurements::of(&facts).baseline(&other),
        "undecided  each: pass@1 >= baseline - 0.15: 1 of 2 cases meet it\n      \
         case 1: the baseline does not have this case",
    );
    let stranger = RunFacts::new("suite", 1, vec![case("other", (1, 0, 0))]);
    check(
        "pass@1 >= baseline",
        &RunMeasurements::of(&facts).baseline(&stranger),
        "undecided  pass@1 >= baseline: the baseline has none of these cases as they are now",
    );
    let short = run(2, &[2, 2]);
    check(
        "pass^3 >= baseline",
        &RunMeasurements::of(&facts).baseline(&short),
        "undecided  pass^3 >= baseline: it needs 3 trials of a case, and the baseline has 2",
    );
}

#[test]
fn quantities_differ_exactly_and_percentages_are_of_the_baseline() {
    let (facts, mut baseline) = (priced(), priced());
    baseline.cases[1].spent.cost_usd = Some(0.06);
    let numbers = RunMeasurements::of(&facts).baseline(&baseline);
    check(
        "cost <= baseline + 12%",
        &numbers,
        "met        cost <= baseline + 12%: $0.1000 against $0.0900, difference +$0.0100",
    );
    assert_eq!(evaluate("cost <= baseline + 11%", &numbers).verdict(), GateVerdict::Missed);
    check(
        "duration.p50 <= baseline",
        &numbers,
        "met        duration.p50 <= baseline: 2.0 s against 2.0 s, difference +0 ms",
    );
    check(
        "cost <= baseline",
        &RunMeasurements::of(&facts),
        "undecided  cost <= baseline: there is no baseline to compare with",
    );
    let silent = run(2, &[2, 2]);
    let mut silent_same = facts.clone();
    silent_same.cases = silent.cases;
    for (silent, case) in silent_same.cases.iter_mut().zip(&facts.cases) {
        silent.id.clone_from(&case.id);
    }
    check(
        "tokens <= baseline",
        &RunMeasurements::of(&facts).baseline(&silent_same),
        "undecided  tokens <= baseline: of the baseline: no model call said how many tokens it took",
    );
}

#[test]
fn what_was_not_run_makes_a_gate_incomplete_and_a_shard_answers_for_its_part() {
    let mut facts = run(4, &[4, 4]);
    facts.cases.push(case("half", (2, 0, 0)));
    let report = evaluate("pass@1 >= 0.1", &RunMeasurements::of(&facts));
    assert_eq!(report.verdict(), GateVerdict::Incomplete);
    assert!(report.to_string().contains("2 trials were not run"), "{report}");

    // Of 3 cases with 1 trial each, the second of two shards has the second case.
    let cases = vec![CaseFacts::new("a"), case("b", (1, 0, 0)), CaseFacts::new("c")];
    let mut shard = RunFacts::new("suite", 1, cases);
    shard.shard = Shard::new(2, 2);
    let numbers = RunMeasurements::of(&shard);
    assert_eq!(numbers.cases(), ["b"]);
    assert_eq!(evaluate("estimate(pass@1) >= 1", &numbers).verdict(), GateVerdict::Met);
    shard.shard = None;
    assert_eq!(RunMeasurements::of(&shard).cases().len(), 3);
}

#[test]
fn the_range_holds_the_estimate_even_where_it_can_only_be_0_or_1() {
    let facts = RunFacts::new("suite", 4, vec![case("a", (3, 1, 0))]);
    let measured = |m, k| {
        RunMeasurements::of(&facts)
            .measured(Subject::Case(0), Metric::passes(m, k).unwrap())
            .unwrap()
    };
    assert_eq!((measured(4, 4).estimate.to_bits(), measured(4, 4).lo.to_bits()), (0, 0));
    assert!(measured(1, 4).hi >= 1.0);
    assert_eq!(facts.tally(), Tally::new(3, 1, 0));
}

#[test]
fn no_rule_about_passes_is_held_against_a_run_that_its_results_stopped() {
    let mut stopped = run(4, &[4, 4, 3, 4, 4, 4, 4, 2, 4, 4]);
    let whole = stopped.clone();
    let how = "these: pass@1 >= 0.5: met after 4 rounds";
    stopped.end = Some(RunEnd::now(EndReason::Decided(how.to_owned())));
    let numbers = RunMeasurements::of(&stopped);
    let says = |which: &str| {
        format!("{which} was stopped by its results ({how}), so that its rates are biased")
    };
    let rule = "these: pass@1 >= 0.5";
    check(rule, &numbers, &format!("undecided  {rule}: {}", says("the run")));
    assert_eq!(evaluate("not_graded <= 0.1", &numbers).verdict(), GateVerdict::Met);
    let rule = "pass@1 >= baseline - 0.9";
    let against = RunMeasurements::of(&whole).baseline(&stopped);
    check(rule, &against, &format!("undecided  {rule}: {}", says("the baseline")));
}

#[test]
fn a_token_more_than_a_gate_allows_misses_it() {
    let mut case = CaseFacts::new("large");
    let mut trial = TrialFacts::new(0, OutcomeKind::Passed);
    trial.spent.usage = Usage::new(20_000_001, 0);
    case.add(&trial);
    let facts = RunFacts::new("suite", 1, vec![case]);
    let numbers = RunMeasurements::of(&facts);
    assert_eq!(evaluate("tokens.p95 <= 20000000", &numbers).verdict(), GateVerdict::Missed);
    assert_eq!(evaluate("tokens.p95 <= 20000001", &numbers).verdict(), GateVerdict::Met);
}
