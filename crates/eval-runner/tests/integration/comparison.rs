//! Runs held against a baseline, in the words of the statistics page.

use probity_eval_runner::{
    Report, ReportSettings, TaskTally,
    facts::{CaseFacts, RunFacts},
    report::{Comparison, ComparisonError, ComparisonSettings, Comparisons},
    stats::{
        Confidence, Counts, Tally,
        compare::{Conclusion, Pair, compare_grouped, sign_flip},
        many::holm,
    },
    store::{EndReason, RunEnd},
};

use crate::support::{exact, real_counts, tallies};

fn report(name: &str, tasks: Vec<TaskTally>) -> Report {
    Report::new(name, tasks).expect("the tallies are valid")
}

fn of(name: &str, tasks: &[(u64, u64, u64)]) -> Report {
    report(name, tallies(tasks))
}

#[track_caller]
fn compare(first: &Report, second: &Report, settings: &ComparisonSettings) -> Comparison {
    Comparison::of(first, second, settings).expect("the runs share tasks")
}

fn usual() -> ComparisonSettings {
    ComparisonSettings::new()
}

fn droids() -> Option<[Report; 2]> {
    let opus = real_counts("terminal-bench-0.1.1.droid_claude-4-1-opus.json")?;
    let sonnet = real_counts("terminal-bench-0.1.1.droid_claude-4-sonnet.json")?;
    Some([report("opus-4.1", opus), report("sonnet-4", sonnet)])
}

/// Two runs that differ by about so many passes of four, on twenty tasks.
fn apart(by: u64) -> [Report; 2] {
    let tasks = |add: u64| -> Vec<_> {
        (0..20_u64)
            .map(|i| {
                let passed = (i % 3 + add).min(4);
                (passed, 4 - passed, 0)
            })
            .collect()
    };
    [of("new", &tasks(by)), of("old", &tasks(0))]
}

#[test]
fn the_comparison_of_two_real_runs_reads_as_the_statistics_page_says() {
    let Some([opus, sonnet]) = droids() else {
        return;
    };
    let want = "\
opus-4.1 against sonnet-4   same 80 tasks × 5 trials

  one trial passes    58.8%   50.5%   +8.2   +1.9 to +14.4   opus-4.1 is better
  all 5 pass          43.8%   35.0%   +8.8   −2.1 to +19.2   not separated

  better on 23 tasks, worse on 10, same on 47
  A run of this size separates about 9 points.";
    assert_eq!(compare(&opus, &sonnet, &usual()).to_string(), want);
}

#[test]
fn the_baseline_may_be_the_better_one() {
    let [new, old] = apart(2);
    let compared = compare(&old, &new, &usual());
    assert_eq!(compared.metrics[0].conclusion, Some(Conclusion::SecondBetter));
    assert!(compared.to_string().contains("new is better"), "{compared}");
    assert_eq!(compared.lines()[0], "better on 0 tasks, worse on 20, same on 0");
}

#[test]
fn a_range_inside_the_margin_says_so_and_one_outside_does_not() {
    let tasks: Vec<_> = (0..200_u64).map(|i| (2 + i % 3, 2 - i % 3, 0)).collect();
    let mut other = tasks.clone();
    other.swap(0, 1);
    let (first, second) = (of("new", &tasks), of("old", &other));
    let verdict = |settings| {
        let compared = compare(&first, &second, &settings);
        (compared.verdict(&compared.metrics[0]), compared.metrics[0].is_separated())
    };
    assert_eq!(verdict(usual().margin(0.05)), ("within ±5.0".to_owned(), false));
    assert_eq!(verdict(usual().margin(0.000_1)), ("not separated".to_owned(), false));
    assert_eq!(verdict(usual()), ("not separated".to_owned(), false));
}

