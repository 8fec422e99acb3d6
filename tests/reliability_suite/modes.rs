//! Measuring and testing: what is run, and what is left.

use std::fs;

use crate::place::Place;

#[test]
fn measuring_keeps_the_run_and_leaves_the_reports_that_are_asked_for() {
    let place = Place::new("measures");
    let files = "--report-json report.json --html report.html --junit report.xml";
    let ended = place.run(&format!("--bench --trials 3 {files}")).exited(0);
    assert!(ended.stdout.contains("12 tasks × 3 trials   36 graded"), "{}", ended.stdout);
    assert_eq!(place.effects().values().sum::<u32>(), 36);
    assert!(place.file("probity.db").exists());
    for (file, begin) in [("report.json", "{"), ("report.html", "<!"), ("report.xml", "<?xml")] {
        let text = fs::read_to_string(place.file(file)).expect("a report is there");
        assert!(text.to_lowercase().starts_with(begin), "{file}");
    }
}

#[test]
fn a_test_of_one_case_runs_that_case_and_keeps_nothing() {
    let place = Place::new("tests one case");
    // As cargo-nextest calls it.
    let ended = place.run("shop::where-is-desk --exact --nocapture").exited(0);
    assert!(ended.stdout.contains("test shop::where-is-desk ... ok"), "{}", ended.stdout);
    assert_eq!(place.effects().len(), 20);
    assert!(place.effects().keys().all(|effect| effect.starts_with("where-is-desk ")));
    assert!(!place.file("probity.db").exists());
}

#[test]
fn a_case_of_which_no_trial_passes_is_a_failed_test() {
    let place = Place::new("fails");
    // The two trials of this case fail with the seed of this run.
    let ended = place.run("shop::refund-one-of-four --exact --trials 2 --seed 2").exited(1);
    assert!(ended.stdout.contains("test result: FAILED. 0 passed; 1 failed"), "{}", ended.stdout);
}

#[test]
fn the_same_seed_gives_the_same_report_whatever_the_concurrency() {
    let report = |name: &str, arguments: &str| {
        let place = Place::new(name);
        let fixed = "--bench --trials 4 --store none --report-json report.json";
        place.run(&format!("{fixed} {arguments}")).exited(0);
        place.report("report.json")
    };
    let first = report("seed 1 alone", "--seed 1 --concurrency 1");
    assert_eq!(first, report("seed 1 together", "--seed 1 --concurrency 48"));
    assert_ne!(first, report("seed 2", "--seed 2"));
}
