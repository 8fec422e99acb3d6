//! Lists, and what is shown of runs, cases and trials.

use probity_eval_runner::{
    runner::Runner,
    store::{self, EndReason, Rescoring, RunEnd, TrialKey},
    suite::Fingerprint,
};
use serde_json::Value;

use crate::program::{Ended, Place};

#[tokio::test]
async fn runs_are_listed_newest_first_with_what_came_of_them() {
    let place = Place::with_two_runs().await;
    let listed = place.probity("runs");
    listed.prints(0, &["airline", "first", "second", "12 × 4", "complete"]);
    let lines: Vec<&str> = listed.out.lines().collect();
    assert!(lines[0].trim_start().starts_with("run "), "{}", listed.out);
    assert!(lines[1].contains("second") && lines[2].contains("first"), "{}", listed.out);
    assert_eq!(lines.len(), 3);
    let newest = place.probity("runs --limit 1");
    newest.prints(0, &["second", "the newest 1; more with --limit"]);
    assert!(!newest.out.contains("first"));
    place
        .probity("runs --suite hotel")
        .prints(0, &["no runs of suite \"hotel\" in probity.db; `probity runs` lists the others"]);
    place
        .probity("runs --suite airline --name third")
        .prints(0, &["no runs of suite \"airline\" named \"third\" in probity.db"]);
}

#[tokio::test]
async fn a_run_is_found_by_identifier_beginning_name_baseline_suite_and_as_the_latest() {
    let place = Place::with_two_runs().await;
    let third = place.measure("probity.db", Runner::new(), 1).await;
    let store = store::open(place.file("probity.db").to_str().unwrap()).await.unwrap();
    store.set_baseline("main", third).await.unwrap();
    drop(store);
    let id = third.to_string();
    for text in [id.as_str(), &id[..30], "main", "airline", "latest"] {
        place.run(&["show", text]).prints(0, &[&format!("run       {id}")]);
    }
    place.run(&["show", "second"]).prints(0, &["name      second", "labels    commit=1a2b3c"]);
    place.run(&["show", &id[..1]]).says(2, "is the beginning of several runs");
    place
        .run(&["show", "hotel"])
        .says(2, "has no run, baseline or suite \"hotel\"; `probity runs` lists the runs");
    place.probity("runs").prints(0, &["baseline main"]);
}

#[tokio::test]
async fn a_run_is_shown_with_its_report_and_its_cases() {
    let place = Place::with_two_runs().await;
    place.probity("show first").prints(
        0,
        &[
            "suite     airline",
            "airline   12 tasks × 4 trials",
            "group    passed  failed  not graded",
            "case-05",
            "group 2",
        ],
    );
}

#[tokio::test]
async fn a_run_whose_scores_are_of_other_evals_is_not_called_complete() {
    let place = Place::new();
    let run = place.measure("probity.db", Runner::new().trials(2), 1).await;
    let store = store::open(place.file("probity.db").to_str().unwrap()).await.unwrap();
    let mut manifest = store.manifest(run).await.unwrap();
    manifest.evals = Fingerprint::of(&"other evals").unwrap();
    store.continue_run(&manifest).await.unwrap();
    let mut trial = store.trial(run, &TrialKey::new("case-11", 1)).await.unwrap().unwrap();
    trial.summary.scores.evals = manifest.evals.clone();
    let rescoring = Rescoring::new(trial.summary.scores);
    store.rescore(run, &trial.summary.key, &rescoring).await.unwrap();
    store.end_run(run, &RunEnd::now(EndReason::Interrupted)).await.unwrap();
    drop(store);
    place.probity("runs").prints(0, &["interrupted, 23 still to be scored anew"]);
    let left = "23 trials are still to be scored by these evals";
    place.probity("show latest").prints(0, &[&format!("scores    {left}"), "1 graded"]);
    place.probity("report latest").prints(3, &[left]);
    let gated = place.run(&["report", "latest", "--gate", "estimate(pass@1) >= 0.1"]);
    gated.prints(3, &["the run is incomplete: 23 trials are still to be scored anew"]);
}

#[tokio::test]
async fn a_case_is_shown_with_its_trials_and_a_trial_with_its_trace() {
    let place = Place::with_two_runs().await;
    place.probity("show first case-05").prints(0, &["failed: no such booking", "not graded: "]);
    let trial = place.probity("show first case-11 0");
    trial.prints(
        0,
        &[
            "case-11 trial 0\noutcome   passed\n",
            "artifact\n\"booked 11\"\n",
            "what the agent did\n",
            "looking up",
            "found",
        ],
    );
    place.probity("show first case-11 9").says(2, "trial 9 of case \"case-11\" has not finished");
}

#[tokio::test]
async fn a_case_is_found_by_its_name_as_a_test_and_one_that_is_not_there_is_told_with_those_like_it()
 {
    let place = Place::with_two_runs().await;
    place.probity("show first airline::case-05").prints(0, &["failed: no such booking"]);
    place.probity("show first airline::case-11 0").prints(0, &["case-11 trial 0\n"]);
    let exported = place.probity("export first --case airline::case-05 --brief");
    assert_eq!(exported.out.lines().count(), 4, "{}", exported.out);
    for command in ["show first", "export first --case"] {
        let says = |case: &str, said: &str| {
            place.probity(&format!("{command} {case}")).says(2, said);
        };
        says("case-1", "has no case \"case-1\"; like it are case-1");
        says("lamp", "it has case-00, case-01, case-02, case-03, case-04 and 7 more");
    }
    place.probity("show first lamp 0").says(2, "has no case \"lamp\"; it has case-00");
}

#[tokio::test]
async fn trials_are_exported_one_a_line_with_their_traces() {
    let place = Place::with_two_runs().await;
    let all = place.probity("export second");
    all.prints(0, &[]);
    let lines: Vec<Value> =
        all.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 48);
    assert_eq!(lines[47]["format"], "probity-trial/1");
    assert_eq!(lines[47]["case"], "case-11");
    assert_eq!(lines[47]["trace"]["format"], "probity-trace/1");
    place.probity("export second -o absent/x.jsonl").says(3, "absent/x.jsonl cannot be written");
    let some =
        place.probity("export second --case case-05 --outcome not-graded --brief -o some.jsonl");
    some.prints(0, &["written: some.jsonl"]);
    let line: Value = serde_json::from_str(&place.read("some.jsonl")).unwrap();
    assert_eq!((&line["index"], &line["outcome"]), (&3.into(), &"not_graded".into()));
    assert_eq!(line.get("trace"), None);
}

#[tokio::test]
async fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::with_two_runs().await;
    for arguments in [&["runs"][..], &["show", "first"], &["export", "first"]] {
        let mut child = place.start(arguments);
        drop(child.stdout.take());
        let ended = Ended::of(child);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_store_that_is_not_there_is_said_and_not_made() {
    let place = Place::new();
    place.probity("runs").says(2, "there is no such file");
    assert!(!place.file("probity.db").exists());
    place.probity("runs --store mysql://root:secret@host/x").says(2, "mysql is unknown");
    place.probity("looks").prints(2, &[]);
}
