//! The report of a run's facts: groups, drift, judges, spending, what did not end.

use std::time::Duration;

use probity_eval_runner::{
    Calibration, Note, Report, ReportSettings,
    facts::{CaseFacts, RunFacts, TrialFacts},
    report::Method,
    stats::{Confidence, Counts, clustered, rerun_range},
    store::{OutcomeKind, Spending},
};
use probity_trace::genai::Usage;

use crate::support::exact;

/// Makes the trials of a case from letters: 1 passed, 0 failed, E not graded.
fn case(id: impl Into<String>, letters: &str) -> CaseFacts {
    let mut case = CaseFacts::new(id);
    for (letter, index) in letters.chars().zip(0..) {
        case.add(&TrialFacts::new(index, outcome(letter)));
    }
    case
}

fn outcome(letter: char) -> OutcomeKind {
    match letter {
        '1' => OutcomeKind::Passed,
        '0' => OutcomeKind::Failed,
        _ => OutcomeKind::NotGraded,
    }
}

/// Twelve cases of four trials that raise no note.
fn quiet() -> Vec<CaseFacts> {
    let letters = ["1111", "1101", "0110", "1000", "0000", "1011", "0111", "1001", "0100", "0010"];
    let letters = letters.into_iter().chain(["1110", "0001"]);
    letters.zip(0..).map(|(letters, i)| case(format!("case {i}"), letters)).collect()
}

fn run(cases: Vec<CaseFacts>) -> RunFacts {
    RunFacts::new("airline", 4, cases)
}

#[track_caller]
fn report(run: &RunFacts) -> Report {
    Report::of(run).expect("the facts are valid")
}

/// Makes what model calls used; `Spending` has no constructor.
fn spending(tokens: u64, cost_usd: Option<f64>, unpriced_calls: u32) -> Spending {
    let mut spending = Spending::default();
    spending.usage = Usage::new(tokens, 0);
    (spending.cost_usd, spending.unpriced_calls) = (cost_usd, unpriced_calls);
    spending
}

#[test]
fn a_run_without_trouble_says_no_more_than_its_tallies() {
    let facts = run(quiet());
    let of_facts = report(&facts);
    assert_eq!(of_facts.to_string(), Report::new("airline", facts.tasks()).unwrap().to_string());
    assert_eq!((of_facts.missing, of_facts.notes.len()), (0, 0));
}

#[test]
fn groups_widen_the_ranges_and_are_said() {
    let grouped = |cases: Vec<CaseFacts>| -> Vec<CaseFacts> {
        let group = |(case, i): (CaseFacts, usize)| case.with_group(format!("group {}", i / 3));
        cases.into_iter().zip(0..).map(group).collect()
    };
    let mut cases = quiet();
    cases.sort_by_key(|case| case.tally.passed);
    let alone = report(&run(cases.clone()));
    let report = report(&run(grouped(cases)));
    let metric = &report.metrics[0];
    assert_eq!(metric.method, Method::GroupedWilson);
    let share = |counts: Counts| exact(counts.c) / exact(counts.n);
    let counts = |task: &probity_eval_runner::TaskTally| Counts {
        n: task.trials.trials(),
        c: task.trials.passed,
    };
    let values: Vec<_> =
        report.tasks.iter().map(|task| (task.group.clone(), share(counts(task)))).collect();
    let want = clustered(&values, Confidence::default()).unwrap().effective.interval;
    assert_eq!(metric.range(), want);
    assert_eq!(metric.ranges.new_tasks, Some(want));
    let again: Vec<Counts> = report.tasks.iter().map(counts).collect();
    assert_eq!(metric.ranges.rerun, rerun_range(&again, 1, 1, Confidence::default()));
    assert!(want.width() > alone.metrics[0].range().width());
    assert_eq!(report.notes, [Note::Grouped { groups: 4 }]);
    let text = report.to_string();
    assert!(
        text.contains("\n  Ranges: 95%, for new groups of tasks like these. A rerun"),
        "{text}"
    );
    assert!(text.ends_with("\n  Tasks come in 4 groups, so the ranges are grouped."), "{text}");
}

#[test]
fn one_group_is_none_and_groups_of_some_cases_are_not_used_silently() {
    let one: Vec<_> = quiet().into_iter().map(|case| case.with_group("all")).collect();
    let report_of_one = report(&run(one));
    assert_eq!(report_of_one.metrics[0].method, Method::EffectiveWilson);
    assert_eq!(report_of_one.notes, []);
    let mut some = quiet();
    some[3].group = Some("a".to_owned());
    some[4].group = Some("b".to_owned());
    let report = report(&run(some));
    assert_eq!(report.metrics[0].method, Method::EffectiveWilson);
    assert_eq!(report.notes, [Note::PartlyGrouped { grouped: 2, tasks: 12 }]);
    let says = "\n  2 of 12 tasks have a group: ranges are grouped only where all have one.";
    assert!(report.to_string().ends_with(says), "{report}");
}