#[test]
fn p_values_are_printed_only_on_request_and_adjusted_for_their_number() {
    let Some([opus, sonnet]) = droids() else {
        return;
    };
    let without = compare(&opus, &sonnet, &usual());
    assert!(without.metrics.iter().all(|metric| metric.test.is_none()));
    let with = compare(&opus, &sonnet, &usual().tests());
    let p: Vec<f64> = with.metrics.iter().map(|metric| metric.test.unwrap().p.value).collect();
    // By shares of five trials, in the order of the tasks.
    let share = |tally: Tally| exact(tally.passed) / exact(tally.trials());
    let differences: Vec<f64> =
        with.tasks.iter().map(|task| share(task.first) - share(task.second)).collect();
    assert!((p[0] - sign_flip(&differences, 1).unwrap().value).abs() < 1e-12);
    let adjusted = holm(&p).unwrap();
    for (metric, holm) in with.metrics.iter().zip(adjusted) {
        let test = metric.test.unwrap();
        assert_eq!((test.holm.to_bits(), test.among), (holm.to_bits(), 2));
    }
    let text = with.to_string();
    assert!(text.contains("opus-4.1 is better   p 0.0"), "{text}");
    assert!(text.contains("\n  p: sign-flip test; Holm: adjusted for 2 tests."), "{text}");
    let ranges = |of: &Comparison| of.metrics.iter().map(|m| m.new_tasks).collect::<Vec<_>>();
    assert_eq!(ranges(&with), ranges(&without));
}

#[test]
fn tasks_of_one_run_only_are_dropped_aloud() {
    let first = of("new", &[(3, 1, 0); 12]);
    let second = of("old", &[(1, 3, 0); 10]);
    let compared = compare(&first, &second, &usual());
    assert_eq!(compared.first_only, ["task 10", "task 11"]);
    assert!(compared.to_string().contains("same 10 tasks"), "{compared}");
    let says = "2 tasks are in one of the runs only and not compared.";
    assert!(compared.lines().contains(&says.to_owned()), "{compared}");
    let one = compare(&second, &of("more", &[(1, 3, 0); 11]), &usual());
    assert!(one.to_string().contains("1 task is in one of the runs only and not compared."));
    assert_eq!(one.second_only, ["task 10"]);
}

#[test]
fn runs_of_unequal_trials_are_compared_up_to_the_smaller_k() {
    let first = of("new", &[(4, 1, 0); 12]);
    let second = of("old", &[(1, 2, 0); 12]);
    let compared = compare(&first, &second, &usual().at_least_one());
    assert_eq!(compared.k, 3);
    let metrics: Vec<_> = compared.metrics.iter().map(|metric| (metric.k, metric.m)).collect();
    assert_eq!(metrics, [(1, 1), (3, 3), (3, 1)]);
    assert!(compared.to_string().contains("same 12 tasks × 5 trials against 3"), "{compared}");
    let single = compare(&of("a", &[(1, 0, 0); 12]), &second, &usual());
    assert_eq!(single.metrics.len(), 1);
}

#[test]
fn a_k_that_some_tasks_do_not_have_says_how_many_it_uses() {
    let mut tasks = vec![(3, 1, 0); 12];
    tasks[0] = (1, 1, 0);
    let settings = ReportSettings::default().k(4);
    let run = |name: &str| Report::with_settings(name, tallies(&tasks), settings).unwrap();
    let compared = compare(&run("new"), &run("old"), &usual());
    assert_eq!((compared.metrics[1].tasks_used, compared.metrics[1].tasks_skipped), (11, 1));
    assert!(compared.to_string().contains("\n  k = 4 uses 11 of 12 tasks."), "{compared}");
    assert!(compared.to_string().contains("same 12 tasks × 2 to 4 trials"), "{compared}");
}

#[test]
fn groups_give_the_grouped_comparison() {
    let grouped = |name: &str, add: u64| {
        let tasks = (0..40_u64).map(|i| {
            let passed = ((i / 4) % 4 + add * (i / 8 % 2)).min(4);
            let tally = Tally::new(passed, 4 - passed, 0);
            TaskTally::new(format!("task {i}"), tally).with_group(format!("group {}", i / 4))
        });
        report(name, tasks.collect())
    };
    let (first, second) = (grouped("new", 1), grouped("old", 0));
    let compared = compare(&first, &second, &usual());
    assert_eq!(compared.groups, Some(10));
    let counts = |tally: Tally| Counts { n: tally.trials(), c: tally.passed };
    let pairs: Vec<_> = compared
        .tasks
        .iter()
        .map(|task| {
            let pair = Pair { first: counts(task.first), second: counts(task.second) };
            (task.group.clone(), pair)
        })
        .collect();
    let want = compare_grouped(&pairs, 1, 1, Confidence::default()).unwrap().difference.unwrap();
    assert_eq!(compared.metrics[0].new_tasks, Some(want.spread.unwrap().interval));
    let says = "\n  Tasks come in 10 groups, so the ranges are grouped.";
    assert!(compared.to_string().ends_with(says), "{compared}");
    let ungrouped = |report: &Report| {
        let tasks = report.tasks.iter().map(|task| TaskTally::new(&*task.id, task.trials));
        Report::new(report.name.clone(), tasks.collect()).unwrap()
    };
    let alone = compare(&ungrouped(&first), &ungrouped(&second), &usual());
    assert_eq!(alone.groups, None);
    let width = |of: &Comparison| of.metrics[0].new_tasks.unwrap().width();
    assert!(width(&compared) > width(&alone));
    assert!(compared.separable > alone.separable);
}

