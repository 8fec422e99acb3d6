//! Measuring a suite: `cargo bench`.

use std::fs;

use crate::{program::Program, tests};

tests! {
    a_measured_suite_is_reported_and_kept,
    a_run_goes_on_with_more_trials_and_runs_only_those,
    nothing_is_kept_with_store_none,
    a_baseline_is_saved_and_compared_with_by_name,
    a_gate_that_is_met_or_missed_gives_the_exit_code,
    a_gate_that_the_trials_cannot_decide_is_refused_before_anything_is_run,
    too_many_trials_that_were_not_graded_are_an_incomplete_run,
    the_files_that_are_asked_for_are_written,
    a_file_that_cannot_be_written_is_refused_before_anything_is_run,
    a_plan_is_printed_and_nothing_is_run_or_made,
    a_run_that_is_named_goes_on,
    a_k_that_no_case_can_reach_is_refused_before_the_run,
    a_plan_says_what_scoring_anew_will_cost,
    scoring_anew_that_was_cut_short_meets_no_gate_until_it_has_gone_on,
    a_changed_agent_is_refused_and_begins_a_new_run_where_that_is_allowed,
    a_baseline_file_is_made_compared_with_and_reviewed,
    the_step_summary_of_github_is_written,
    shards_share_the_trials,
    every_file_says_what_the_terminal_says,
}

fn a_measured_suite_is_reported_and_kept() {
    let program = Program::new("shop");
    let ended = program.run(&["--bench", "--trials", "8", "refund"]);
    let said = [
        "shop   2 tasks × 8 trials   16 graded",
        "one trial passes",
        "kept in probity.db as run 0",
    ];
    ended.prints(0, &said);
    ended.says(0, &["shop: 16 trials of 2 cases"]);
    assert!(program.file("probity.db").exists());
    let quiet = program.run(&["--bench", "--quiet", "late"]);
    quiet.prints(0, &["1 task × 4 trials"]);
    assert_eq!(quiet.err, "");
}

fn a_run_goes_on_with_more_trials_and_runs_only_those() {
    let program = Program::new("shop");
    program.run(&["--bench", "refund"]).prints(0, &["2 tasks × 4 trials"]);
    program.run(&["--bench", "refund", "--resume"]).prints(0, &["2 tasks × 4 trials"]);
    assert_eq!(program.lines("ran.log").len(), 8);
    let more = program.run(&["--bench", "refund", "--resume", "--trials", "6"]);
    more.prints(0, &["2 tasks × 6 trials"]).says(0, &["8 finished before"]);
    let mut ran = program.lines("ran.log").split_off(8);
    ran.sort();
    assert_eq!(ran, ["refund/late 4", "refund/late 5", "refund/twice 4", "refund/twice 5"]);
}

fn nothing_is_kept_with_store_none() {
    let program = Program::new("shop");
    let ended = program.run(&["--bench", "refund", "--store", "none"]);
    ended.prints(0, &["2 tasks × 4 trials"]);
    assert!(!ended.out.contains("kept in"), "{}", ended.out);
    assert!(!program.file("probity.db").exists());
}

fn a_baseline_is_saved_and_compared_with_by_name() {
    let program = Program::new("shop");
    let first = program.run(&["--bench", "refund", "--save-baseline", "main"]);
    first.prints(0, &["it is the baseline \"main\" now"]);
    let second = program.run(&["--bench", "refund", "--baseline", "main", "--tests"]);
    second.prints(0, &["this run against main", "not separated"]);
    let named = program.run(&["--bench", "refund", "-b", "main", "--name", "mine", "--quiet"]);
    named.prints(0, &["mine against main"]);
    program
        .run(&["--bench", "--baseline", "mian"])
        .says(2, &["has no baseline \"mian\": it has main"]);
    let lenient = program.run(&["--bench", "refund", "--baseline-lenient", "next"]);
    lenient.prints(0, &[]).says(0, &["has no baseline \"next\"", "compared with nothing"]);
}

