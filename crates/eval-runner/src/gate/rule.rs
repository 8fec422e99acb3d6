//! Gates and the rules that they are made of.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{bound::Bound, error::GateError, grammar, metric::Metric, resolve};

/// Rules that a run must meet, all of them.
///
/// Read from an expression in the grammar of [the module](super), and printed as one.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::gate::Gate;
///
/// let gate: Gate = "pass^4 >= 90%, cost<=1.50 and each: pass^3 >= 0.8".parse()?;
/// assert_eq!(gate.rules().len(), 3);
/// assert_eq!(gate.to_string(), "pass^4 >= 90%, cost <= 1.5, each: pass^3 >= 0.8");
///
/// let error = "pass^4 => 0.9".parse::<Gate>().unwrap_err();
/// println!("{error}");
/// # assert!(error.to_string().contains("expected one of >=, >, <=, <"));
/// # Ok::<(), probity_eval_runner::gate::GateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Gate {
    rules: Vec<Rule>,
}

/// One comparison of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub struct Rule {
    /// Whether the run must meet it or each case, and which range is held against it.
    pub scope: Scope,
    /// What is compared.
    pub metric: Metric,
    /// How much must meet the bound: the whole range or the estimate alone.
    pub evidence: Evidence,
    /// How it is compared.
    pub operator: Operator,
    /// What it is compared with.
    pub bound: Bound,
}

/// What must meet a rule, and what its ranges speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// The run as a whole, by the range for cases like these.
    Run,
    /// The run as a whole, by the range for these cases run again, which says nothing of other cases.
    These,
    /// Every single case, by its own range.
    Each,
}

/// How much of a metric must meet a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The whole range: the lower end for `>=` and `>`, the upper end for `<=` and `<`.
    Range,
    /// The estimate, however uncertain.
    Estimate,
}

/// How a metric is compared with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
}

impl Gate {
    /// Returns the rules in the order of the expression: at least one.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Adds the rules of another gate, so that both must be met.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rules.extend(other.rules);
        self
    }
}

/// Numbers that differ by less than this part of the bound, or of 1 where the bound is less, count as equal: a mean
/// of nine tenths may come out as 0.8999999999999999.
const ROUNDING: f64 = 1e-12;

impl Operator {
    /// Returns whether a value meets a bound; never where either is not a number.
    ///
    /// Values that differ by rounding alone count as equal.
    pub fn holds(self, value: f64, bound: f64) -> bool {
        let equal = (value - bound).abs() <= ROUNDING * bound.abs().max(1.0);
        match self {
            Self::AtLeast => equal || value > bound,
            Self::MoreThan => !equal && value > bound,
            Self::AtMost => equal || value < bound,
            Self::LessThan => !equal && value < bound,
        }
    }

    /// Returns whether more is better: then the lower end of a range decides.
    pub fn asks_for_more(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan)
    }
}

impl FromStr for Gate {
    type Err = GateError;

    fn from_str(expression: &str) -> Result<Self, GateError> {
        let rules = grammar::parse(expression)?;
        let rules = rules.into_iter().map(|rule| resolve::rule(expression, rule));
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }
}

impl FromStr for Rule {
    type Err = GateError;

    /// Reads an expression of one rule.
    fn from_str(expression: &str) -> Result<Self, GateError> {
        match &expression.parse::<Gate>()?.rules[..] {
            [rule] => Ok(*rule),
            rules => Err(GateError::new(
                expression,
                0..expression.len(),
                format!("expected one rule, found {}", rules.len()),
            )),
        }
    }
}

impl TryFrom<String> for Gate {
    type Error = GateError;

    fn try_from(expression: String) -> Result<Self, GateError> {
        expression.parse()
    }
}

impl From<Gate> for String {
    fn from(gate: Gate) -> Self {
        gate.to_string()
    }
}

impl TryFrom<String> for Rule {
    type Error = GateError;

    fn try_from(expression: String) -> Result<Self, GateError> {
        expression.parse()
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}

/// Prints the rules as they are written, with commas between them.
impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, rule) in self.rules.iter().enumerate() {
            let before = if number == 0 { "" } else { ", " };
            write!(f, "{before}{rule}")?;
        }
        Ok(())
    }
}

/// Prints the rule as it is written.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.scope {
            Scope::Run => "",
            Scope::These => "these: ",
            Scope::Each => "each: ",
        })?;
        match self.evidence {
            Evidence::Range => write!(f, "{}", self.metric)?,
            Evidence::Estimate => write!(f, "estimate({})", self.metric)?,
        }
        write!(f, " {} {}", self.operator, self.bound)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AtLeast => ">=",
            Self::MoreThan => ">",
            Self::AtMost => "<=",
            Self::LessThan => "<",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_no_difference_and_no_number_meets_nothing() {
        let mean = (0.1 + 0.2) / 0.3 * 0.9;
        assert!(mean > 0.9, "a case that rounds");
        for (operator, at_the_bound) in [
            (Operator::AtLeast, true),
            (Operator::MoreThan, false),
            (Operator::AtMost, true),
            (Operator::LessThan, false),
        ] {
            assert_eq!(operator.holds(mean, 0.9), at_the_bound, "{operator}");
            assert_eq!(operator.holds(0.91, 0.9), operator.asks_for_more(), "{operator}");
            assert_eq!(operator.holds(0.89, 0.9), !operator.asks_for_more(), "{operator}");
            assert!(!operator.holds(f64::NAN, 0.9) && !operator.holds(0.9, f64::NAN));
        }
    }

    #[test]
    fn infinite_costs_are_above_every_bound() {
        assert!(!Operator::AtMost.holds(f64::INFINITY, 1e300));
        assert!(Operator::AtLeast.holds(f64::INFINITY, 1e300));
    }
}
