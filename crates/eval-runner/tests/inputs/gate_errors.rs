//! What is said of expressions that are no gates, word for word.

use probity_eval_runner::gate::{Gate, Rule};

/// The mark is given as the line under the expression.
#[track_caller]
fn check(expression: &str, mark: &str, message: &str) {
    let error = expression.parse::<Gate>().expect_err(expression);
    let expected = format!("the gate cannot be read: {message}\n  {expression}\n  {mark}");
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.message(), message);
}

const METRIC: &str =
    "expected a metric such as pass@1, pass^4, 2of3, not_graded, cost or duration.p95";
const COMPARISON: &str = "expected one of >=, >, <=, <";
const BOUND: &str = "expected a number such as 0.9 or 90%, or `baseline`";
const NEXT: &str = "expected `and`, a comma or the end";

#[test]
fn what_is_missing_is_named_where_it_is_missing() {
    check("", "^", METRIC);
    check("pass^4", "      ^", COMPARISON);
    check("pass^4 >=", "         ^", BOUND);
    check("pass^4 >= 0.9 and", "                 ^", METRIC);
    check("pass^4 >= 0.9,", "              ^", METRIC);
    check(", cost < 1", "^", METRIC);
    check("pass^ >= 0.9", "     ^", "expected a number of trials");
    check("2of >= 0.9", "    ^^", "expected a number of trials");
    check("estimate(pass^3 >= 0.8", "                ^^", "expected `)`");
    check("cost <= 1.", "          ^", "expected a digit after the point");
    check("pass@1 >= baseline -", "                    ^", "expected a number such as 0.02");
    check("cost.", "     ^", "expected total, mean or a percentile such as p95");
}

#[test]
fn what_is_wrong_is_marked() {
    check("pass^4 => 0.9", "       ^^", COMPARISON);
    check("pass^4 == 0.9", "       ^^", COMPARISON);
    check("each pass^3 >= 0.8", "     ^^^^", COMPARISON);
    check("pass^4 >= 0.9 pass@1 > 0", "              ^^^^", NEXT);
    check("pass^4 >= 0.9 andd cost < 1", "              ^^^^", NEXT);
    check("cost <= $1.50", "        ^", BOUND);
    check("cost <= .50", "        ^", BOUND);
    check("pass@1 >= baselin", "          ^^^^^^^", BOUND);
    check("pass@1 >= é", "          ^", BOUND);
}

#[test]
fn a_metric_that_does_not_exist_is_answered_with_one_that_does() {
    check("pas^4 >= 0.9", "^^^^^", "`pas` is no metric; did you mean pass^4?");
    check("Pass@2 >= 0.9", "^^^^^^", "`Pass` is no metric; did you mean pass@2?");
    check("costs <= 1", "^^^^^", "`costs` is no metric; did you mean cost?");
    check(
        "latency <= 3s",
        "^^^^^^^",
        "`latency` is no metric; there are pass@k, pass^k, not_graded, cost, tokens, duration.p95, \
         and m of k as in 2of3",
    );
    check("pass >= 0.9", "^^^^", "`pass` needs a number of trials, as in pass@1 or pass^4");
    check(
        "duration <= 3s",
        "^^^^^^^^",
        "`duration` needs a statistic, as in duration.p95 or duration.mean",
    );
    check(
        "not_graded.p5 <= 1%",
        "^^^^^^^^^^^^^",
        "`not_graded` is one number and has no statistic",
    );
    for statistic in ["p0", "p100", "p05", "p", "median", "9"] {
        let expression = format!("cost.{statistic} <= 1");
        check(
            &expression,
            &"^".repeat(5 + statistic.len()),
            &format!("`{statistic}` is not total, mean or a percentile from p1 to p99"),
        );
    }
}

#[test]
fn numbers_of_trials_that_cannot_be_are_refused() {
    check("pass@0 >= 1", "^^^^^^", "at least 1 trial is needed");
    check("0of3 >= 1", "^^^^", "at least 1 trial is needed");
    check("3 of 2 >= 1", "^^^^^^", "no 3 of 2 trials can pass");
    check(
        "pass@99999999999999999999 > 0",
        "^^^^^^^^^^^^^^^^^^^^^^^^^",
        "so many trials cannot be counted",
    );
}

#[test]
fn a_number_in_the_wrong_unit_is_answered_with_the_right_one() {
    let share = "a share is a number from 0 to 1, or a percentage";
    check("pass@1 >= 90", "          ^^", "a share is a number from 0 to 1; did you mean 90%?");
    check("pass@1 >= 900", "          ^^^", share);
    check("pass@1 >= 3s", "          ^^", share);
    check("pass@1 >= 101%", "          ^^^^", "a share is at most 100%");
    check(
        "pass@1 >= baseline - 2",
        "                     ^",
        "a share is a number from 0 to 1; did you mean 2%?",
    );
    let cost = "a cost is in US dollars and has no unit, as in 1.50";
    check("cost <= 3EUR", "        ^^^^", cost);
    check("cost <= 10%", "        ^^^", cost);
    let tokens = "a number of tokens is plain or in k or M, as in 200k";
    check("tokens <= 3s", "          ^^", tokens);
    let duration = "a duration has the unit ms, s, min or h, as in 30s";
    check("duration.p95 <= 3", "                ^", duration);
    check("duration.p95 <= 3m", "                ^^", duration);
    check("duration.p95 <= 3%", "                ^^", duration);
    let huge = format!("cost <= {}", "9".repeat(400));
    assert_eq!(huge.parse::<Gate>().unwrap_err().message(), "the number is too large");
}

#[test]
fn one_rule_is_not_two() {
    assert!("pass@1 > 0.5".parse::<Rule>().is_ok());
    let error = "pass@1 > 0.5, cost < 1".parse::<Rule>().unwrap_err();
    assert_eq!(error.message(), "expected one rule, found 2");
}
