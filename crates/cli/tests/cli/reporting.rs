//! Reports and comparisons.

use serde_json::Value;

use crate::program::Place;

#[tokio::test]
async fn runs_are_compared_case_by_case() {
    let place = Place::with_two_runs().await;
    let compared = place.probity("compare second first --tests --margin 2%");
    compared.prints(
        0,
        &["second against first   same 12", "one trial passes", "better on", "sign-flip"],
    );
    let json: Value =
        serde_json::from_str(&place.probity("compare second first --json").out).unwrap();
    assert_eq!(json["first"], "second");
    place.probity("compare second second first").prints(0, &["2 runs against first"]);
    let alone = place.probity("compare second");
    assert_eq!(alone.code, Some(2));
}

#[tokio::test]
async fn a_report_is_written_in_every_form() {
    let place = Place::with_two_runs().await;
    let report = "report second --baseline first";
    place.probity(report).prints(0, &["airline   12 tasks × 4 trials", "second against first"]);
    let files = "--html r.html --json r.json --junit r.xml --markdown r.md";
    place.probity(&format!("{report} {files}")).prints(0, &["written: r.html", "written: r.md"]);
    assert!(place.read("r.html").starts_with("<!DOCTYPE html>"));
    let json: Value = serde_json::from_str(&place.read("r.json")).unwrap();
    assert_eq!(json["format"], "probity-run/1");
    assert_eq!(json["comparison"]["second"], "first");
    assert!(place.read("r.xml").contains("airline::case-05"));
    assert!(place.read("r.md").starts_with("## airline"));
    let piped = place.probity("report second --json - --gate cost<=1");
    assert!(serde_json::from_str::<Value>(&piped.out).is_ok(), "{}", piped.out);
    assert!(piped.err.contains("gate cannot be decided"), "{}", piped.err);
    let piped = place.probity("report second --json - --junit r.xml");
    assert!(serde_json::from_str::<Value>(&piped.out).is_ok(), "{}", piped.out);
    assert_eq!(piped.err, "written: r.xml\n");
    place
        .probity("report second --json - --junit -")
        .says(2, "2 forms of the report cannot both be standard output");
    place.probity("report second --html absent/r.html").says(3, "absent/r.html");
}

#[tokio::test]
async fn a_gate_gives_the_exit_code() {
    let place = Place::with_two_runs().await;
    place.run(&["report", "second", "--gate", "estimate(pass@1) >= 0.3"]).prints(0, &["gate met"]);
    place.run(&["report", "second", "--gate", "pass@1 >= 0.99"]).prints(1, &["gate missed"]);
    let against =
        ["report", "second", "--baseline", "first", "--gate", "estimate(pass@1) >= baseline"];
    place.run(&against).prints(0, &["gate met"]);
    place.run(&["report", "second", "--gate", "cost <= 1"]).prints(2, &["gate cannot be decided"]);
    place.run(&["report", "second", "--gate", "pass^4 => 1"]).prints(2, &[]);
}

#[tokio::test]
async fn a_k_that_no_case_has_trials_for_is_a_wrong_argument() {
    let place = Place::with_two_runs().await;
    place.probity("report second --k 21").says(2, "21");
    place.probity("report second --k 4").prints(0, &["pass^4"]);
}
