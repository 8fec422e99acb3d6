//! What a written rule means, or why it means nothing.

use super::{
    bound::{Amount, Bound, Change, scaled},
    error::GateError,
    grammar::{Form, RawAmount, RawBound, RawMetric, RawRule},
    metric::{Kind, Metric, Quantity, Statistic},
    rule::Rule,
};
use crate::nearest::nearest;

/// The metrics that a name can mean, for those who misspell one.
const NAMES: [&str; 6] = ["pass@k", "pass^k", "not_graded", "cost", "tokens", "duration.p95"];

/// Says what a rule of an expression means.
pub(super) fn rule(expression: &str, raw: RawRule<'_>) -> Result<Rule, GateError> {
    let wrong = |at, message| GateError::new(expression, at, message);
    let RawMetric { form, at } = raw.metric;
    let metric = metric(&form).map_err(|message| wrong(at, message))?;
    let amount = |raw: RawAmount<'_>, role| {
        amount(&raw, metric.kind(), role).map_err(|message| wrong(raw.at, message))
    };
    let bound = match raw.bound {
        RawBound::Fixed(raw) => Bound::Fixed(amount(raw, Role::Bound)?),
        RawBound::Baseline(None) => Bound::Baseline(None),
        RawBound::Baseline(Some((below, raw))) => {
            Bound::Baseline(Some(Change { below, amount: amount(raw, Role::Change)? }))
        }
    };
    let RawRule { scope, evidence, operator, .. } = raw;
    Ok(Rule { scope, metric, evidence, operator, bound })
}

fn metric(form: &Form<'_>) -> Result<Metric, String> {
    match *form {
        Form::Power { name: "pass", symbol, k } => {
            let k = trials(k)?;
            Ok(Metric::Passes { m: if symbol == '@' { 1 } else { k }, k })
        }
        Form::Power { name, symbol, k } => Err(unknown(name, &format!("pass{symbol}{k}"))),
        Form::OutOf { m, k } => {
            let (m, k) = (trials(m)?, trials(k)?);
            Metric::passes(m, k).ok_or_else(|| format!("no {m} of {k} trials can pass"))
        }
        Form::Name { name: "not_graded", statistic: None } => Ok(Metric::NotGraded),
        Form::Name { name, statistic } => spent(name, statistic),
    }
}

/// Reads a number of trials.
fn trials(digits: &str) -> Result<u64, String> {
    match digits.parse() {
        Ok(0) => Err("at least 1 trial is needed".to_owned()),
        Ok(trials) => Ok(trials),
        Err(_) => Err("so many trials cannot be counted".to_owned()),
    }
}

fn spent(name: &str, statistic: Option<&str>) -> Result<Metric, String> {
    let quantity = match name {
        "cost" => Quantity::Cost,
        "tokens" => Quantity::Tokens,
        "duration" => Quantity::Duration,
        "pass" if statistic.is_none() => {
            return Err("`pass` needs a number of trials, as in pass@1 or pass^4".to_owned());
        }
        "not_graded" => return Err("`not_graded` is one number and has no statistic".to_owned()),
        _ => {
            let near = nearest(name, NAMES, 1);
            return Err(unknown(name, near.first().copied().unwrap_or_default()));
        }
    };
    let statistic = match statistic {
        None if quantity == Quantity::Duration => {
            return Err(
                "`duration` needs a statistic, as in duration.p95 or duration.mean".to_owned()
            );
        }
        None | Some("total") => Statistic::Total,
        Some("mean") => Statistic::Mean,
        Some(other) => percentile(other).ok_or_else(|| {
            format!("`{other}` is not total, mean or a percentile from p1 to p99")
        })?,
    };
    Ok(Metric::Spent { quantity, statistic })
}

fn percentile(text: &str) -> Option<Statistic> {
    let digits = text.strip_prefix('p')?;
    let percent: u8 = digits.parse().ok()?;
    // Writing it back refuses `p05` and `p+5`, which would print as something else.
    let plain = percent.to_string() == digits;
    (plain && (1..=99).contains(&percent)).then_some(Statistic::Percentile(percent))
}

fn unknown(name: &str, near: &str) -> String {
    if near.is_empty() {
        format!("`{name}` is no metric; there are {}, and m of k as in 2of3", NAMES.join(", "))
    } else {
        format!("`{name}` is no metric; did you mean {near}?")
    }
}

/// Where an amount stands.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Bound,
    Change,
}

fn amount(raw: &RawAmount<'_>, kind: Kind, role: Role) -> Result<Amount, String> {
    match kind {
        Kind::Share => share(raw),
        Kind::Of(_) if role == Role::Change && raw.unit == "%" => {
            number(raw, 0, 1.0).map(Amount::Percent)
        }
        Kind::Of(quantity) => spent_amount(raw, quantity),
    }
}

fn share(raw: &RawAmount<'_>) -> Result<Amount, String> {
    let value = number(raw, 0, 1.0)?;
    match raw.unit {
        "" if value <= 1.0 => Ok(Amount::Number(value)),
        "%" if value <= 100.0 => Ok(Amount::Percent(value)),
        "%" => Err("a share is at most 100%".to_owned()),
        "" if value <= 100.0 => {
            Err(format!("a share is a number from 0 to 1; did you mean {}%?", raw.digits))
        }
        _ => Err("a share is a number from 0 to 1, or a percentage".to_owned()),
    }
}

fn spent_amount(raw: &RawAmount<'_>, quantity: Quantity) -> Result<Amount, String> {
    use Quantity::{Cost, Duration, Tokens};
    let number = |power, factor| number(raw, power, factor);
    match (quantity, raw.unit) {
        (Cost | Tokens, "") => number(0, 1.0).map(Amount::Number),
        (Tokens, "k") => number(3, 1.0).map(Amount::Number),
        (Tokens, "M") => number(6, 1.0).map(Amount::Number),
        (Duration, "ms") => number(-3, 1.0).map(Amount::Seconds),
        (Duration, "s") => number(0, 1.0).map(Amount::Seconds),
        (Duration, "min") => number(0, 60.0).map(Amount::Seconds),
        (Duration, "h") => number(0, 3_600.0).map(Amount::Seconds),
        (Cost, _) => Err("a cost is in US dollars and has no unit, as in 1.50".to_owned()),
        (Tokens, _) => Err("a number of tokens is plain or in k or M, as in 200k".to_owned()),
        (Duration, _) => Err("a duration has the unit ms, s, min or h, as in 30s".to_owned()),
    }
}

fn number(raw: &RawAmount<'_>, power: i32, factor: f64) -> Result<f64, String> {
    let number = scaled(raw.digits, power).map(|number| number * factor);
    number.filter(|number| number.is_finite()).ok_or_else(|| "the number is too large".to_owned())
}
