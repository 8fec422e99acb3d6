//! Lists, filters and wrong arguments.

use crate::place::Place;

const CASES: [&str; 12] = [
    "refund-lamp",
    "where-is-desk",
    "refund-black-jeans",
    "replace-blue-jeans",
    "refund-with-fee",
    "refund-too-late",
    "refund-under-pressure",
    "where-are-gloves",
    "refund-one-of-four",
    "replace-out-of-stock",
    "two-wishes",
    "refund-twice",
];

#[track_caller]
fn lists(arguments: &str, cases: &[&str]) {
    let place = Place::new(&format!("lists {}", arguments.replace(['/', ' ', '*'], "_")));
    let listed = place.run(&format!("{arguments} --list --format terse")).exited(0);
    let lines: Vec<_> = cases.iter().map(|case| format!("shop::{case}: test")).collect();
    assert_eq!(listed.stdout.lines().collect::<Vec<_>>(), lines, "{arguments}");
    assert!(place.effects().is_empty(), "a list runs nothing");
}

#[test]
fn a_list_for_programs_has_a_line_for_each_case_and_nothing_else() {
    lists("", &CASES);
    lists("--ignored", &[]);
}

#[test]
fn filters_choose_by_a_part_of_the_name_and_exact_by_the_whole() {
    lists("where", &["where-is-desk", "where-are-gloves"]);
    lists("two lamp", &["refund-lamp", "two-wishes"]);
    lists(
        "refund --skip refund-t --skip jeans",
        &["refund-lamp", "refund-with-fee", "refund-under-pressure", "refund-one-of-four"],
    );
    lists("--exact shop::refund-lamp", &["refund-lamp"]);
    lists("--exact refund", &[]);
    lists("--tag policy", &["refund-with-fee", "refund-too-late", "refund-under-pressure"]);
    lists("no-such-case", &[]);
}

#[test]
fn wrong_arguments_are_refused_with_what_would_be_right_and_code_2() {
    #[track_caller]
    fn refused(arguments: &str, reason: &str) {
        let place = Place::new(&format!("refuses {}", arguments.replace(['/', ' ', '^'], "_")));
        let ended = place.run(arguments).exited(2);
        assert!(ended.stderr.contains(reason), "{arguments} says no {reason:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty() && place.effects().is_empty(), "{arguments} runs nothing");
    }
    refused("--bench --trails 3", "--trials");
    refused("--bench --trials 0", "0 is not in 1..");
    refused("--bench --shard 4/3", "1/3");
    refused("--bench --gate pass^4", "pass^4");
    refused("--bench --baseline yesterday", "yesterday");
    refused("--bench --store none --resume", "--resume needs a store");
    refused("--bench --tag polic", "policy");
}

#[test]
fn the_help_names_the_arguments() {
    let help = Place::new("help").run("--help").exited(0).stdout;
    let arguments = ["--trials", "--store", "--resume", "--gate", "--save-baseline", "--html"];
    for argument in arguments {
        assert!(help.contains(argument), "no {argument} in:\n{help}");
    }
}
