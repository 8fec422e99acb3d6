//! What a metric is compared with.

use std::fmt;

use super::metric::Kind;

/// The right side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// A number.
    Fixed(Amount),
    /// What the baseline reached, with or without an allowance.
    Baseline(Option<Change>),
}

/// How far from the baseline the bound lies.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Whether the bound lies below the baseline.
    pub below: bool,
    /// How far. A percentage of a share is in points; of a cost, tokens or time it is a part of the baseline's.
    pub amount: Amount,
}

/// A number as it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Amount {
    /// A plain number: a share, US dollars, tokens.
    Number(f64),
    /// A number of percent.
    Percent(f64),
    /// A number of seconds.
    Seconds(f64),
}

impl Amount {
    /// Returns the number that is meant: `90%` is 0.9.
    pub fn value(self) -> f64 {
        match self {
            Self::Number(value) | Self::Seconds(value) => value,
            Self::Percent(percent) => scaled(&percent.to_string(), -2).unwrap_or(percent / 100.0),
        }
    }
}

impl Change {
    /// Returns the change as a signed number, where a relative one is of this baseline.
    pub(super) fn of(self, kind: Kind, baseline: f64) -> f64 {
        let size = match (kind, self.amount) {
            (Kind::Of(_), Amount::Percent(_)) => self.amount.value() * baseline.abs(),
            _ => self.amount.value(),
        };
        if self.below { -size } else { size }
    }
}

/// Reads decimal digits times a power of ten: the number nearest to the decimal that was written.
pub(super) fn scaled(digits: &str, power: i32) -> Option<f64> {
    format!("{digits}e{power}").parse().ok().filter(|value: &f64| value.is_finite())
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(amount) => amount.fmt(f),
            Self::Baseline(None) => f.write_str("baseline"),
            Self::Baseline(Some(Change { below, amount })) => {
                write!(f, "baseline {} {amount}", if *below { '-' } else { '+' })
            }
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Percent(value) => write!(f, "{value}%"),
            Self::Seconds(value) => write!(f, "{value}s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Quantity;

    #[test]
    fn percent_is_the_decimal_that_was_written() {
        for (percent, share) in
            [(90.0, 0.9), (7.0, 0.07), (12.3, 0.123), (0.1, 0.001), (100.0, 1.0)]
        {
            assert!(Amount::Percent(percent).value().to_bits() == f64::to_bits(share), "{percent}");
        }
    }

    #[test]
    fn percent_is_points_of_a_share_and_a_part_of_a_cost() {
        let change = Change { below: true, amount: Amount::Percent(10.0) };
        let sizes = [Kind::Share, Kind::Of(Quantity::Cost)].map(|kind| change.of(kind, 3.0));
        assert!((sizes[0] + 0.1).abs() < 1e-15 && (sizes[1] + 0.3).abs() < 1e-15, "{sizes:?}");
    }
}
