//! Choosing cases, and what is said when none is left.

use std::sync::Arc;

use probity_eval_runner::{
    Case,
    dataset::Dataset,
    select::{Selection, SelectionError},
};

fn cases() -> Vec<Case<u32>> {
    vec![
        Case::new("air-cancel", 0).with_tags(["cancel", "airline"]),
        Case::new("air-refund", 1).with_tags(["refund", "airline", "slow"]),
        Case::new("rail-refund", 2).with_tags(["refund"]),
        Case::new("rail-rebook", 3),
    ]
}

fn selection(ids: &[&str], tags: &[&str]) -> Selection {
    let parse = |filter: &&str| filter.parse().expect("a filter");
    let selection = ids.iter().map(parse).fold(Selection::new(), Selection::id);
    tags.iter().map(parse).fold(selection, Selection::tag)
}

#[track_caller]
fn check(ids: &[&str], tags: &[&str], expected: &[u32]) {
    let cases = cases();
    let chosen = selection(ids, tags).choose(&cases).expect("some cases");
    let inputs: Vec<u32> = chosen.iter().map(|case| case.input).collect();
    assert_eq!(inputs, expected, "{ids:?} {tags:?}");
}

#[track_caller]
fn refused(ids: &[&str], tags: &[&str], expected: &str) {
    let error = selection(ids, tags).choose(&cases()).expect_err("no cases");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn any_of_the_ids_and_all_of_the_tags() {
    check(&[], &[], &[0, 1, 2, 3]);
    check(&["air-*"], &[], &[0, 1]);
    check(&["rail-rebook", "air-cancel"], &[], &[0, 3]);
    check(&["*", "!air-*"], &[], &[2, 3]);
    check(&["!rail-re?ook"], &[], &[0, 1, 2]);
    check(&[], &["refund"], &[1, 2]);
    check(&[], &["refund", "!slow"], &[2]);
    check(&[], &["!refund"], &[0, 3]);
    check(&[], &["*l*", "!s*"], &[0]);
    check(&["rail-*", "!*rebook"], &["refund"], &[2]);
}

#[test]
fn a_filter_that_matches_nothing_is_answered_with_what_is_like_it() {
    refused(
        &["air-refnd"],
        &[],
        "no case has an id that matches \"air-refnd\"; like it are air-refund, rail-refund",
    );
    refused(&[], &["Refund"], "no case has a tag that matches \"Refund\"; like it are refund");
    refused(&[], &["!slwo"], "no case has a tag that matches \"!slwo\"; like it are slow");
    refused(
        &["*bus*"],
        &[],
        "no case has an id that matches \"*bus*\"; there are air-cancel, air-refund, rail-rebook, rail-refund",
    );
    refused(
        &[],
        &["nightly-only"],
        "no case has a tag that matches \"nightly-only\"; there are airline, cancel, refund, slow",
    );
}

#[test]
fn what_is_there_but_not_like_it_is_counted_when_it_is_much() {
    let many: Vec<Case<u32>> = (0..30).map(|i| Case::new(format!("case-{i:02}"), i)).collect();
    let error = selection(&["x"], &[]).choose(&many).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no case has an id that matches \"x\"; \
         there are case-00, case-01, case-02, case-03, case-04 and 25 more"
    );
    let error = selection(&[], &["x"]).choose(&many).unwrap_err();
    assert_eq!(error.to_string(), "no case has a tag that matches \"x\"; there are no tags");
}

#[test]
fn filters_that_leave_nothing_together_are_named_together() {
    refused(
        &["air-*"],
        &["refund", "!slow"],
        "no case matches all of id air-*, tag refund, tag !slow",
    );
    let error = selection(&["!*"], &[]).choose(&cases()).unwrap_err();
    assert!(matches!(error, SelectionError::NoneLeft { .. }), "{error}");
}

#[test]
fn without_cases_nothing_is_an_error_but_a_filter() {
    let none: [Case<u32>; 0] = [];
    assert_eq!(Selection::new().choose(&none).unwrap().len(), 0);
    assert!(selection(&["a"], &[]).choose(&none).is_err());
}

#[test]
fn shared_cases_and_datasets_are_chosen_from_alike() {
    let shared: Vec<Arc<Case<u32>>> = cases().into_iter().map(Arc::new).collect();
    assert_eq!(selection(&["rail-*"], &[]).indices(&shared).unwrap(), [2, 3]);
    let dataset = Dataset::from_cases(cases()).unwrap();
    let rail = dataset.clone().select(&selection(&["rail-*"], &[])).unwrap();
    assert_eq!(
        rail.iter().map(|case| &*case.id).collect::<Vec<_>>(),
        ["rail-refund", "rail-rebook"]
    );
    assert_eq!(rail.origin("rail-rebook"), dataset.origin("rail-rebook"));
    assert!(rail.origin("air-cancel").is_none());
}

#[test]
fn cases_may_be_chosen_letter_by_letter() {
    let cases = cases();
    let only = |ids: [&str; 2]| Selection::new().only(ids.map(str::to_owned));
    let chosen = only(["rail-rebook", "air-*"]).choose(&cases).unwrap();
    assert_eq!(chosen.iter().map(|case| case.input).collect::<Vec<_>>(), [3]);
    assert!(!only(["a", "b"]).is_empty());
    let error = only(["a", "b"]).choose(&cases).unwrap_err();
    assert_eq!(error.to_string(), "no case matches all of the ids that were chosen");
}
