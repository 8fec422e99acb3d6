//! The lines that a report adds only when they are true.

use probity_eval_runner::{Note, Report, ReportSettings};

use crate::support::{report_of, tallies};

/// Ten tasks that raise no note.
const QUIET: [(u64, u64, u64); 10] = [
    (4, 0, 0),
    (3, 1, 0),
    (2, 2, 0),
    (1, 3, 0),
    (0, 4, 0),
    (4, 0, 0),
    (3, 1, 0),
    (2, 2, 0),
    (1, 3, 0),
    (0, 4, 0),
];

#[track_caller]
fn check(report: &Report, note: &Note, text: &str) {
    assert_eq!(report.notes, std::slice::from_ref(note), "{report}");
    assert_eq!(report.to_string().lines().last(), Some(&*format!("  {text}")));
}

#[test]
fn an_ordinary_run_raises_no_note() {
    assert_eq!(report_of(&QUIET).notes, []);
}

#[test]
fn fewer_than_ten_tasks_are_said_to_be_few() {
    let report = report_of(&QUIET[..9]);
    check(&report, &Note::FewTasks { tasks: 9 }, "Fewer than 10 tasks (9).");
}

#[test]
fn trials_that_never_disagree_raise_a_question() {
    let same: Vec<_> = (0..10).map(|i| if i < 8 { (4, 0, 0) } else { (0, 4, 0) }).collect();
    let text = "Trials never disagree (temperature 0 or cache?).";
    check(&report_of(&same), &Note::NeverDisagree, text);
    // An ungraded trial is no disagreement.
    let mut with_gap = same;
    with_gap[0] = (3, 0, 1);
    assert_eq!(report_of(&with_gap).notes, [Note::NeverDisagree]);
    // A single trial each cannot disagree.
    let single: Vec<_> = (0..10).map(|i| (i % 2, 1 - i % 2, 0)).collect();
    assert_eq!(report_of(&single).notes, []);
}

#[test]
fn over_five_percent_not_graded_is_incomplete_and_five_is_not() {
    let mut tasks: Vec<_> = QUIET.iter().chain(&QUIET).copied().collect();
    tasks[2] = (2, 0, 2);
    tasks[4] = (0, 2, 2);
    let at_five_percent = report_of(&tasks);
    assert!(!at_five_percent.incomplete);
    assert_eq!(at_five_percent.notes, []);

    tasks[3] = (1, 2, 1);
    let over = report_of(&tasks);
    assert!(over.incomplete);
    let note = Note::Incomplete { share: 5.0 / 80.0, best: over.readings.best };
    let text = "Over 5% not graded (6.2%): incomplete. Had they all passed, the first line would be 56.2%.";
    check(&over, &note, text);
}

#[test]
fn a_task_that_was_never_graded_is_not_dropped_silently() {
    let mut tasks: Vec<_> = [QUIET; 4].concat();
    tasks[4] = (0, 0, 4);
    let report = report_of(&tasks);
    let text = "1 task has no graded trial; it counts as never passing.";
    check(&report, &Note::NeverGraded { tasks: 1 }, text);
    assert_eq!(report.consistency.never, 8);
}

#[test]
fn unequal_trials_limit_k_and_both_are_said() {
    let mut tasks = QUIET;
    tasks[1] = (2, 1, 0);
    let report = report_of(&tasks);
    assert_eq!(report.notes, [Note::UnequalTrials { fewest: 3, most: 4 }, Note::KLimited { k: 3 }]);
    let text = report.to_string();
    assert!(text.contains("10 tasks × 3 to 4 trials"), "{text}");
    assert!(text.contains("all 3 pass"), "{text}");
    assert!(text.contains("\n  Tasks have unequal trials (3 to 4).\n"), "{text}");
    assert!(text.ends_with("\n  k is limited to 3, the fewest trials of a task."), "{text}");
}

#[test]
fn a_larger_k_says_how_many_tasks_it_uses() {
    let mut tasks = QUIET;
    tasks[1] = (2, 1, 0);
    let settings = ReportSettings::default().k(4);
    let report = Report::with_settings("agent", tallies(&tasks), settings).expect("valid counts");
    assert_eq!(report.metrics[1].tasks_used, 9);
    assert!(report.to_string().ends_with("\n  k = 4 uses 9 of 10 tasks."), "{report}");
}

#[test]
fn a_task_without_a_trial_is_skipped_aloud() {
    let mut tasks: Vec<_> = QUIET.to_vec();
    tasks.push((0, 0, 0));
    let report = report_of(&tasks);
    assert_eq!(report.notes, [Note::PartlyUsed { k: 1, used: 10, tasks: 11 }]);
}

#[test]
fn a_single_task_with_k_trials_is_one_draw() {
    let report = report_of(&[(3, 1, 0)]);
    let text = "As many trials ran as k: for all 4 and at least 1 of 4 this is one draw, 0 or 1.";
    check(&report, &Note::OneDraw { k: 4 }, text);
    let text = "One trial ran: this is one draw, 0 or 1.";
    check(&report_of(&[(1, 0, 0)]), &Note::OneDraw { k: 1 }, text);
}

#[test]
fn of_metrics_that_skip_tasks_the_one_that_skips_most_is_named() {
    let mut tasks = QUIET.to_vec();
    tasks[1] = (2, 1, 0);
    tasks.push((0, 0, 0));
    let settings = ReportSettings::default().k(4);
    let report = Report::with_settings("agent", tallies(&tasks), settings).expect("valid counts");
    assert!(report.notes.contains(&Note::PartlyUsed { k: 4, used: 9, tasks: 11 }), "{report}");
}

#[test]
fn a_range_from_a_single_task_does_not_claim_to_speak_of_new_ones() {
    let of = |tasks: &[(u64, u64, u64)]| {
        let settings = ReportSettings::default().k(4);
        Report::with_settings("agent", tallies(tasks), settings).expect("valid counts").to_string()
    };
    let all_alone = of(&[(3, 1, 0), (0, 0, 0)]);
    assert!(all_alone.contains("\n  Ranges: 95%, for the one task that ran."), "{all_alone}");
    let some_alone = of(&[(3, 1, 0), (1, 1, 0)]);
    let want = "\n  Ranges: 95%, for new tasks like these; where one task is used, for that task.";
    assert!(some_alone.contains(want), "{some_alone}");
}
