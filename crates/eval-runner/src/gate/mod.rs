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
//! rule    = [ scope ":" ] what compare bound      a scope is of this rule alone
//! scope   = "these" | "each"                      these cases run again; every single case
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
//! `cost`, `tokens` and `duration` are those of the agent; what evals took is not in them. They and `not_graded` are
//! facts of a run and have no range.
//!
//! # What decides
//!
//! The conservative end of the range: `pass^4 >= 0.9` is met if the lower end is at least 0.9, and `<=` looks at the
//! upper end. `estimate(pass^4) >= 0.9` looks at the estimate alone, however uncertain it is. A rule about a
//! `baseline` looks at the range of the difference in the same way.
//!
//! A run has two ranges, and the rule says which one decides, by name:
//!
//! | rule | question | range |
//! |---|---|---|
//! | `pass^4 >= 0.9` | does it hold for cases like these | [`effective_wilson`], or [`clustered`] where all cases have groups |
//! | `these: pass^4 >= 0.9` | does it hold for these cases run again | [`rerun_range`] |
//! | `each: pass^4 >= 0.9` | does it hold for every one of these cases | [`one_task_metric`] |
//!
//! More trials narrow the second and the third; the first asks for more cases. A run of one case has no range for
//! others, so its own decides, and the verdict says so.
//!
//! A range of few trials is wide, so a plan is checked before it is run: [`Gate::check_plan`] refuses a rule that
//! would not be met even if every trial went well, and says how many would do.
//!
//! # Verdict and exit code
//!
//! | verdict | when | exit code |
//! |---|---|---|
//! | incomplete | trials are missing or still to be scored anew, or more than 5 % were not graded | [`exit::INCOMPLETE`], 3 |
//! | missed | a rule is missed | [`exit::MISSED`], 1 |
//! | undecidable | a rule has no number, such as a cost without a price | [`exit::USAGE`], 2 |
//! | met | otherwise | [`exit::MET`], 0 |
//!
//! The first that is true counts. Nothing here runs trials or reads files: [`Measurements`] and [`Reach`] bring the
//! numbers, [`RunMeasurements`] those of a run and [`PlannedReach`] those of a plan.
//!
//! [`StopRule`] ends a run as soon as a rule is decided. No range of a fixed number of trials holds for such a run, so
//! that its passes have no number for a gate; [`GateReport::with_watched`] takes the decision of the same rule.
//!
//! [`clustered`]: crate::stats::clustered
//! [`effective_wilson`]: crate::stats::effective_wilson
//! [`one_task_metric`]: crate::stats::one_task_metric
//! [`rerun_range`]: crate::stats::rerun_range

pub mod exit;

mod bound;
mod error;
mod evaluate;
mod grammar;
mod measured;
mod metric;
mod number;
mod outlook;
mod plan;
mod planned;
mod resolve;
mod rule;
mod run;
mod stop;
mod text;
mod verdict;

pub use bound::{Amount, Bound, Change};
pub use error::GateError;
pub use measured::{About, Against, Completeness, Measured, Measurements, NoNumber, Subject};
pub use metric::{Metric, Quantity, Statistic};
pub use outlook::{Outlook, Prospect, RuleOutlook};
pub use plan::{Enough, OutOfReach, Reach, Undecidable};
pub use planned::PlannedReach;
pub use rule::{Evidence, Gate, Operator, Rule, Scope};
pub use run::RunMeasurements;
pub use stop::{StopDecision, StopRule, StopRuleError, StopWatch};
pub use verdict::{
    CaseFinding, Compared, Finding, GateReport, GateVerdict, RuleFinding, RuleReport,
};
