//! The report in the words of the statistics page, on real counts, and what machines read.

use probity_eval_runner::{
    Report, ReportError, ReportSettings, TaskTally,
    report::{Method, MetricError},
    stats::{Confidence, Tally},
};

use crate::support::{real_counts, report_of, tallies};

#[test]
fn the_report_of_a_real_run_reads_as_the_statistics_page_says() {
    let Some(tasks) = real_counts("terminal-bench-0.1.1.droid_claude-4-1-opus.json") else {
        return;
    };
    let report = Report::new("droid/opus-4.1", tasks).expect("the counts are valid");
    let want = "\
droid/opus-4.1   80 tasks × 5 trials   391 graded, 9 not graded (counted as failures)

  one trial passes    58.8%   48.7 – 68.1
  all 5 pass          43.8%   33.2 – 54.9    pass^5
  at least 1 of 5     68.8%   57.7 – 78.0    pass@5

  35 tasks always pass, 20 sometimes, 25 never
  Without the 9 ungraded trials the first line is 60.5%.
  Ranges: 95%, for new tasks like these. A rerun of these tasks moves the first line by about ±2.4.
  1 task has no graded trial; it counts as never passing.";
    assert_eq!(report.to_string(), want);
    assert!(!report.incomplete);
}

#[test]
fn a_report_without_trouble_is_as_short_as_it_can_be() {
    let tasks: Vec<_> = (0..20).map(|i| (i % 4, 3 - i % 4, 0)).collect();
    let want = "\
agent   20 tasks × 3 trials   60 graded

  one trial passes    50.0%   33.2 – 66.8
  all 3 pass          25.0%   10.4 – 49.0    pass^3
  at least 1 of 3     75.0%   51.0 – 89.6    pass@3

  5 tasks always pass, 10 sometimes, 5 never
  Ranges: 95%, for new tasks like these. A rerun of these tasks moves the first line by about ±10.3.";
    assert_eq!(report_of(&tasks).to_string(), want);
}

#[test]
fn one_trial_per_task_has_one_line_and_no_word_on_reruns() {
    let tasks: Vec<_> = (0..12).map(|i| (i % 2, 1 - i % 2, 0)).collect();
    let text = report_of(&tasks).to_string();
    assert!(text.contains("12 tasks × 1 trial   12 graded"), "{text}");
    assert_eq!(text.matches('–').count(), 1, "{text}");
    assert!(!text.contains("rerun"), "{text}");
}

#[test]
fn columns_line_up_for_any_size_of_number() {
    let tasks: Vec<_> = (0..20).map(|_| (1_000, 0, 0)).collect();
    let text = report_of(&tasks).to_string();
    let columns: Vec<_> = text
        .lines()
        .filter_map(|line| line.chars().position(|character| character == '–'))
        .collect();
    assert_eq!(columns.len(), 3);
    assert!(columns.iter().all(|column| *column == columns[0]), "{text}");
    assert!(text.contains("100.0%"), "{text}");
}

#[test]
fn machine_output_carries_what_is_needed_to_derive_the_table_again() {
    let mut tasks = tallies(&[(4, 0, 0), (2, 1, 1), (0, 4, 0)]);
    tasks.push(TaskTally::new("short", Tally::new(1, 1, 0)));
    let settings = ReportSettings::default().k(4);
    let report = Report::with_settings("agent", tasks, settings).expect("valid counts");
    let json = serde_json::to_value(&report).expect("plain data");
    assert_eq!(json["format"], "probity-report/1");
    let all_pass = &json["metrics"][1];
    for (key, want) in [
        ("k", 4),
        ("m", 4),
        ("tasks_used", 3),
        ("tasks_skipped", 1),
        ("graded", 11),
        ("failed", 5),
        ("not_graded", 1),
    ] {
        assert_eq!(all_pass[key], want, "{key}");
    }
    assert_eq!(all_pass["method"], "effective_wilson");
    assert_eq!(all_pass["confidence"], 0.95);
    let number = |key: &str| all_pass[key].as_f64().expect("a number");
    assert!((number("estimate") - 1.0 / 3.0).abs() < 1e-15);
    assert!(number("lo") < number("estimate") && number("estimate") < number("hi"));

    let back: Report = serde_json::from_value(json).expect("the same format");
    assert_eq!(back, report);
    let again = back.metric(4, 4).expect("four trials");
    assert_eq!(again, report.metrics[1]);
}

#[test]
fn the_three_readings_bracket_the_headline() {
    let report = report_of(&[(1, 1, 2), (3, 1, 0), (0, 0, 4)]);
    let readings = report.readings;
    assert!((readings.fail - (0.25 + 0.75 + 0.0) / 3.0).abs() < 1e-15);
    assert!((readings.best - (0.75 + 0.75 + 1.0) / 3.0).abs() < 1e-15);
    assert!((readings.exclude.expect("something was graded") - 0.625).abs() < 1e-15);
    assert!((report.metrics[0].estimate - readings.fail).abs() < f64::EPSILON);
}

#[test]
fn another_level_widens_the_ranges_and_is_named() {
    let tasks = tallies(&[(1, 1, 0); 12]);
    let level = Confidence::new(0.99).expect("a level");
    let settings = ReportSettings::default().confidence(level);
    let wide = Report::with_settings("agent", tasks.clone(), settings).expect("valid counts");
    let usual = Report::new("agent", tasks).expect("valid counts");
    assert!(wide.metrics[0].range().width() > usual.metrics[0].range().width());
    assert!(wide.to_string().contains("Ranges: 99%"));
}

#[test]
fn a_single_task_has_the_range_of_one_task() {
    let report = report_of(&[(3, 1, 0)]);
    assert!(report.metrics.iter().all(|metric| metric.method == Method::WilsonOneTask));
    assert!(
        report_of(&[(3, 1, 0), (2, 2, 0)])
            .metrics
            .iter()
            .all(|metric| metric.method == Method::EffectiveWilson)
    );
}

#[test]
fn impossible_reports_are_errors() {
    let report = |tasks| Report::new("agent", tasks);
    assert_eq!(report(vec![]), Err(ReportError::NoTrials));
    assert_eq!(report(tallies(&[(0, 0, 0)])), Err(ReportError::NoTrials));
    let mut twice = tallies(&[(1, 0, 0)]);
    twice.extend(tallies(&[(1, 0, 0)]));
    assert_eq!(report(twice), Err(ReportError::DuplicateTask { id: "task 0".to_owned() }));
    let at =
        |k| Report::with_settings("agent", tallies(&[(1, 1, 0)]), ReportSettings::default().k(k));
    assert_eq!(at(3), Err(ReportError::Metric(MetricError::NoTask { k: 3 })));
    assert!(matches!(at(0), Err(ReportError::Metric(MetricError::Estimate(_)))));
    assert!(at(2).is_ok());
}

#[test]
fn a_stored_report_of_the_first_version_can_be_read() {
    let stored = include_str!("../data/report-1.json");
    let report: Report = serde_json::from_str(stored).expect("the format of the first version");
    assert_eq!(report.notes.len(), 8, "one note of every kind");
    assert_eq!(report.metrics[0].method, Method::EffectiveWilson);
    assert_eq!(report.metrics[1].method, Method::WilsonOneTask);
    assert_eq!(report.tasks[1].trials, Tally::new(0, 1, 1));
    let again = serde_json::to_value(&report).expect("plain data");
    let stored: serde_json::Value = serde_json::from_str(stored).expect("JSON");
    assert_eq!(again, stored);
}
