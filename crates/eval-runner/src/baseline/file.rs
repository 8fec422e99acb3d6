//! What a baseline file holds.

use std::collections::HashSet;

use super::error::BaselineError;
use crate::{
    facts::{CaseFacts, RunFacts},
    gate::{Measurements as _, RunMeasurements},
    store::Spending,
};

/// What a complete run came to, as a file in a repository keeps it.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     baseline::Baseline,
///     facts::{CaseFacts, RunFacts, TrialFacts},
///     gate::{Gate, GateVerdict, RunMeasurements},
///     store::OutcomeKind,
/// };
///
/// let mut case = CaseFacts::new("refund");
/// (0..5).for_each(|index| case.add(&TrialFacts::new(index, OutcomeKind::Passed)));
/// let run = RunFacts::new("support", 5, vec![case]);
/// let baseline = Baseline::of(&run)?;
///
/// let gate: Gate = "estimate(pass@1) >= baseline".parse()?;
/// let report = gate.evaluate(&RunMeasurements::of(&run).baseline(baseline.facts()));
/// assert_eq!(report.verdict(), GateVerdict::Met);
/// assert_eq!(baseline.drift(&run).to_string(), "nothing differs from the baseline");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    facts: RunFacts,
}

impl Baseline {
    /// Takes what a file is to keep of a run.
    ///
    /// # Errors
    ///
    /// If trials are missing or still to be scored anew, or more than 5 % were not graded: such a baseline would be easy to
    /// beat. If the run is one shard, has no cases, or two of one name.
    pub fn of(run: &RunFacts) -> Result<Self, BaselineError> {
        let completeness = RunMeasurements::of(run).completeness();
        if !completeness.is_complete() {
            return Err(BaselineError::Incomplete { completeness });
        }
        let cases = run.cases.iter().map(kept).collect();
        let facts = RunFacts {
            agent: run.agent.clone(),
            agent_version: run.agent_version.clone(),
            evals: run.evals.clone(),
            seed: run.seed,
            ..RunFacts::new(run.suite.clone(), run.trials, cases)
        };
        Self::checked(facts).map_err(|(case, reason)| {
            let case = case.map_or_else(String::new, |case| format!("case {case:?}: "));
            BaselineError::NoRun { reason: format!("{case}{reason}") }
        })
    }

    /// Takes facts that are those of a whole run, or says which case is not, and why.
    pub(super) fn checked(facts: RunFacts) -> Result<Self, (Option<String>, String)> {
        if facts.cases.is_empty() {
            return Err((None, "it has no cases".to_owned()));
        }
        let mut seen = HashSet::new();
        for case in &facts.cases {
            let trials = case.tally.trials();
            if !seen.insert(&*case.id) {
                return Err((Some(case.id.clone()), "the case is there twice".to_owned()));
            }
            if trials != u64::from(facts.trials) {
                let reason = format!("it has {trials} trials, and each case has {}", facts.trials);
                return Err((Some(case.id.clone()), reason));
            }
        }
        Ok(Self { facts })
    }

    /// Returns what the run came to, to hold another run against it; of single trials and of times it knows nothing.
    pub fn facts(&self) -> &RunFacts {
        &self.facts
    }
}

/// What a file keeps of a case.
fn kept(case: &CaseFacts) -> CaseFacts {
    let mut kept = CaseFacts::new(case.id.clone());
    (kept.fingerprint, kept.group) = (case.fingerprint.clone(), case.group.clone());
    kept.tally = case.tally;
    kept.spent = Spending { cost_usd: case.spent.cost_usd.map(rounded), ..Spending::default() };
    kept.spent.unpriced_calls = case.spent.unpriced_calls;
    kept.spent.usage.input_tokens = case.spent.usage.input_tokens;
    kept.spent.usage.output_tokens = case.spent.usage.output_tokens;
    kept
}

/// Fifteen digits: they drop the noise of adding and no digit of the sum.
fn rounded(cost: f64) -> f64 {
    format!("{cost:.14e}").parse().unwrap_or(cost)
}
