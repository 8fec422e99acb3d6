//! Cases as tests: `cargo test`, cargo-nextest.

use std::fs;

use crate::{program::Program, tests};

tests! {
    each_case_is_a_test_with_its_own_line,
    a_single_test_is_run_as_nextest_asks_for_it,
    a_case_that_nobody_could_grade_fails_and_says_so,
    a_test_alone_that_was_not_graded_is_incomplete,
    quiet_is_one_character_for_each_test,
    nothing_is_kept_unless_told,
    the_rules_for_each_case_decide_where_there_are_some,
    a_gate_does_not_pass_where_too_much_was_not_graded,
    what_agents_say_neither_steers_the_terminal_nor_tells_a_secret,
    a_plan_is_printed_and_nothing_is_run,
    the_files_and_baselines_that_are_asked_for_are_written,
    the_step_summary_is_of_all_cases_or_not_written,
    a_rule_of_the_whole_run_does_not_refuse_a_single_test,
    a_case_that_its_results_stopped_is_a_test_that_passes,
    a_case_that_the_rule_does_not_decide_is_a_test_that_fails,
}

fn each_case_is_a_test_with_its_own_line() {
    let program = Program::new("shop");
    let ended = program.run(&["--max-attempts", "1"]);
    ended.prints(
        1,
        &[
            "\nrunning 4 tests\n",
            "test shop::refund/late ... ok (4 of 4 passed)\n",
            "test shop::refund/twice ... ok (3 of 4 passed)\n",
            "test shop::rebook ... FAILED (0 of 4 passed)\n",
            "---- shop::rebook ----\n0 of 4 passed\nnone of its trials passed\n  trial 0 failed: no such tool: rebook\n",
            "\nfailures:\n    shop::rebook\n    shop::cancel all\n",
            "\ntest result: FAILED. 2 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in ",
        ],
    );
    assert_eq!(program.lines("ran.log").len(), 16);
}

fn a_single_test_is_run_as_nextest_asks_for_it() {
    let program = Program::new("shop");
    let ended = program.run(&["shop::refund/twice", "--exact", "--nocapture", "--trials", "2"]);
    ended.prints(
        0,
        &["running 1 test\n", "test shop::refund/twice ... ok (2 of 2 passed)\n", "3 filtered out"],
    );
    let mut ran = program.lines("ran.log");
    ran.sort();
    assert_eq!(ran, ["refund/twice 0", "refund/twice 1"]);
}

fn a_case_that_nobody_could_grade_fails_and_says_so() {
    let ended = Program::new("shop").run(&["--max-attempts", "1", "refund", "cancel"]);
    ended.prints(
        3,
        &[
            "test shop::cancel all ... FAILED (0 of 4 passed, 4 not graded)\n",
            "0 of 4 passed, 4 not graded\nnone of its trials could be graded\n  trial 0 was not graded: the infrastructure failed: the judge is away\n",
        ],
    );
}

fn a_test_alone_that_was_not_graded_is_incomplete() {
    Program::new("shop").run(&["--max-attempts", "1", "cancel"]).prints(3, &[]);
}

fn quiet_is_one_character_for_each_test() {
    let ended = Program::new("shop").run(&["-q", "re", "--color", "never"]);
    ended.prints(1, &["\nrunning 3 tests\n..F\n"]);
    let ended = Program::new("shop").run(&["late", "--color", "always"]);
    ended.prints(0, &["... \x1b[32mok\x1b[0m (4"]);
}

fn nothing_is_kept_unless_told() {
    let program = Program::new("shop");
    program.run(&["late"]).prints(0, &[]);
    assert!(!program.file("probity.db").exists());
}

fn the_rules_for_each_case_decide_where_there_are_some() {
    let program = Program::new("gated");
    let ended = program.run(&["refund"]);
    ended.prints(
        1,
        &[
            "test shop::refund/late ... ok (8 of 8 passed)\n",
            "test shop::refund/twice ... FAILED (6 of 8 passed)\n",
            "missed     each: pass@1 >= 0.5: 75.0% (40.9 – 92.9",
        ],
    );
    let whole = program.run(&[
        "--gate",
        "estimate(pass@1) >= 0.1",
        "--max-attempts",
        "1",
        "--skip",
        "nothing",
    ]);
    whole.prints(1, &["gate "]);
    program.run(&["--trials", "1"]).says(2, &["cannot decide each: pass@1 >= 0.5"]);
}

fn a_gate_does_not_pass_where_too_much_was_not_graded() {
    let program = Program::new("odd");
    let gated = ["lost", "--trials", "100", "--max-attempts", "1", "--gate", "each: pass@1 >= 0.6"];
    let said = [
        "test odd::lost ... ok (80 of 100 passed, 20 not graded)",
        "gate not met, the run is incomplete: 20 of 100 trials were not graded (20.0%, more than 5%)",
    ];
    program.run(&gated).prints(3, &said);
    // Without a gate nothing more is asked than that a trial passes.
    program.run(&gated[..5]).prints(0, &[]);
}

