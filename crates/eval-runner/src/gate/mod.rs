//! Gates: what a run must reach, in a short expression.
//!
//! ```
//! use probity_eval_runner::gate::Gate;
//!
//! let gate: Gate = "pass^4 >= 90%, cost <= 1.50, each: pass^3 >= 0.8".parse()?;
//! # assert_eq!(gate.rules().len(), 3);
//! # Ok::<(), probity_eval_runner::gate::GateError>(())
//! ```
//!
//! # Grammar
//!
//! ```text
//! gate    = rule { ("," | "and") rule }           all rules must be met
//! rule    = [ "each:" ] what compare bound        `each:` speaks of every single case, and of this rule alone
//! what    = metric | "estimate(" metric ")"
//! metric  = "pass@" k | "pass^" k | m "of" k      at least 1, all k, or m of k trials pass
//!         | "not_graded"                          the share of trials that could not be graded
//!         | "cost" | "tokens"                     the total of all trials
//!         | ("cost" | "tokens" | "duration") "." ("total" | "mean" | "p1" .. "p99")
//! compare = ">=" | ">" | "<=" | "<"
//! bound   = amount | "baseline" [ ("+" | "-") amount ]
//! amount  = number [ unit ]
//! ```
//!
//! | metric | amount |
//! |---|---|
//! | `pass@k`, `pass^k`, `2of3`, `not_graded` | a share: `0.9` or `90%`; after `baseline` both are points |
//! | `cost` | US dollars: `1.50`; after `baseline` also `10%` of the baseline's |
//! | `tokens` | `5000`, `200k`, `2M`; after `baseline` also `10%` of the baseline's |
//! | `duration` | `500ms`, `30s`, `2min`, `1h`; after `baseline` also `10%` of the baseline's |
//!
//! # What decides
//!
//! The conservative end of the range: `pass^4 >= 0.9` is met if the lower end is at least 0.9, and `<=` looks at the
//! upper end. `estimate(pass^4) >= 0.9` looks at the estimate alone, however uncertain it is. A rule about a
//! `baseline` looks at the range of the difference in the same way.
//!
//! A range of few trials is wide, so a plan is checked before it is run: [`Gate::check_plan`] refuses a rule that
//! would not be met even if every trial went well, and says how many would do.
//!
//! # Verdict and exit code
//!
//! | verdict | when | exit code |
//! |---|---|---|
//! | incomplete | trials are missing, or more than 5 % were not graded | [`exit::INCOMPLETE`], 3 |
//! | missed | a rule is missed | [`exit::MISSED`], 1 |
//! | undecidable | a rule has no number, such as a cost without a price | [`exit::USAGE`], 2 |
//! | met | otherwise | [`exit::MET`], 0 |
//!
//! The first that is true counts. Nothing here runs trials or reads files: [`Measurements`] and [`Reach`] bring the
//! numbers.

pub mod exit;

mod bound;
mod error;
mod evaluate;
mod grammar;
mod measured;
mod metric;
mod number;
mod plan;
mod resolve;
mod rule;
mod text;
mod verdict;

pub use bound::{Amount, Bound, Change};
pub use error::GateError;
pub use measured::{Against, Completeness, Measured, Measurements, NoNumber, Subject};
pub use metric::{Metric, Quantity, Statistic};
pub use plan::{Enough, OutOfReach, Reach, Undecidable};
pub use rule::{Comparison, Evidence, Gate, Rule, Scope};
pub use verdict::{
    CaseFinding, Compared, Finding, GateReport, GateVerdict, RuleFinding, RuleReport,
};