fn a_gate_that_is_met_or_missed_gives_the_exit_code() {
    let program = Program::new("shop");
    let met = program.run(&["--bench", "late", "--trials", "10", "--gate", "pass^2 >= 0.5"]);
    met.prints(0, &["gate met\n  met        pass^2 >= 0.5: 100.0%"]);
    let missed =
        program.run(&["--bench", "refund", "--trials", "8", "--gate", "each: pass@1 >= 0.6"]);
    missed.prints(
        1,
        &["gate missed: 1 of 1 rules", "1 of 2 cases meet it\n      refund/twice: 75.0%"],
    );
    let against = ["--bench", "refund", "-b", "main", "--gate", "estimate(pass@1) >= baseline"];
    program.run(&["--bench", "refund", "-s", "main"]).prints(0, &[]);
    program.run(&against).prints(0, &["gate met"]);
}

fn a_gate_that_the_trials_cannot_decide_is_refused_before_anything_is_run() {
    let program = Program::new("shop");
    let refused = program.run(&["--bench", "late", "--gate", "each: pass^3 >= 0.8"]);
    refused.says(
        2,
        &[
            "the planned trials cannot decide each: pass^3 >= 0.8: at best its range begins at",
            "trials would be enough",
        ],
    );
    let no_baseline = program.run(&["--bench", "late", "--gate", "pass@1 >= baseline"]);
    no_baseline.says(2, &["there is no baseline to compare with"]);
    assert!(program.lines("ran.log").is_empty());
    // Of the suite, where arguments say nothing else.
    Program::new("gated")
        .run(&["--bench", "--trials", "2", "late"])
        .says(2, &["4 trials would be enough"]);
}

fn too_many_trials_that_were_not_graded_are_an_incomplete_run() {
    let program = Program::new("shop");
    let ended = program.run(&["--bench", "--max-attempts", "1", "late", "cancel"]);
    ended.prints(3, &["Over 5% not graded"]);
    let gated = ["--bench", "--max-attempts", "1", "cancel", "--gate", "estimate(pass@1) >= 0"];
    program.run(&gated).prints(3, &["gate not met, the run is incomplete"]);
}

fn the_files_that_are_asked_for_are_written() {
    for store in ["probity.db", "none"] {
        let program = Program::new("shop");
        let files = ["--report-json", "run.json", "--html", "run.html", "--junit", "junit.xml"];
        let ended = program.run(&[&["--bench", "re", "--store", store][..], &files].concat());
        ended.prints(
            0,
            &[
                "written: run.json (JSON)",
                "written: run.html (HTML)",
                "written: junit.xml (JUnit XML)",
            ],
        );
        let read = |name: &str| fs::read_to_string(program.file(name)).expect("the file is there");
        let json: serde_json::Value = serde_json::from_str(&read("run.json")).expect("JSON");
        assert_eq!(json["report"]["tasks"][2]["id"], "rebook");
        assert!(read("run.html").starts_with("<!DOCTYPE html>"));
        assert!(read("junit.xml").contains("no such tool: rebook"));
    }
}

fn a_file_that_cannot_be_written_is_refused_before_anything_is_run() {
    let program = Program::new("shop");
    let ended = program.run(&["--bench", "--html", "absent/run.html"]);
    ended.says(2, &["absent/run.html cannot be written: there is no folder absent"]);
    assert!(program.lines("ran.log").is_empty());
}

fn a_plan_is_printed_and_nothing_is_run_or_made() {
    let program = Program::new("shop");
    let gate = "estimate(pass@1) >= 0.9, each: pass^3 >= 0.8";
    let plan = program.run(&["--bench", "refund", "--dry", "--gate", gate]);
    plan.prints(
        2,
        &[
            "shop   2 of 4 cases × 4 trials   8 planned\n  8 trials to run\n",
            "cost unknown: there is no earlier run to judge by",
            "in reach      estimate(pass@1) >= 0.9",
            "out of reach  each: pass^3 >= 0.8",
        ],
    );
    assert!(!program.file("probity.db").exists() && program.lines("ran.log").is_empty());
    program.run(&["--bench", "refund"]).prints(0, &[]);
    let rest = program.run(&["--bench", "refund", "--resume", "--trials", "6", "--dry"]);
    rest.prints(
        0,
        &[
            "2 of 4 cases × 6 trials   12 planned\n  run 0",
            " goes on: 8 trials have finished and stay\n  4 trials to run\n",
        ],
    );
    assert_eq!(program.lines("ran.log").len(), 8);
}

