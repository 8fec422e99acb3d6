//! What a run took besides its outcomes: model calls, time, tries.

use std::fmt;

use probity_trace::genai::Usage;
use serde::{Deserialize, Serialize};

use super::text::plural;
use crate::stats::percentile;

/// What the model calls of a run used, of agents and of judges apart.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelSpending {
    /// What the agents' model calls used.
    pub agents: Spent,
    /// What the evals' model calls used.
    pub judges: Spent,
}

/// What some model calls used.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// The tokens, as far as they were reported.
    pub usage: Usage,
    /// The cost in US dollars of the calls whose price is known; `None` if none is.
    pub cost_usd: Option<f64>,
    /// How many calls have no known price; above 0, the whole cost is unknown.
    pub unpriced_calls: u64,
}

/// How the trials of a run went, which differs from run to run: time and tries.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// How long the agent took for a trial; `None` without a trial.
    pub seconds: Option<Seconds>,
    /// How many attempts were made besides the first of each trial.
    pub retries: u64,
}

/// How long the agent took for a trial, in seconds: the nearest rank among all finished trials.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    /// The time that half of the trials did not exceed.
    pub median: f64,
    /// The time that 90 % of the trials did not exceed.
    pub p90: f64,
}

impl ModelSpending {
    /// Makes what a run used, its agents and its judges apart.
    #[must_use]
    pub fn new(agents: Spent, judges: Spent) -> Self {
        Self { agents, judges }
    }
}

impl Spent {
    /// Makes what some model calls used, `unpriced_calls` of which have no known price.
    #[must_use]
    pub fn new(usage: Usage, cost_usd: Option<f64>, unpriced_calls: u64) -> Self {
        Self { usage, cost_usd, unpriced_calls }
    }

    /// Returns whether no model call was seen.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the whole cost in US dollars; `None` if a call has no known price, or no call was seen.
    #[must_use]
    pub fn known_cost_usd(&self) -> Option<f64> {
        self.cost_usd.filter(|_| self.unpriced_calls == 0)
    }
}

impl Course {
    /// Makes the course of trials that took so many seconds each.
    #[must_use]
    pub fn new(seconds: &[f64], retries: u64) -> Self {
        let [median, p90] = [50, 90].map(|percent| percentile(seconds, percent));
        let seconds = median.zip(p90).map(|(median, p90)| Seconds { median, p90 });
        Self { seconds, retries }
    }
}

/// Prints `1234 tokens, $0.5600`; a cost that is not known is said to be unknown, and is never 0.
impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.usage.total_tokens() {
            Some(tokens) => write!(f, "{tokens} token{}", plural(tokens != 1))?,
            None => f.write_str("tokens not reported")?,
        }
        let calls = self.unpriced_calls;
        match self.cost_usd {
            Some(cost) if calls == 0 => return write!(f, ", {}", dollars(cost)),
            Some(cost) => write!(f, ", {} and more", dollars(cost))?,
            None => {}
        }
        f.write_str(", cost unknown")?;
        match calls {
            0 => Ok(()),
            1 => f.write_str(": 1 call has no price"),
            _ => write!(f, ": {calls} calls have no price"),
        }
    }
}

/// Prints the half of the trials and the slower end, in one sentence.
impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Half of the trials took up to {}, 90% up to {}.",
            time(self.median),
            time(self.p90)
        )
    }
}

/// Writes US dollars; fractions of a cent count where little was spent.
fn dollars(cost: f64) -> String {
    if cost.abs() < 1.0 { format!("${cost:.4}") } else { format!("${cost:.2}") }
}

/// Writes a time in the unit in which a person would say it.
fn time(seconds: f64) -> String {
    if seconds < 0.000_999_5 {
        "1 ms".to_owned()
    } else if seconds < 0.999_5 {
        format!("{:.0} ms", seconds * 1_000.0)
    } else if seconds < 99.95 {
        format!("{seconds:.1} s")
    } else if seconds < 5_970.0 {
        format!("{:.1} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3_600.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_cost_is_said_and_never_zero() {
        let usage = Usage::new(1_000, 234);
        for (spent, want) in [
            (Spent::new(usage, Some(0.56), 0), "1234 tokens, $0.5600"),
            (Spent::new(usage, Some(1.5), 0), "1234 tokens, $1.50"),
            (Spent::new(usage, Some(0.0), 0), "1234 tokens, $0.0000"),
            (Spent::new(usage, None, 12), "1234 tokens, cost unknown: 12 calls have no price"),
            (
                Spent::new(usage, Some(3.2), 1),
                "1234 tokens, $3.20 and more, cost unknown: 1 call has no price",
            ),
            (Spent::new(usage, None, 0), "1234 tokens, cost unknown"),
            (
                Spent::new(Usage::default(), None, 2),
                "tokens not reported, cost unknown: 2 calls have no price",
            ),
        ] {
            assert_eq!(spent.to_string(), want);
        }
    }

    #[test]
    fn times_are_said_in_their_unit() {
        let units = [0.000_01, 0.000_999_5, 0.25, 0.9994, 0.9995, 99.94, 99.95, 5_969.0, 7_200.0];
        let want =
            ["1 ms", "1 ms", "250 ms", "999 ms", "1.0 s", "99.9 s", "1.7 min", "99.5 min", "2.0 h"];
        assert_eq!(units.map(time), want);
    }
}
