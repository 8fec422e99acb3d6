//! Lists, filters and wrong arguments, as libtest and criterion have them.

use crate::{program::Program, tests};

tests! {
    a_terse_list_is_only_the_names,
    a_list_of_benchmarks_says_so,
    filters_choose_parts_of_names_and_exact_whole_ones,
    what_matches_no_filter_is_no_error_under_cargo_test,
    wrong_arguments_are_said_clearly,
    a_suite_that_cannot_be_made_is_said_clearly,
    help_goes_to_standard_output,
    a_reader_that_went_away_is_no_panic,
}

#[track_caller]
fn lists(arguments: &str, expected: &[&str]) {
    let arguments: Vec<&str> = arguments.split('|').filter(|word| !word.is_empty()).collect();
    let all = [&["--list", "--format", "terse"], arguments.as_slice()].concat();
    let listed = Program::new("shop").run(&all);
    listed.prints(0, &[]);
    assert_eq!(listed.out.lines().collect::<Vec<_>>(), expected, "{arguments:?}");
    assert_eq!(listed.err, "");
}

fn a_terse_list_is_only_the_names() {
    let all = [
        "shop::refund/late: test",
        "shop::refund/twice: test",
        "shop::rebook: test",
        "shop::cancel all: test",
    ];
    lists("", &all);
    lists("--test|--bench", &all);
    lists("--ignored", &[]);
    Program::new("shop")
        .run(&["--list"])
        .prints(0, &["shop::rebook: test\n", "\n4 tests, 0 benchmarks\n"]);
}

fn a_list_of_benchmarks_says_so() {
    lists("--bench|rebook", &["shop::rebook: benchmark"]);
}

fn filters_choose_parts_of_names_and_exact_whole_ones() {
    lists("refund", &["shop::refund/late: test", "shop::refund/twice: test"]);
    lists("late|cancel", &["shop::refund/late: test", "shop::cancel all: test"]);
    lists("refund|--skip|twice", &["shop::refund/late: test"]);
    lists("shop::rebook|--exact", &["shop::rebook: test"]);
    lists("cancel all|--exact", &["shop::cancel all: test"]);
    lists("rebo|--exact", &[]);
    lists("re*k|!refund", &["shop::rebook: test"]);
    lists("--tag|refund|--tag|!slow", &["shop::refund/late: test"]);
    Program::new("shop")
        .run(&["--list", "--tag", "refnd"])
        .says(2, &["no case has a tag that matches \"refnd\"; like it are refund"]);
}

fn what_matches_no_filter_is_no_error_under_cargo_test() {
    let program = Program::new("shop");
    for arguments in [&["nothing_like_it"][..], &["--ignored"]] {
        program.run(arguments).prints(
            0,
            &[
                "\nrunning 0 tests\n",
                "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out",
            ],
        );
    }
    program.run(&["--bench", "refund/lat_"]).says(0, &["no case of suite \"shop\" was chosen"]);
    assert!(program.lines("ran.log").is_empty());
}

fn wrong_arguments_are_said_clearly() {
    let program = Program::new("shop");
    for (arguments, said) in [
        (&["--bench", "--trails", "5"][..], "unexpected argument '--trails'"),
        (&["--bench", "--trials", "many"], "invalid value 'many' for '--trials <N>'"),
        (&["--bench", "--gate", "pass^4 => 0.9"], "expected one of >=, >, <=, <"),
        (&["--bench", "--format", "json"], "invalid value 'json'"),
        (
            &["--bench", "--baseline", "main"],
            "has no baseline \"main\": it has none; --save-baseline makes one",
        ),
        (&["--bench", "--store", "none", "--resume"], "--resume needs a store"),
        (&["--resume"], "--resume needs a store"),
        (&["--resume=abc"], "abc"),
        (
            &["--resume=01a1fff6-51e8-77db-a26b-a94a4acf2609", "--allow-changed"],
            "leave --allow-changed out",
        ),
        (&["--bench", "--timeout", "0s"], "a limit of time is above 0"),
        (&["--bench", "--store", "mysql://root:pw@host/x"], "mysql is unknown"),
        (&["--bench", "--prices", "absent.json"], "the prices absent.json cannot be read"),
    ] {
        let ended = program.run(arguments);
        ended.says(2, &["error: ", said]);
        assert_eq!(ended.out, "", "{arguments:?}");
    }
    assert!(program.lines("ran.log").is_empty(), "nothing was run");
}

fn a_suite_that_cannot_be_made_is_said_clearly() {
    let ended = Program::new("broken").run(&["--bench"]);
    ended.says(2, &["error: cases.jsonl: line 3: the id is missing\n"]);
}

fn help_goes_to_standard_output() {
    let ended = Program::new("shop").run(&["--help"]);
    ended.prints(0, &["--trials <N>", "--save-baseline <NAME>", "--gate <EXPR>", "PROBITY_STORE"]);
    assert_eq!(ended.err, "");
}

fn a_reader_that_went_away_is_no_panic() {
    let mut child = Program::new("shop").start(&["--list"]);
    drop(child.stdout.take());
    let ended = crate::program::Ended::of(child);
    ended.says(0, &[]);
    assert_eq!(ended.err, "");
}
