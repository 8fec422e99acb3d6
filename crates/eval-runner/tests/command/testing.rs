//! Cases as tests: `cargo test`, cargo-nextest.

use crate::{program::Program, tests};

tests! {
    each_case_is_a_test_with_its_own_line,
    a_single_test_is_run_as_nextest_asks_for_it,
    a_case_that_nobody_could_grade_fails_and_says_so,
    a_test_alone_that_was_not_graded_is_incomplete,
    quiet_is_one_character_for_each_test,
    nothing_is_kept_unless_told,
    the_rules_for_each_case_decide_where_there_are_some,
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