#[test]
fn related_tasks_are_tested_by_group_and_separate_no_more_than_their_range_shows() {
    let run = |name: &str, passed: fn(u64) -> u64| {
        let tasks = (0..60_u64).map(|i| {
            let passed = passed(i / 10);
            let tally = Tally::new(passed, 10 - passed, 0);
            TaskTally::new(format!("task {i}"), tally).with_group(format!("group {}", i / 10))
        });
        report(name, tasks.collect())
    };
    let first = run("new", |group| if group < 4 { 6 } else { 4 });
    let compared = compare(&first, &run("old", |_| 5), &usual().tests());
    let text = compared.to_string();
    assert!(text.contains("   not separated   p 0.688, Holm "), "{text}");
    assert!(text.contains("\n  p: sign-flip test, by group; Holm: "), "{text}");
    let width = compared.metrics[0].new_tasks.unwrap().width();
    let separable = compared.separable.unwrap();
    assert!((separable - 0.5 * width * (1.959_964 + 0.841_621) / 1.959_964).abs() < 1e-6);
    let many = Comparisons::of([&first], &run("old", |_| 5), &usual().tests()).unwrap();
    assert_eq!(many.beat(1, 1), Some(vec![]));
    assert!(many.to_string().contains("\n  p: sign-flip test, by group; Holm: "), "{many}");
}

#[test]
fn two_tasks_separate_no_difference() {
    let compared =
        compare(&of("new", &[(9, 1, 0), (8, 2, 0)]), &of("old", &[(8, 2, 0), (9, 1, 0)]), &usual());
    assert!(
        compared.to_string().contains("\n  A run of this size separates no difference.\n"),
        "{compared}"
    );
}

#[test]
fn a_run_that_was_stopped_by_its_results_is_said_before_the_differences() {
    let [new, old] = apart(2);
    let case = |task: &TaskTally| {
        let mut case = CaseFacts::new(&*task.id);
        case.tally = task.trials;
        case
    };
    let mut facts = RunFacts::new("new", 9, new.tasks.iter().map(case).collect());
    let how = "these: pass@1 >= 0.5: met after 4 rounds";
    facts.end = Some(RunEnd::now(EndReason::Decided(how.to_owned())));
    let stopped = Report::of(&facts).unwrap();
    let compared = compare(&stopped, &old, &usual());
    let said = format!("\n\n  new was stopped by its results ({how}): its rates are biased, ");
    let text = compared.to_string();
    assert!(text.find(&said) < text.find("one trial passes") && text.contains(&said), "{text}");
    assert!(compared.lines()[0].starts_with("new was stopped"), "{:?}", compared.lines());
    let many = Comparisons::of([&stopped], &old, &usual()).unwrap();
    assert!(many.to_string().contains("\n  new was stopped by its results"), "{many}");
    assert!(!compare(&new, &old, &usual()).to_string().contains("stopped"));
}

#[test]
fn few_tasks_and_incomplete_runs_are_said() {
    let first = of("new", &[(2, 1, 1); 9]);
    let second = of("old", &[(2, 2, 0); 9]);
    let lines = compare(&first, &second, &usual()).lines();
    assert!(lines.contains(&"Fewer than 10 tasks (9).".to_owned()), "{lines:?}");
    let incomplete = "Over 5% not graded in new (25.0%): incomplete.";
    assert!(lines.contains(&incomplete.to_owned()), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("in old")), "{lines:?}");
}