#[test]
fn a_pass_rate_that_drifts_is_said_where_it_is_shown() {
    let cases = (0..12).map(|i| case(format!("case {i}"), ["0011", "0001", "0111"][i % 3]));
    let report_of_drift = report(&run(cases.collect()));
    let Some(Note::Drift { p, tasks, passes }) = report_of_drift.notes.first() else {
        panic!("no drift in:\n{report_of_drift}");
    };
    assert!(*p < 0.001, "{p}");
    assert_eq!((*tasks, &passes[..]), (12, &[0, 4, 8, 12][..]));
    let says =
        "\n  Pass rate drifts with trial number: of 12 tasks 0 passed in trial 0, 12 in trial 3.";
    assert!(report_of_drift.to_string().ends_with(says), "{report_of_drift}");
    // Every trial passes as often as the others, though each case wavers.
    let turned: Vec<_> = (0..12)
        .map(|i| case(format!("case {i}"), ["0110", "1001", "0101", "1010"][i % 4]))
        .collect();
    assert_eq!(report(&run(turned)).notes, []);
}

#[test]
fn trials_are_compared_by_their_index_and_not_by_their_place() {
    // Trial 0 is missing everywhere: nothing can be said of the first trials.
    let cases = (0..12).map(|i| {
        let mut case = CaseFacts::new(format!("case {i}"));
        for (letter, index) in "0111".chars().zip([1, 2, 3, 4]) {
            case.add(&TrialFacts::new(index, outcome(letter)));
        }
        case
    });
    let report = Report::of(&RunFacts::new("airline", 5, cases.collect())).unwrap();
    assert!(!report.notes.iter().any(|note| matches!(note, Note::Drift { .. })), "{report}");
}

#[test]
fn a_model_that_judges_without_labels_is_unvalidated() {
    let mut cases = quiet();
    cases[0].judging = spending(100, Some(0.25), 0);
    let facts = run(cases);
    let labels = |count: usize| {
        let pairs = (0..count).map(|i| (i % 2 == 0, Some(i % 4 != 1)));
        ReportSettings::default().calibration(&Calibration::new(pairs))
    };
    let last = |settings| {
        let report = Report::of_with(&facts, settings).unwrap();
        report.notes.last().map(ToString::to_string)
    };
    assert_eq!(
        last(ReportSettings::default()).as_deref(),
        Some(
            "Judge unvalidated: a model judged the trials, and no labels say how often it is right."
        )
    );
    assert_eq!(
        last(labels(99)).as_deref(),
        Some(
            "Judge unvalidated: a model judged the trials, and fewer than 100 labels (99) say how often it is right."
        )
    );
    assert_eq!(last(labels(100)), None);
    assert_eq!(report(&run(quiet())).notes, []);
}

#[test]
fn spending_time_and_tries_are_said_after_the_ranges() {
    let mut cases = quiet();
    for (index, seconds) in (4..).zip([0.5, 2.0, 40.0]) {
        let mut trial = TrialFacts::new(index, OutcomeKind::Passed);
        trial.duration = Duration::from_secs_f64(seconds);
        trial.attempts = 3;
        trial.spent = spending(1_000, Some(0.75), 0);
        trial.judging = spending(20, None, 4);
        cases[0].add(&trial);
    }
    let mut facts = run(cases);
    facts.trials = 5;
    let report = Report::of(&facts).unwrap();
    let text = report.to_string();
    let want = "
  9 trials did not end.
  Agents: 3000 tokens, $2.25.
  Judges: 60 tokens, cost unknown: 12 calls have no price.
  Tasks have unequal trials (4 to 7).";
    assert!(text.contains(want), "{text}");
    let course = report.course.unwrap();
    assert_eq!(course.retries, 6);
    let seconds = course.seconds.unwrap();
    assert_eq!((seconds.median.to_bits(), seconds.p90.to_bits()), (0, 0));
    assert_eq!(report.spending.unwrap().judges.known_cost_usd(), None);
    assert_eq!(report.spending.unwrap().agents.known_cost_usd(), Some(2.25));
}

#[test]
fn the_time_of_a_trial_is_the_nearest_rank_of_all() {
    let cases = (0..10).map(|i| {
        let mut case = CaseFacts::new(format!("case {i}"));
        for index in 0..4 {
            let mut trial = TrialFacts::new(index, OutcomeKind::Passed);
            trial.duration = Duration::from_millis(250 * u64::from(4 * i + index + 1));
            case.add(&trial);
        }
        case
    });
    let report = report(&run(cases.collect()));
    let seconds = report.course.unwrap().seconds.unwrap();
    assert_eq!(
        (seconds.median.to_bits(), seconds.p90.to_bits()),
        (5.0_f64.to_bits(), 9.0_f64.to_bits())
    );
    let says = "\n  Half of the trials took up to 5.0 s, 90% up to 9.0 s.\n";
    assert!(report.to_string().contains(says), "{report}");
}

#[test]
fn a_single_trial_that_did_not_end_or_was_tried_again_is_said_in_the_singular() {
    let mut cases = quiet();
    cases[0].retries = 1;
    cases[1] = case("case 1", "110");
    let text = report(&run(cases)).to_string();
    assert!(text.contains("\n  1 trial did not end.\n"), "{text}");
}
