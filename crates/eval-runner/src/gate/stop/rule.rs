//! Rules that can end a run.

use std::{fmt, str::FromStr};

use super::watch::StopWatch;
use crate::{
    gate::{
        bound::Bound,
        error::GateError,
        metric::Metric,
        rule::{Evidence, Rule, Scope},
    },
    stats::{
        Confidence, Interval,
        stopping::{least_count, metric_sequence},
    },
};

/// A rule that ends a run as soon as it is decided.
///
/// Written as a rule of a gate about passes: `these: pass@1 >= 0.9` or `each: pass^3 >= 0.8`. It is decided by ranges
/// that hold at every time at once ([`confidence_sequence`](crate::stats::stopping::confidence_sequence)), so that it
/// may be looked at after every trial; they are about 1.6 times as wide as those of a gate. A rule about cases like
/// these is refused: more trials of the same cases say nothing of others.
///
/// # What makes it valid
///
/// - `each:` watches every case by its own trials. It is met once every case is, which needs no correction, and
///   missed once one case is, for which the chance of an error is divided by the number of cases.
/// - `these:` is about a mean over cases that differ, so trials must not be pooled as they come. It is looked at
///   after whole rounds of `k` trials of every case. Each case gives a round one yes or no, independent of the
///   others; the likelihood that they all have the mean chance is on average at least as large as where they differ
///   (the mean of logarithms is at most the logarithm of the mean), so the range holds for their mean.
/// - Trials count in the order of their index, never in that in which they end: those that end early may be those
///   that pass.
/// - A trial that was not graded counts as failed where passes are to be shown, and as passed where failures are.
///
/// What a run came to that was stopped by its results is a biased estimate (statistics of such a run are for the
/// decision alone).
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{gate::{StopDecision, StopRule}, store::OutcomeKind};
///
/// let rule: StopRule = "these: pass@1 >= 0.8".parse()?;
/// assert_eq!(rule.fewest_trials(10), Some(3));
/// let mut watch = rule.watch(10);
/// let mut index = 0;
/// while watch.decision() == StopDecision::Open {
///     (0..10).for_each(|case| watch.observe(case, index, OutcomeKind::Passed));
///     index += 1;
/// }
/// assert_eq!((watch.decision(), index), (StopDecision::Met, 3));
/// # Ok::<(), probity_eval_runner::gate::StopRuleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StopRule {
    rule: Rule,
    m: u64,
    k: u64,
    bound: f64,
    confidence: Confidence,
}

impl StopRule {
    /// Makes a rule of a gate end a run.
    ///
    /// # Errors
    ///
    /// If the rule is not about passes, or about cases like these, a baseline or an estimate.
    pub fn new(rule: Rule) -> Result<Self, StopRuleError> {
        let Metric::Passes { m, k } = rule.metric else {
            return Err(StopRuleError::NotPasses { rule });
        };
        let Bound::Fixed(amount) = rule.bound else {
            return Err(StopRuleError::Baseline { rule });
        };
        if rule.evidence == Evidence::Estimate {
            return Err(StopRuleError::Estimate { rule });
        }
        if rule.scope == Scope::Run {
            return Err(StopRuleError::OtherCases { rule });
        }
        Ok(Self { rule, m, k, bound: amount.value(), confidence: Confidence::default() })
    }

    /// Sets how sure a decision must be; 95 % unless told otherwise.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// Returns the rule.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Starts to watch a run of so many cases.
    pub fn watch(&self, cases: usize) -> StopWatch {
        StopWatch::new(*self, cases)
    }

    /// Returns the fewest trials of each of so many cases with which the rule can be met; `None` if none can.
    pub fn fewest_trials(&self, cases: u64) -> Option<u32> {
        // A round gives `cases` answers to a rule of these cases, and takes `k` trials of each.
        let (answers, trials) =
            if self.rule.scope == Scope::These { (cases.max(1), self.k) } else { (1, 1) };
        let is_enough = |steps: u64| {
            let all = steps.saturating_mul(answers);
            let (passes, fails) = if self.asks_for_more() { (all, 0) } else { (0, all) };
            // The answer of a round is that of all its `k` trials.
            let m_of_k = if self.rule.scope == Scope::These { (1, 1) } else { (self.m, self.k) };
            let Interval { lo, hi } = metric_sequence(passes, fails, m_of_k, self.confidence);
            self.holds(if self.asks_for_more() { lo } else { hi })
        };
        let trials = least_count(1, is_enough)?.checked_mul(trials)?;
        u32::try_from(trials).ok()
    }

    pub(super) fn scope(&self) -> Scope {
        self.rule.scope
    }

    pub(super) fn asks_for_more(&self) -> bool {
        self.rule.operator.asks_for_more()
    }

    pub(super) fn holds(&self, chance: f64) -> bool {
        self.rule.operator.holds(chance, self.bound)
    }

    pub(super) fn m_of_k(&self) -> (u64, u64) {
        (self.m, self.k)
    }

    pub(super) fn level(&self) -> Confidence {
        self.confidence
    }
}

/// Why an expression cannot end a run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StopRuleError {
    /// It is no rule.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// It is not about passes.
    #[error("{rule} cannot end a run: only passes are watched, as in these: pass@1 >= 0.9")]
    #[non_exhaustive]
    NotPasses {
        /// The rule.
        rule: Rule,
    },
    /// It is about a baseline.
    #[error(
        "{rule} cannot end a run: the range of a difference does not hold at every time; name a number"
    )]
    #[non_exhaustive]
    Baseline {
        /// The rule.
        rule: Rule,
    },
    /// It asks for the estimate alone.
    #[error(
        "{rule} cannot end a run: an estimate passes a bound by chance if it is looked at often enough"
    )]
    #[non_exhaustive]
    Estimate {
        /// The rule.
        rule: Rule,
    },
    /// It is about other cases.
    #[error(
        "{rule} cannot end a run: more trials of these cases say nothing of others; write these: {rule} or each: {rule}"
    )]
    #[non_exhaustive]
    OtherCases {
        /// The rule.
        rule: Rule,
    },
}

impl FromStr for StopRule {
    type Err = StopRuleError;

    fn from_str(expression: &str) -> Result<Self, StopRuleError> {
        Self::new(expression.parse()?)
    }
}

impl fmt::Display for StopRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(f)
    }
}
