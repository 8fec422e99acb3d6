//! How numbers of a gate are shown.

use super::{
    bound::Bound,
    measured::Measured,
    metric::{Kind, Quantity},
    rule::Rule,
};
use crate::percent::percent;

/// Shows numbers of a rule: of its metric, or of the difference from a baseline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    kind: Kind,
    signed: bool,
}

impl Shown {
    /// Shows what a rule compares with its bound.
    pub(super) fn of(rule: &Rule) -> Self {
        Self { kind: rule.metric.kind(), signed: matches!(rule.bound, Bound::Baseline(_)) }
    }

    /// Shows the metric itself.
    pub(super) fn metric(rule: &Rule) -> Self {
        Self { kind: rule.metric.kind(), signed: false }
    }

    /// Shows a number with its unit; a difference of shares is in points, which have none.
    pub(super) fn value(self, value: f64) -> String {
        let sign = if value < 0.0 { "-" } else { "+" };
        let number = unsigned(self.kind, if self.signed { value.abs() } else { value });
        match (self.signed, self.kind) {
            (true, Kind::Share) => format!("{sign}{}", number.trim_end_matches('%')),
            (true, Kind::Of(_)) => format!("{sign}{number}"),
            (false, _) => number,
        }
    }

    /// Shows a number and its range, or the number alone where it is exact.
    pub(super) fn measured(self, measured: Measured) -> String {
        let Measured { estimate, lo, hi, about } = measured;
        let shown = self.value(estimate);
        if lo >= hi {
            return shown;
        }
        let between = if self.signed { "to" } else { "–" };
        let [lo, hi] = [lo, hi].map(|end| self.value(end));
        let about = about.map_or_else(String::new, |about| format!(" {about}"));
        let [lo, hi] = [&lo, &hi].map(|end| end.trim_end_matches('%'));
        format!("{shown} ({lo} {between} {hi}{about})")
    }
}

fn unsigned(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Share => format!("{}%", percent(value)),
        // Fractions of a cent count where a trial costs less than a cent.
        Kind::Of(Quantity::Cost) if value.abs() < 1.0 => format!("${value:.4}"),
        Kind::Of(Quantity::Cost) => format!("${value:.2}"),
        Kind::Of(Quantity::Tokens) => format!("{value:.0} tokens"),
        Kind::Of(Quantity::Duration) if value.abs() < 1.0 => format!("{:.0} ms", value * 1_000.0),
        Kind::Of(Quantity::Duration) => format!("{value:.1} s"),
    }
}
