//! What one attempt at a trial may use.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What one attempt at a trial may use. An agent that needs more has failed.
///
/// Each attempt that is made since the infrastructure failed has all of it again. Tokens and cost are counted when a
/// model call ends, so an attempt may exceed them by its last call. They are read from its spans: what a provider does
/// not report is not counted, and neither is the cost of a call whose price is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TrialLimits {
    /// How long the agent may take, without the time in which all that it does is to wait until a model call may be
    /// sent.
    pub time: Option<Duration>,
    /// How many tokens its model calls may use, of input and output together.
    pub tokens: Option<u64>,
    /// What its model calls may cost, in US dollars.
    pub cost_usd: Option<f64>,
}

impl TrialLimits {
    /// Says how other limits differ from these, in words: `its time limit is 5s, and is now 1s`.
    pub(crate) fn differences(&self, now: &Self) -> Vec<String> {
        let time = |limits: &Self| limits.time.map(|limit| format!("{limit:?}"));
        let tokens = |limits: &Self| limits.tokens.map(|limit| limit.to_string());
        let cost = |limits: &Self| limits.cost_usd.map(|limit| format!("${limit}"));
        [
            ("time limit", time(self), time(now)),
            ("token limit", tokens(self), tokens(now)),
            ("cost limit", cost(self), cost(now)),
        ]
        .into_iter()
        .filter(|(_, before, now)| before != now)
        .map(|(what, before, now)| match (before, now) {
            (Some(before), Some(now)) => format!("its {what} is {before}, and is now {now}"),
            (Some(before), None) => format!("its {what} is {before}, and there is none now"),
            (None, now) => {
                format!("it has no {what}, and there is one of {} now", now.unwrap_or_default())
            }
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_differ_are_told_with_both_values() {
        let before =
            TrialLimits { time: Some(Duration::from_millis(10)), ..TrialLimits::default() };
        let now = TrialLimits { tokens: Some(5), cost_usd: Some(0.5), ..TrialLimits::default() };
        assert_eq!(
            before.differences(&now),
            [
                "its time limit is 10ms, and there is none now",
                "it has no token limit, and there is one of 5 now",
                "it has no cost limit, and there is one of $0.5 now",
            ]
        );
        assert!(before.differences(&before).is_empty());
    }
}
