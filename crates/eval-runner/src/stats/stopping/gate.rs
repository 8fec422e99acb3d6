//! Whether planned trials can meet a gate at all, and how many could.

use serde::{Deserialize, Serialize};

use crate::stats::{
    confidence::Confidence,
    one_task::{one_task_metric, wilson_score},
    real::real,
};

/// Larger counts are not searched: no run comes near them.
const MOST: u64 = 1 << 53;

/// A gate on the chance that at least `m` of `k` trials pass: it must be so high for certain.
///
/// It is met where the lower end of the range is at least that high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PassGate {
    k: u64,
    m: u64,
    least: f64,
}

impl PassGate {
    /// Makes a gate: `new(4, 4, 0.9)` is `pass^4 >= 0.9`, `new(3, 1, 0.8)` is `pass@3 >= 0.8`.
    ///
    /// # Errors
    ///
    /// [`PassGateError`] unless `1 <= m <= k` and the chance lies in 0..=1.
    pub fn new(k: u64, m: u64, least: f64) -> Result<Self, PassGateError> {
        if m == 0 || m > k {
            return Err(PassGateError::Metric { k, m });
        }
        if !(0.0..=1.0).contains(&least) {
            return Err(PassGateError::Chance { least });
        }
        Ok(Self { k, m, least })
    }
}

/// How many tasks are to run, and how often each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlannedRun {
    /// The number of tasks.
    pub tasks: u64,
    /// The number of trials of each task.
    pub trials: u64,
}

/// What a gate speaks of, and so which range it is held against.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateScope {
    /// These tasks run again: [`rerun_range`](crate::stats::rerun_range). A gate for each case is one of a single
    /// task.
    TheseTasks,
    /// New tasks like these: [`effective_wilson`](crate::stats::effective_wilson).
    NewTasks,
}

/// Whether a run can meet a gate.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateReach {
    /// The gate is met if enough trials pass.
    InReach {
        /// The lower end of the range if all trials pass.
        best: f64,
    },
    /// The gate is missed even if all trials pass.
    OutOfReach {
        /// The lower end of the range if all trials pass; `None` where the run has no range.
        best: Option<f64>,
        /// The smallest run that could meet it: more trials of these tasks, or more tasks; `None` if none could.
        needed: Option<PlannedRun>,
    },
}

/// Says whether a run can meet a gate: whether the lower end of the range gets there if every trial passes.
///
/// For new tasks more trials do not help: that every one of a few tasks always passes says little about the next
/// one. A gate at 1 is out of reach of any run.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{
///     Confidence,
///     stopping::{GateReach, GateScope, PassGate, PlannedRun, gate_reach},
/// };
///
/// let gate = PassGate::new(4, 4, 0.9)?;
/// let planned = PlannedRun { tasks: 10, trials: 8 };
/// let needed = |scope| match gate_reach(&gate, planned, scope, Confidence::default()) {
///     GateReach::OutOfReach { needed, .. } => needed,
///     _ => None,
/// };
/// assert_eq!(needed(GateScope::TheseTasks), Some(PlannedRun { tasks: 10, trials: 16 }));
/// assert_eq!(needed(GateScope::NewTasks), Some(PlannedRun { tasks: 38, trials: 8 }));
/// # Ok::<(), probity_eval_runner::stats::stopping::PassGateError>(())
/// ```
pub fn gate_reach(
    gate: &PassGate,
    planned: PlannedRun,
    scope: GateScope,
    confidence: Confidence,
) -> GateReach {
    let best = |run: PlannedRun| match scope {
        GateScope::TheseTasks => best_of_these(gate, run, confidence),
        GateScope::NewTasks => best_of_new(gate, run, confidence),
    };
    let is_met = |run: PlannedRun| best(run).is_some_and(|best| best >= gate.least);
    match best(planned) {
        Some(best) if best >= gate.least => GateReach::InReach { best },
        best => {
            let (tasks, trials) = (planned.tasks.max(1), planned.trials.max(gate.k));
            let needed = match scope {
                _ if gate.least >= 1.0 => None,
                GateScope::TheseTasks => {
                    least_count(trials, |trials| is_met(PlannedRun { tasks, trials }))
                        .map(|trials| PlannedRun { tasks, trials })
                }
                GateScope::NewTasks => {
                    least_count(tasks, |tasks| is_met(PlannedRun { tasks, trials }))
                        .map(|tasks| PlannedRun { tasks, trials })
                }
            };
            GateReach::OutOfReach { best, needed }
        }
    }
}

/// Why a gate makes no sense.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PassGateError {
    /// The metric is certain, or asks for more passes than trials.
    #[error("at least {m} of {k} trials: a gate needs m of at least 1 and at most k")]
    Metric {
        /// The number of trials.
        k: u64,
        /// The number of passes among them.
        m: u64,
    },
    /// The chance is none.
    #[error("a gate of {least}: a chance lies in 0..=1")]
    Chance {
        /// The number.
        least: f64,
    },
}

/// The lower end for these tasks if all trials pass.
fn best_of_these(gate: &PassGate, run: PlannedRun, confidence: Confidence) -> Option<f64> {
    if run.trials < gate.k || run.tasks == 0 {
        return None;
    }
    if run.tasks == 1 {
        let range = one_task_metric(run.trials, run.trials, gate.k, gate.m, confidence).ok()?;
        return Some(range.lo);
    }
    let draws = real(run.tasks) * real(run.trials / gate.k);
    Some(wilson_score(1.0, draws, confidence.z()).lo)
}

