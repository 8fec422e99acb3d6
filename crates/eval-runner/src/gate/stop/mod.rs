//! Stopping a run as soon as a rule is decided, without deciding wrongly more often than the level says.

mod rounds;
mod rule;
mod sides;
mod singles;
mod watch;

pub use rule::{StopRule, StopRuleError};
pub use watch::{StopDecision, StopWatch};