#[test]
fn a_single_task_has_a_difference_and_no_range() {
    let compared = compare(&of("new", &[(3, 1, 0)]), &of("old", &[(1, 3, 0)]), &usual());
    assert_eq!(compared.metrics[0].new_tasks, None);
    assert!(compared.metrics[0].rerun.is_some());
    let text = compared.to_string();
    assert!(text.contains("+50.0   – to –   too few tasks for a range"), "{text}");
    assert!(!text.contains("separates"), "{text}");
}

#[test]
fn equal_names_are_told_apart() {
    let compared =
        compare(&of("agent", &[(3, 1, 0); 12]), &of("agent", &[(1, 3, 0); 12]), &usual());
    assert!(compared.to_string().starts_with("this run against the baseline   same 12 tasks"));
    assert!(compared.to_string().contains("this run is better"));
    let named = usual().names("main", "branch");
    let compared = compare(&of("agent", &[(3, 1, 0); 12]), &of("agent", &[(1, 3, 0); 12]), &named);
    assert!(compared.to_string().starts_with("main against branch"));
}

#[test]
fn impossible_comparisons_are_errors_that_say_what_would_be_right() {
    let first = of("new", &[(1, 0, 0)]);
    let other = report("old", vec![TaskTally::new("else", Tally::new(1, 0, 0))]);
    let error = Comparison::of(&first, &other, &usual()).unwrap_err();
    assert_eq!(error.to_string(), "\"new\" and \"old\" have no task in common");
    for margin in [0.0, -0.1, 1.5, f64::NAN] {
        let error = Comparison::of(&first, &first, &usual().margin(margin)).unwrap_err();
        assert!(matches!(error, ComparisonError::NotAMargin { .. }), "{margin}");
        assert!(error.to_string().contains("such as 0.02 for 2 points"));
    }
    let error = Comparisons::of([], &first, &usual()).unwrap_err();
    assert_eq!(error.to_string(), "no run was given to hold against \"new\"");
}

#[test]
fn a_comparison_is_read_from_what_it_writes() {
    let [new, old] = apart(1);
    let compared = compare(&new, &old, &usual().tests().margin(0.5).at_least_one());
    let json = serde_json::to_value(&compared).unwrap();
    assert_eq!(json["format"], "probity-comparison/1");
    assert_eq!(json["metrics"][0]["test"]["p"]["method"], "exact");
    assert_eq!(serde_json::from_value::<Comparison>(json).unwrap(), compared);
}

#[test]
fn of_several_runs_those_are_named_that_beat_the_baseline() {
    let [better, old] = apart(2);
    let [same, _] = apart(0);
    let same = Report::new("same", same.tasks).unwrap();
    let worse = of("worse", &[(0, 4, 0); 18]);
    let plain = Comparisons::of([&better, &same, &worse], &old, &usual()).unwrap();
    assert_eq!(plain.beat(1, 1), None);
    let alone = "\n  Each range stands alone and is not adjusted for the others.\n";
    assert!(plain.to_string().contains(alone), "{plain}");

    let tested = Comparisons::of([&better, &same, &worse], &old, &usual().tests()).unwrap();
    assert_eq!(tested.beat(1, 1), Some(vec!["new"]));
    let tests = tested.comparisons.iter().flat_map(|one| &one.metrics).map(|m| m.test.unwrap());
    let (p, adjusted): (Vec<f64>, Vec<f64>) = tests.map(|test| (test.p.value, test.holm)).unzip();
    assert_eq!(holm(&p).unwrap(), adjusted);
    let text = tested.to_string();
    let want = "\
3 runs against old

  one trial passes
    new      73.8%   23.8%   +50.0   +45.4 to +53.5   new is better   p <0.001, Holm <0.001
    same     23.8%   23.8%     0.0   ";
    assert!(text.starts_with(want), "{text}");
    assert!(text.contains("\n    beat old: new\n"), "{text}");
    assert!(text.contains("\n  p: sign-flip test; Holm: adjusted for 6 tests."), "{text}");
    assert!(text.contains("\n  worse: 2 tasks are in one of the runs only"), "{text}");

    let none = Comparisons::of([&same, &worse], &old, &usual().tests()).unwrap();
    assert!(none.to_string().contains("\n    beat old: none\n"), "{none}");
}
