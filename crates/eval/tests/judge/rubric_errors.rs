//! What is no rubric is refused before anybody is asked.

use probity_eval::{
    RubricJudge,
    judge::{Criterion, InvalidRubric},
};

fn criterion(name: &str) -> Criterion {
    Criterion::new(name, "The answer is clear.")
}

#[track_caller]
fn check(criteria: impl IntoIterator<Item = Criterion>, expected: &str) {
    let error: InvalidRubric = RubricJudge::new(criteria).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_rubric_has_criteria() {
    check([], "rubric has no criteria: give at least one");
}

#[test]
fn a_criterion_has_a_name_of_its_own_and_a_description() {
    check([criterion("clear"), criterion(" \n")], "criterion 1 of the rubric has no name");
    check(
        [criterion("a"), criterion("b"), criterion("a")],
        "two criteria of the rubric are named \"a\"",
    );
    check(
        [Criterion::new("clear", " ")],
        "criterion \"clear\" of the rubric has no description: say what makes it true",
    );
}

#[test]
fn a_weight_is_a_number_from_0_on() {
    for weight in [-0.5, f32::NAN, f32::INFINITY] {
        check(
            [criterion("clear").with_weight(weight)],
            &format!(
                "criterion \"clear\" of the rubric has the weight {weight}, not a finite number from 0 on"
            ),
        );
    }
    check(
        [criterion("a").with_weight(0.0), criterion("b").with_weight(-0.0)],
        "no criterion of the rubric has a weight above 0",
    );
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "as a caller may write it")]
fn points_are_two_or_more() {
    for points in [3..=3, 5..=1] {
        let expected = format!(
            "criterion \"clear\" of the rubric has the points {points:?}: give at least two"
        );
        check([criterion("clear").with_points(points)], &expected);
    }
    assert!(RubricJudge::new([criterion("clear").with_points(0..=255)]).is_ok());
}
