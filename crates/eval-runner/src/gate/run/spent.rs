//! What the trials of cases took.

use crate::{
    facts::CaseFacts,
    gate::{
        measured::NoNumber,
        metric::{Quantity, Statistic},
    },
    stats::{percentile, real},
    store::Spending,
};

/// Returns what the trials of cases took; unknown where anything of it is.
pub(super) fn spent(
    cases: &[&CaseFacts],
    quantity: Quantity,
    statistic: Statistic,
) -> Result<f64, NoNumber> {
    let trials = trials(cases)?;
    match statistic {
        Statistic::Total => total(cases, quantity),
        Statistic::Mean => Ok(total(cases, quantity)? / real(trials)),
        Statistic::Percentile(percent) => {
            let values = single(cases, quantity)?;
            percentile(&values, percent)
                .map(|value| if quantity == Quantity::Tokens { value } else { as_written(value) })
                .ok_or_else(|| NoNumber::unknown("no trial was run"))
        }
    }
}

/// Returns the number of trials.
pub(super) fn trials(cases: &[&CaseFacts]) -> Result<u64, NoNumber> {
    match cases.iter().map(|case| case.tally.trials()).sum() {
        0 => Err(NoNumber::unknown("no trial was run")),
        trials => Ok(trials),
    }
}

fn total(cases: &[&CaseFacts], quantity: Quantity) -> Result<f64, NoNumber> {
    match quantity {
        Quantity::Cost => cost(cases),
        Quantity::Tokens => tokens(cases),
        Quantity::Duration => Ok(single(cases, quantity)?.into_iter().sum()),
    }
}

fn cost(cases: &[&CaseFacts]) -> Result<f64, NoNumber> {
    let spent = sum(cases);
    match (spent.cost_usd, spent.unpriced_calls) {
        (_, 1) => Err(NoNumber::unknown("1 model call has no known price")),
        (_, calls @ 2..) => {
            Err(NoNumber::unknown(format!("{calls} model calls have no known price")))
        }
        (None, 0) => Err(NoNumber::unknown("no model call was seen, so the cost is not known")),
        (Some(cost), 0) => Ok(cost),
    }
}

fn tokens(cases: &[&CaseFacts]) -> Result<f64, NoNumber> {
    let spent = sum(cases);
    match (spent.usage.input_tokens, spent.usage.output_tokens) {
        (None, None) => Err(NoNumber::unknown("no model call said how many tokens it took")),
        _ => Ok(real(spent.tokens())),
    }
}

fn sum(cases: &[&CaseFacts]) -> Spending {
    cases.iter().fold(Spending::default(), |all, case| all.plus(case.spent))
}

/// What every single trial took.
fn single(cases: &[&CaseFacts], quantity: Quantity) -> Result<Vec<f64>, NoNumber> {
    if !cases.iter().all(|case| case.knows_single_trials()) {
        return Err(NoNumber::unknown("of single trials nothing is known, as in a baseline file"));
    }
    match quantity {
        Quantity::Cost => {
            cost(cases)?;
            // All calls have a price, so a trial without a cost has made no call.
            let costs = cases.iter().flat_map(|case| case.costs_usd());
            Ok(costs.map(Option::unwrap_or_default).collect())
        }
        Quantity::Tokens => {
            tokens(cases)?;
            Ok(cases.iter().flat_map(|case| case.tokens()).map(real).collect())
        }
        Quantity::Duration => Ok(cases.iter().flat_map(|case| case.seconds()).collect()),
    }
}

/// The decimal number that a number of single precision stands for: 0.1 dollars are kept as 0.100000001.
#[expect(clippy::cast_possible_truncation, reason = "the number comes from single precision")]
fn as_written(value: f64) -> f64 {
    (value as f32).to_string().parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::as_written;

    #[test]
    fn a_number_of_single_precision_is_read_as_it_was_written() {
        assert_eq!(as_written(f64::from(0.1_f32)).to_string(), "0.1");
        assert_eq!(as_written(12.5).to_string(), "12.5");
    }
}
