//! Gates and exit codes.

use crate::place::Place;

#[track_caller]
fn exits(name: &str, arguments: &str, code: i32, said: &str) {
    let place = Place::new(name);
    let ended = place.run(&format!("--bench --trials 10 --store none {arguments}")).exited(code);
    let printed = ended.stdout + &ended.stderr;
    assert!(printed.contains(said), "{arguments} does not say {said:?}:\n{printed}");
}

#[test]
fn a_gate_that_is_met_exits_with_0() {
    exits("met", "--gate these:pass@1>=0.5,cost<=0.1", 0, "gate met");
}

#[test]
fn a_gate_that_is_missed_exits_with_1_and_names_the_cases() {
    exits("missed", "--gate each:estimate(pass@1)>=0.9", 1, "refund-one-of-four");
}

#[test]
fn a_gate_that_the_trials_cannot_decide_is_refused_with_the_number_that_could() {
    exits("undecidable", "--gate each:pass@1>=0.99", 2, "trials");
}

#[test]
fn a_run_that_cannot_be_graded_exits_with_3_whatever_the_gate() {
    let place = Place::new("not graded");
    let mut suite =
        place.command("--bench --trials 2 --store none --max-attempts 1 --gate pass@1>=0.01");
    suite.env("PROBITY_EXAMPLE_LOG", place.file("no such folder").join("effects"));
    let output = suite.output().expect("the suite can be started");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{printed}");
}