/// The lower end for new tasks if all trials pass.
fn best_of_new(gate: &PassGate, run: PlannedRun, confidence: Confidence) -> Option<f64> {
    if run.trials < gate.k || run.tasks < 2 {
        return None;
    }
    let z = confidence.z();
    let shrink = z / confidence.t(run.tasks - 1);
    Some(wilson_score(1.0, real(run.tasks) * shrink * shrink, z).lo)
}

/// The smallest count from `from` on that is enough, where every larger one is too; `None` where none is found.
pub(crate) fn least_count(from: u64, is_enough: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut below, mut above) = (from.saturating_sub(1), from.max(1));
    while !is_enough(above) {
        below = above;
        above = above.checked_mul(2).filter(|&above| above <= MOST)?;
    }
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if is_enough(middle) {
            above = middle;
        } else {
            below = middle;
        }
    }
    Some(above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{counts::Counts, effective_wilson, rerun_range};

    fn gate(k: u64, m: u64, least: f64) -> PassGate {
        PassGate::new(k, m, least).unwrap()
    }

    fn run(tasks: u64, trials: u64) -> PlannedRun {
        PlannedRun { tasks, trials }
    }

    fn reach(gate: PassGate, planned: PlannedRun, scope: GateScope) -> GateReach {
        gate_reach(&gate, planned, scope, Confidence::default())
    }

    fn needed(gate: PassGate, planned: PlannedRun, scope: GateScope) -> Option<PlannedRun> {
        match reach(gate, planned, scope) {
            GateReach::OutOfReach { needed, .. } => needed,
            GateReach::InReach { best } => panic!("in reach with {best}"),
        }
    }

    #[test]
    fn the_best_end_is_that_of_the_range_that_a_report_prints() {
        let level = Confidence::default();
        for (tasks, trials, k, m) in [(1, 7, 3, 2), (1, 20, 4, 4), (5, 9, 4, 4), (30, 4, 4, 1)] {
            let all_passed = vec![Counts { n: trials, c: trials }; usize::try_from(tasks).unwrap()];
            let range = rerun_range(&all_passed, k, m, level).unwrap();
            let best = best_of_these(&gate(k, m, 0.5), run(tasks, trials), level).unwrap();
            assert!((best - range.lo).abs() < 1e-14, "{tasks} tasks, {trials} trials");
            let ones = vec![1.0; usize::try_from(tasks).unwrap()];
            let new = effective_wilson(&ones, level).map(|range| range.interval.lo);
            assert_eq!(best_of_new(&gate(k, m, 0.5), run(tasks, trials), level), new);
        }
    }

    #[test]
    fn the_number_that_is_named_is_enough_and_one_fewer_is_not() {
        for (least, tasks) in [(0.5, 1), (0.9, 1), (0.99, 1), (0.9, 7), (0.999, 40)] {
            for scope in [GateScope::TheseTasks, GateScope::NewTasks] {
                let gate = gate(3, 3, least);
                let named = needed(gate, run(tasks, 1), scope).unwrap();
                assert!(matches!(reach(gate, named, scope), GateReach::InReach { .. }));
                let fewer = match scope {
                    GateScope::TheseTasks => run(named.tasks, named.trials - 1),
                    GateScope::NewTasks => run(named.tasks - 1, named.trials),
                };
                assert!(matches!(reach(gate, fewer, scope), GateReach::OutOfReach { .. }));
            }
        }
    }

    #[test]
    fn one_task_needs_the_trials_of_its_wilson_range() {
        // n / (n + z²) >= 0.9^(1/4): 144 passes in a row.
        let planned = needed(gate(4, 4, 0.9), run(1, 20), GateScope::TheseTasks).unwrap();
        assert_eq!(planned, run(1, 144));
        assert_eq!(needed(gate(1, 1, 0.8), run(1, 5), GateScope::TheseTasks), Some(run(1, 16)));
    }

    #[test]
    fn certainty_is_out_of_reach_and_0_in_reach_of_any_run_with_a_range() {
        assert_eq!(needed(gate(1, 1, 1.0), run(50, 900), GateScope::TheseTasks), None);
        assert_eq!(needed(gate(1, 1, 1.0), run(50, 900), GateScope::NewTasks), None);
        assert_eq!(needed(gate(2, 1, 0.0), run(0, 0), GateScope::TheseTasks), Some(run(1, 2)));
        assert_eq!(needed(gate(2, 1, 0.0), run(1, 1), GateScope::NewTasks), Some(run(2, 2)));
        let open = reach(gate(2, 1, 0.0), run(2, 2), GateScope::NewTasks);
        assert!(matches!(open, GateReach::InReach { .. }));
    }

    #[test]
    fn a_gate_that_makes_no_sense_is_refused() {
        let error = |k, m, least| PassGate::new(k, m, least).unwrap_err().to_string();
        assert_eq!(
            error(3, 4, 0.5),
            "at least 4 of 3 trials: a gate needs m of at least 1 and at most k"
        );
        assert_eq!(error(4, 4, 90.0), "a gate of 90: a chance lies in 0..=1");
        assert!(PassGate::new(0, 0, 0.5).is_err());
        assert!(PassGate::new(1, 1, f64::NAN).is_err());
    }
}
