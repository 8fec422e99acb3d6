//! What one trial may use.

use std::time::Duration;

/// What one trial may use. An agent that needs more has failed.
///
/// Tokens and cost are counted when a model call ends, so a trial may exceed them by its last call. They are read
/// from its spans: what a provider does not report is not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct TrialLimits {
    /// How long the agent may take.
    pub time: Option<Duration>,
    /// How many tokens its model calls may use, of input and output together.
    pub tokens: Option<u64>,
    /// What its model calls may cost, in US dollars.
    pub cost_usd: Option<f64>,
}
