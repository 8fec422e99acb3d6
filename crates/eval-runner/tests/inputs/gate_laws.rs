//! Laws of reading and printing gates.

use probity_eval_runner::gate::{
    Amount, Bound, Evidence, Gate, Metric, Operator, Quantity, Rule, Scope, Statistic,
};
use proptest::prelude::*;

#[track_caller]
fn check(expression: &str, printed: &str) {
    let gate: Gate = expression.parse().expect(expression);
    assert_eq!(gate.to_string(), printed, "{expression}");
}

#[test]
fn every_form_of_the_grammar_prints_in_one_way() {
    check("pass^4>=0.9", "pass^4 >= 0.9");
    check("  pass^4  ≥ 90 % ", "pass^4 >= 90%");
    check("pass@1 >= baseline - 0.02", "pass@1 >= baseline - 0.02");
    check("pass@1>=baseline-2%", "pass@1 >= baseline - 2%");
    check("pass@1 > baseline", "pass@1 > baseline");
    check("cost <= 1.50", "cost <= 1.5");
    check("cost.total < 1, cost.mean < 0.1", "cost < 1, cost.mean < 0.1");
    check("cost <= baseline + 10%", "cost <= baseline + 10%");
    check("each:pass^3>=0.8", "each: pass^3 >= 0.8");
    check("each : estimate ( pass^3 ) > 0.8", "each: estimate(pass^3) > 0.8");
    check("2 of 3 >= 0.5", "2of3 >= 0.5");
    check("pass^1 >= 0.5, 1of4 >= 0.5, 4of4 >= 0.5", "pass@1 >= 0.5, pass@4 >= 0.5, pass^4 >= 0.5");
    check("not_graded<=2%", "not_graded <= 2%");
    check("duration.p95 ≤ 500ms", "duration.p95 <= 0.5s");
    check("duration.p50 <= 1.5min", "duration.p50 <= 90s");
    check("duration.mean <= 1h", "duration.mean <= 3600s");
    check("tokens <= 200k and tokens.p99<=0.5M", "tokens <= 200000, tokens.p99 <= 500000");
    check("cost < 1 and\ncost < 2\t,cost < 3", "cost < 1, cost < 2, cost < 3");
}

#[test]
fn a_rule_says_what_was_written() {
    let rule: Rule = "each: estimate(pass^3) >= 90%".parse().unwrap();
    assert_eq!(rule.scope, Scope::Each);
    assert_eq!(rule.evidence, Evidence::Estimate);
    assert_eq!(Some(rule.metric), Metric::passes(3, 3));
    assert_eq!(rule.operator, Operator::AtLeast);
    assert_eq!(rule.bound, Bound::Fixed(Amount::Percent(90.0)));
    let rule: Rule = "duration.p95 < 2min".parse().unwrap();
    assert!(matches!(
        rule.metric,
        Metric::Spent { quantity: Quantity::Duration, statistic: Statistic::Percentile(95), .. }
    ));
    assert_eq!(rule.bound, Bound::Fixed(Amount::Seconds(120.0)));
}