fn what_agents_say_neither_steers_the_terminal_nor_tells_a_secret() {
    let ended = Program::new("odd").run(&["loud"]);
    ended.prints(1, &["no access with Bearer [redacted]!"]);
    assert!(!ended.out.contains('\u{1b}') && !ended.out.contains("abcdefgh1jk"), "{}", ended.out);
}

fn a_plan_is_printed_and_nothing_is_run() {
    let program = Program::new("shop");
    let plan = program.run(&["refund", "--dry", "--gate", "each: pass^3 >= 0.8"]);
    plan.prints(2, &["shop   2 of 4 cases × 4 trials   8 planned", "out of reach  each: pass^3"]);
    program.run(&["refund", "--dry"]).prints(0, &["8 trials to run"]);
    program.run(&["refund", "--dry", "--store", "runs.db"]).prints(0, &["8 trials to run"]);
    assert!(program.lines("ran.log").is_empty() && !program.file("runs.db").exists());
}

fn the_files_and_baselines_that_are_asked_for_are_written() {
    let program = Program::new("shop");
    let files = ["--report-json", "run.json", "--html", "run.html", "--junit", "junit.xml"];
    let baseline = ["--baseline-file", "b.json", "--update-baseline-file"];
    let ended = program.run(&[&["refund"][..], &files, &baseline].concat());
    ended.prints(
        0,
        &["test shop::refund/twice ... ok", "written: run.json", "b.json holds it now; review it"],
    );
    for (file, begin) in
        [("run.json", "{"), ("run.html", "<!DOCTYPE"), ("junit.xml", "<?xml"), ("b.json", "{")]
    {
        let text = fs::read_to_string(program.file(file)).expect("the file is there");
        assert!(text.starts_with(begin), "{file}: {text}");
    }
    program.run(&["refund", "--store", "runs.db", "-s", "main"]).prints(0, &["baseline \"main\""]);
    let against = program.run(&["refund", "--store", "runs.db", "-b", "main", "--tests"]);
    against.prints(0, &["this run against main", "p 1.000"]);
    program.run(&["--junit", "absent/junit.xml"]).says(2, &["there is no folder absent"]);
    program.run(&["--k", "5"]).says(2, &["--k 5 needs 5 trials of a case"]);
}

fn the_step_summary_is_of_all_cases_or_not_written() {
    let program = Program::new("shop").with("GITHUB_STEP_SUMMARY", "summary.md");
    program.run(&["shop::refund/late", "--exact", "--nocapture"]).prints(0, &[]);
    assert!(!program.file("summary.md").exists());
    program.run(&["--max-attempts", "1"]).prints(1, &["written: the summary of the step"]);
    assert!(program.lines("summary.md").concat().starts_with("## shop"));
}

fn a_rule_of_the_whole_run_does_not_refuse_a_single_test() {
    let one = ["shop::refund/late", "--exact", "--nocapture"];
    for (name, rule) in
        [("PROBITY_GATE", "pass@1 >= 0.9"), ("PROBITY_STOP_WHEN", "these: pass@1 >= 0.9")]
    {
        Program::new("shop").with(name, rule).run(&one).prints(0, &["ok (4 of 4 passed)"]);
    }
    let whole = Program::new("shop").with("PROBITY_STOP_WHEN", "these: pass@1 >= 0.99");
    whole.run(&[]).says(2, &["these: pass@1 >= 0.99 cannot be met with 4 trials"]);
}

fn a_case_that_its_results_stopped_is_a_test_that_passes() {
    let stop = ["--trials", "60", "--stop-when", "each: pass@1 >= 0.3"];
    let ended = Program::new("uneven").run(&stop);
    ended.prints(0, &["2 passed; 0 failed", "each: pass@1 >= 0.3: met, 2 of 2 cases are decided"]);
    assert!(!ended.out.contains("60 of 60"), "{}", ended.out);
}

fn a_case_that_the_rule_does_not_decide_is_a_test_that_fails() {
    let open = Program::new("uneven").run(&["--stop-when", "each: pass@1 >= 0.5"]);
    open.prints(
        3,
        &["1 passed; 1 failed", "\nopen       each: pass@1 >= 0.5: not decided by 30 trials\n"],
    );
    let missed = ["--trials", "90", "--stop-when", "each: pass@1 >= 0.9"];
    let missed = Program::new("uneven").run(&missed);
    missed
        .prints(1, &["test uneven::sure ... ok", "\nmissed     each: pass@1 >= 0.9: decided by "]);
}