fn a_run_that_is_named_goes_on() {
    let program = Program::new("shop");
    let first = program.run(&["--bench", "refund"]);
    first.prints(0, &["kept in probity.db as run "]);
    let run = first.out.split("as run ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let run = run.expect("a run is named");
    program.run(&["--bench", "refund", "--label", "which=second"]).prints(0, &[]);
    let more = format!("--resume={run}");
    let more = program.run(&["--bench", "refund", &more, "--trials", "5"]);
    more.prints(0, &["2 tasks × 5 trials", run]).says(0, &["8 finished before"]);
    assert_eq!(program.lines("ran.log").len(), 18);
}

fn a_k_that_no_case_can_reach_is_refused_before_the_run() {
    let program = Program::new("shop");
    for dry in [&["--bench", "--k", "9"][..], &["--bench", "--k", "9", "--dry"]] {
        program.run(dry).says(2, &["error: --k 9 needs 9 trials of a case, and 4 are planned"]);
    }
    assert!(program.lines("ran.log").is_empty(), "nothing was run");
    program.run(&["--bench", "refund", "--k", "3"]).prints(0, &["all 3 pass"]);
    let more = program.run(&["--bench", "refund", "--resume", "--trials", "6", "--k", "6"]);
    more.prints(0, &["all 6 pass"]);
}

fn a_plan_says_what_scoring_anew_will_cost() {
    let program = Program::new("judged");
    program.run(&["--bench"]).prints(0, &["2 tasks × 5 trials"]);
    let changed = program.as_suite("judged2");
    let scoring = "scoring anew: cost about $0.10, at $0.0100 a trial as before";
    let plan = changed.run(&["--bench", "--resume", "--dry"]);
    plan.prints(
        0,
        &["10 trials scored anew, without running the agent", "0 trials to run", scoring],
    );
    let more = changed.run(&["--bench", "--resume", "--dry", "--trials", "7"]);
    more.prints(0, &["4 trials to run", "cost about $0.04, at $0.0100 a trial as before", scoring]);
}

fn scoring_anew_that_was_cut_short_meets_no_gate_until_it_has_gone_on() {
    let program = Program::new("judged");
    program.run(&["--bench", "--save-baseline", "main"]).prints(0, &["10 graded"]);
    let changed = program.as_suite("judged2");
    let gated = ["--bench", "--resume", "--gate", "estimate(pass@1) >= 0.3"];
    let cut = ["--concurrency", "1", "--total-cost", "0.125"];
    let cut = changed.run(&[&gated[..], &cut[..]].concat());
    let left = "7 trials are still to be scored";
    cut.prints(3, &["3 graded", left, &format!("the run is incomplete: {left} anew")]);
    cut.says(3, &["stopped: it has cost 0.13", "7 trials with scores of other evals not counted"]);
    let whole = changed.run(&[&gated[..], &["--baseline", "main"]].concat());
    whole.prints(0, &["10 graded", "gate met"]);
    whole.says(0, &["the baseline \"main\" is compared without 7 trials"]);
}

fn a_changed_agent_is_refused_and_begins_a_new_run_where_that_is_allowed() {
    let program = Program::new("shop");
    program.run(&["--bench", "refund"]).prints(0, &[]);
    let changed = program.as_suite("shop2");
    let refused = changed.run(&["--bench", "refund", "--resume"]);
    refused.says(2, &["cannot go on: its agent is ", "; --allow-changed begins a new one"]);
    assert_eq!(program.lines("ran.log").len(), 8);
    let plan = changed.run(&["--bench", "refund", "--resume", "--allow-changed", "--dry"]);
    plan.prints(0, &["a new run is begun: its agent is "]);
    changed
        .run(&["--bench", "refund", "--resume", "--allow-changed"])
        .prints(0, &[])
        .says(0, &["its agent is "]);
    assert_eq!(program.lines("ran.log").len(), 16);
}

fn a_baseline_file_is_made_compared_with_and_reviewed() {
    let program = Program::new("shop");
    let file = ["--bench", "--baseline-file", "baseline.json"];
    program
        .run(&file)
        .says(2, &["there is no baseline file baseline.json; --update-baseline-file makes it"]);
    let update = [&file[..], &["refund", "--update-baseline-file"]].concat();
    program.run(&update).prints(0, &["the baseline file baseline.json holds it now"]);
    program.run(&update).prints(0, &["nothing differs from the baseline", "holds this already"]);
    let kept = fs::read_to_string(program.file("baseline.json")).expect("the file is there");
    assert!(kept.contains("\"refund/twice\": {\"passed\":3,\"failed\":1"), "{kept}");
}

fn the_step_summary_of_github_is_written() {
    let program = Program::new("shop").with("GITHUB_STEP_SUMMARY", "summary.md");
    program.run(&["--bench", "refund"]).prints(0, &["written: the summary of the step"]);
    assert!(program.lines("summary.md").concat().starts_with("## shop"));
}

fn shards_share_the_trials() {
    let program = Program::new("shop");
    for shard in ["1/2", "2/2"] {
        let ended = program.run(&["--bench", "refund", "--shard", shard]);
        ended.prints(0, &["it is part "]);
    }
    let mut ran = program.lines("ran.log");
    ran.sort();
    ran.dedup();
    assert_eq!(ran.len(), 8);
}

fn every_file_says_what_the_terminal_says() {
    let program = Program::new("shop");
    program.run(&["--bench", "refund", "-s", "main"]).prints(0, &[]);
    let settings = ["--k", "3", "--confidence-level", "0.8", "--margin", "0.99", "--tests"];
    let gate = ["--gate", "estimate(pass@1) >= 0.5, each: estimate(pass@1) >= 0.9"];
    let files = ["--report-json", "run.json", "--html", "run.html", "--junit", "junit.xml"];
    let made = ["--bench", "refund", "--baseline-file", "main.json", "--update-baseline-file"];
    program.run(&made).prints(0, &[]);
    let kept = ["--baseline", "main"];
    let unkept = ["--store", "none", "--baseline-file", "main.json"];
    for (name, run) in [("main", &kept[..]), ("main.json", &unkept)] {
        let run = [&["--bench", "refund"][..], run].concat();
        let ended = program.run(&[&run[..], &settings, &gate, &files].concat());
        let said = ["all 3 pass", "Ranges: 80%", &format!("this run against {name} "), "p 1.000"];
        ended.prints(1, &said);
        let read = |name: &str| fs::read_to_string(program.file(name)).expect("the file is there");
        let html = read("run.html");
        for part in [
            "all 3 pass",
            "Ranges: 80%",
            &format!("this run against {name}<"),
            "within ±99.0<div class=\"note\">p 1.000",
            "gate missed: 1 of 2 rules",
            "refund/twice: 75.0%",
        ] {
            assert!(html.contains(part), "{part:?} is not in the page");
        }
        assert!(!html.contains("all 4 pass") && !html.contains("the baseline<"), "{name}");
        let junit = read("junit.xml");
        assert!(junit.contains(r#"<property name="pass^3" value="#), "{junit}");
        assert!(junit.contains(r#"<property name="confidence" value="0.8"/>"#), "{junit}");
        let json: serde_json::Value = serde_json::from_str(&read("run.json")).expect("JSON");
        assert_eq!((&json["report"]["k"], &json["gate"]["verdict"]), (&3.into(), &"missed".into()));
        let interval = &json["report"]["metrics"][1];
        for (end, name) in [("lo", "pass^3.lo"), ("hi", "pass^3.hi")] {
            let value = format!(r#"name="{name}" value="{}""#, interval[end]);
            assert!(junit.contains(&value), "{value} is not in {junit}");
        }
    }
}