#[test]
fn gates_join_and_are_texts_in_json() {
    let gate: Gate = "pass^4 >= 90%".parse().unwrap();
    let gate = gate.and("cost <= 1".parse().unwrap());
    let json = serde_json::to_string(&gate).unwrap();
    assert_eq!(json, r#""pass^4 >= 90%, cost <= 1""#);
    assert_eq!(serde_json::from_str::<Gate>(&json).unwrap(), gate);
    let error = serde_json::from_str::<Gate>(r#""pass""#).unwrap_err();
    assert!(error.to_string().starts_with("the gate cannot be read"), "{error}");
}

fn metric() -> impl Strategy<Value = (String, &'static str)> {
    let share = prop_oneof![
        (1..20_u64).prop_map(|k| format!("pass@{k}")),
        (1..20_u64).prop_map(|k| format!("pass^{k}")),
        (1..9_u64, 0..9_u64).prop_map(|(m, more)| format!("{m}of{}", m + more)),
        Just("not_graded".to_owned()),
    ];
    let statistic = prop_oneof![
        Just("total".to_owned()),
        Just("mean".to_owned()),
        (1..100_u32).prop_map(|p| format!("p{p}")),
    ];
    let quantity = prop::sample::select(vec!["cost", "tokens", "duration"]);
    prop_oneof![
        share.prop_map(|metric| (metric, "share")),
        (quantity, statistic).prop_map(|(name, statistic)| (format!("{name}.{statistic}"), name)),
    ]
}

fn amount(kind: &'static str, change: bool) -> BoxedStrategy<String> {
    let number = (0..1_000_u32, 0..10_000_u32).prop_map(|(whole, part)| format!("{whole}.{part}"));
    let percent = (0..100_u32, 0..100_u32).prop_map(|(whole, part)| format!("{whole}.{part}%"));
    match kind {
        "share" => {
            prop_oneof![(0..1_000_u32).prop_map(|part| format!("0.{part}")), percent].boxed()
        }
        _ if change => percent.boxed(),
        "cost" => number.boxed(),
        "tokens" => (number, prop::sample::select(vec!["", "k", "M"]))
            .prop_map(|(number, unit)| number + unit)
            .boxed(),
        _ => (number, prop::sample::select(vec!["ms", "s", "min", "h"]))
            .prop_map(|(number, unit)| number + unit)
            .boxed(),
    }
}

fn rule() -> impl Strategy<Value = String> {
    let scope = prop::sample::select(vec!["", "each: ", "each:"]);
    let operator = prop::sample::select(vec![">=", ">", "<=", "<", "≥", "≤"]);
    metric().prop_flat_map(move |(metric, kind)| {
        let bound = prop_oneof![
            amount(kind, false),
            Just("baseline".to_owned()),
            (prop::bool::ANY, amount(kind, true)).prop_map(|(below, amount)| format!(
                "baseline {} {amount}",
                if below { '-' } else { '+' }
            )),
        ];
        (scope.clone(), Just(metric), prop::bool::ANY, operator.clone(), bound).prop_map(
            |(scope, metric, estimate, operator, bound)| {
                let metric = if estimate { format!("estimate({metric})") } else { metric };
                format!("{scope}{metric} {operator} {bound}")
            },
        )
    })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn a_printed_gate_reads_as_the_same_gate(
        rules in prop::collection::vec(rule(), 1..5),
        separator in prop::sample::select(vec![", ", " and ", ","]),
    ) {
        let expression = rules.join(separator);
        let gate: Gate = expression.parse().map_err(|error| {
            TestCaseError::fail(format!("{error}"))
        })?;
        prop_assert_eq!(gate.rules().len(), rules.len());
        let printed = gate.to_string();
        let again: Gate = printed.parse().map_err(|error| {
            TestCaseError::fail(format!("{error}"))
        })?;
        prop_assert_eq!(&again, &gate);
        prop_assert_eq!(again.to_string(), printed);
    }

    #[test]
    fn no_text_makes_the_parser_panic_and_every_error_marks_a_place(text in "\\PC{0,40}") {
        check_any(&text)?;
    }

    #[test]
    fn no_mixture_of_words_makes_the_parser_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "pass", "@", "^", "4", "of", "3", ">=", "<", "0.9", "90%", "each", ":", "estimate", "(", ")",
            "baseline", "-", "+", "and", ",", " ", "cost", ".", "p95", "duration", "s", "é", "\n", "tokens", "k",
        ]), 0..14),
    ) {
        check_any(&words.concat())?;
    }
}

fn check_any(text: &str) -> Result<(), TestCaseError> {
    match text.parse::<Gate>() {
        Ok(gate) => {
            let printed = gate.to_string();
            prop_assert_eq!(printed.parse::<Gate>().ok(), Some(gate), "{}", printed);
        }
        Err(error) => {
            let at = error.at();
            prop_assert!(at.start <= at.end && at.end <= text.len(), "{:?}", at);
            prop_assert!(text.is_char_boundary(at.start) && text.is_char_boundary(at.end));
            prop_assert_eq!(error.to_string().lines().count(), 3);
        }
    }
    Ok(())
}
