//! `JUnit` XML: a test for each case, and one for the gate.

use probity_eval_runner::reporters::junit::Junit;

use crate::support::{CASES, gate, run};

#[test]
fn every_case_is_a_test_and_its_trials_are_runs_of_it() {
    let (facts, reasons) = run("junit-cases", &CASES, "the tool refund_flight is not known");
    let xml = Junit::new(&facts).with_reasons(&reasons).render().unwrap();
    let suite = r#"<testsuite name="airline" tests="5" skipped="1" errors="1" failures="1""#;
    assert!(xml.contains(suite), "{xml}");
    let tests: Vec<_> = xml.split("<testcase ").skip(1).collect();
    let [always, sometimes, never, away, missing] = tests[..] else { panic!("{xml}") };

    assert!(always.starts_with(r#"name="airline::always" classname="airline""#), "{always}");
    assert!(always.contains("<system-out>passed 4 of 4</system-out>"), "{always}");
    assert!(!always.contains("failure") && !always.contains("rerun"), "{always}");

    let flaky = r#"<flakyFailure message="trial 1: wrong answer: right amount" type="failed""#;
    assert_eq!(sometimes.matches("<flakyFailure").count(), 2, "{sometimes}");
    assert!(sometimes.contains(flaky), "{sometimes}");
    assert!(sometimes.contains("passed 2 of 4\ntrial 1: failed: wrong answer"), "{sometimes}");
    assert!(!sometimes.contains("<failure"), "{sometimes}");

    assert!(never.contains(r#"<failure message="passed 0 of 4, 1 not graded">"#), "{never}");
    assert!(never.contains("trial 0: failed: the tool refund_flight is not known"), "{never}");
    assert!(never.contains("and 1 other trial that did not pass"), "{never}");
    assert_eq!(never.matches("<rerunFailure").count(), 2, "{never}");
    assert_eq!(never.matches("<rerunError").count(), 1, "{never}");

    assert!(away.contains(r#"<error message="passed 0 of 4, 4 not graded">"#), "{away}");
    assert!(away.contains("trial 0: not graded: the model server is away"), "{away}");
    assert!(missing.contains(r#"<skipped message="no trial has finished""#), "{missing}");
}

#[test]
fn the_numbers_of_the_run_are_properties() {
    let (facts, _) = run("junit-properties", &CASES, "");
    let xml = Junit::new(&facts).render().unwrap();
    let run = facts.run.unwrap().to_string();
    for (name, value) in [
        ("seed", "7"),
        ("trials", "4"),
        ("run", &*run),
        ("pass@1", "0.375"),
        ("pass^4", "0.25"),
        ("pass@4", "0.5"),
        ("passed", "6"),
        ("failed", "5"),
        ("not_graded", "5"),
        ("missing", "4"),
    ] {
        let property = format!(r#"<property name="{name}" value="{value}"/>"#);
        assert!(xml.contains(&property), "{property} is not in {xml}");
    }
    assert!(xml.contains(r#"name="pass@1.lo""#) && !xml.contains("cost_usd"));
}

#[test]
fn the_gate_is_a_test_and_a_case_that_misses_its_rule_fails() {
    let cases = &CASES[..2];
    let (facts, reasons) = run("junit-gate", cases, "");
    let junit = Junit::new(&facts).with_reasons(&reasons);

    let met = gate(&facts, "each: estimate(pass@1) >= 0.5");
    let xml = junit.clone().with_gate(&met).render().unwrap();
    assert!(xml.contains(r#"tests="3" skipped="0" errors="0" failures="0""#), "{xml}");
    assert!(xml.contains(r#"<testcase name="gate" classname="airline">"#), "{xml}");
    assert!(xml.contains("<system-out>gate met"), "{xml}");

    let missed = gate(&facts, "each: estimate(pass@1) >= 0.9");
    let xml = junit.clone().with_gate(&missed).render().unwrap();
    assert!(xml.contains(r#"failures="2""#), "{xml}");
    assert!(xml.contains(r#"<failure message="passed 2 of 4">"#), "{xml}");
    assert!(xml.contains("misses each: estimate(pass@1) &gt;= 0.9"), "{xml}");
    // It passes now and then, so its runs are flaky all the same.
    assert_eq!(xml.matches("<flakyFailure").count(), 2, "{xml}");
    assert!(xml.contains(r#"<failure message="gate missed: 1 of 1 rules">"#), "{xml}");

    let undecidable = gate(&facts, "pass@1 >= baseline");
    let xml = junit.with_gate(&undecidable).render().unwrap();
    assert!(xml.contains(r#"<error message="gate cannot be decided: 1 of 1 rules">"#), "{xml}");
}

#[test]
fn what_xml_does_not_know_is_replaced_and_secrets_are_masked() {
    let hostile = "a \u{1b}[31m\u{0}\u{ffff} ]]> <b attr=\"'\"> & sk-abcdefghijklmnopqrst\nend";
    let (facts, reasons) = run("junit-hostile", &[("c<a>\u{1}&\"e", "ffpf")], hostile);
    let xml = Junit::new(&facts).with_reasons(&reasons).render().unwrap();
    assert!(xml.contains("airline::c&lt;a&gt;\u{fffd}&amp;&quot;e"), "{xml}");
    assert!(xml.contains("[redacted] end") && !xml.contains("sk-abc"), "{xml}");
    let bad = |letter: char| letter.is_control() && letter != '\n' || letter == '\u{ffff}';
    assert!(!xml.contains(bad), "{xml:?}");
    // Nothing of the text is dropped: what cannot be written shows that it was there.
    assert!(xml.contains("a \u{fffd}[31m\u{fffd}\u{fffd} ]]&gt; &lt;b"), "{xml}");
}
