//! The best run of a plan, measured as the real one will be.

use std::collections::{BTreeSet, HashMap};

use super::enough;
use crate::{
    facts::{CaseFacts, RunFacts},
    gate::{
        bound::Bound,
        measured::{Measured, Measurements as _, NoNumber, Subject},
        metric::Metric,
        plan::{Enough, Reach},
        rule::{Rule, Scope},
        run::{RunMeasurements, groups},
    },
    stats::{Confidence, Tally},
};

/// What the trials of a plan can show at best: that all of them pass, or fail where a rule asks for few passes.
///
/// The plan is a run of which no trial counts yet; what counts is its cases with their groups, and how often each is
/// to run. Of a shard, it is the run that all shards make together.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::gate::{Gate, PlannedReach};
///
/// let gate: Gate = "pass^4 >= 0.9, each: pass@1 >= 0.6, cost <= 2".parse()?;
/// let plan = PlannedReach::sized(10, 8);
/// assert_eq!(
///     gate.outlook(&plan).to_string(),
///     "out of reach  pass^4 >= 0.9: at best its range for cases like these begins at 66.1%; \
///      38 cases with 8 trials each would be enough; \
///      the estimate alone would be asked for by estimate(pass^4) >= 0.9\n\
///      in reach      each: pass@1 >= 0.6: at best its range begins at 67.6%\n\
///      open          cost <= 2: any plan can meet it or miss it"
/// );
/// # Ok::<(), probity_eval_runner::gate::GateError>(())
/// ```
#[derive(Debug, Clone)]
pub struct PlannedReach<'a> {
    plan: RunFacts,
    baseline: Option<&'a RunFacts>,
    confidence: Confidence,
}

impl<'a> PlannedReach<'a> {
    /// Plans to run these cases so often.
    pub fn new(trials: u32, cases: impl IntoIterator<Item = CaseFacts>) -> Self {
        let plan = RunFacts::new("plan", trials, cases.into_iter().collect());
        Self { plan, baseline: None, confidence: Confidence::default() }
    }

    /// Plans to run so many cases so often, of which nothing else is known.
    pub fn sized(cases: u32, trials: u32) -> Self {
        Self::new(trials, (1..=cases).map(|number| CaseFacts::new(format!("case {number}"))))
    }

    /// Sets the run that this one will be held against.
    #[must_use]
    pub fn baseline(self, baseline: &'a RunFacts) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// Sets the level of the ranges; 95 % unless told otherwise.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    pub(super) fn cases(&self) -> Vec<&CaseFacts> {
        self.plan.cases.iter().collect()
    }

    pub(super) fn trials(&self) -> u64 {
        u64::from(self.plan.trials)
    }

    pub(super) fn level(&self) -> Confidence {
        self.confidence
    }

    /// Returns what a rule compares with its bound if every case runs so often and all goes as the rule asks.
    pub(super) fn best_with(&self, rule: &Rule, trials: u64) -> Result<Measured, NoNumber> {
        let best = self.best_run(rule, trials);
        let mut measurements = RunMeasurements::of(&best).confidence(self.confidence);
        if let Some(baseline) = self.baseline {
            measurements = measurements.baseline(baseline);
        }
        let compared = |subject| match rule.bound {
            Bound::Fixed(_) => measurements.measured(subject, rule.metric),
            Bound::Baseline(_) => {
                measurements.against(subject, rule.metric).map(|against| against.difference)
            }
        };
        match rule.scope {
            Scope::Run => compared(Subject::Run),
            Scope::These => compared(Subject::These),
            Scope::Each => {
                // The case that is the farthest from its bound decides.
                let cases = 0..self.plan.cases.len();
                let all: Vec<_> =
                    cases.map(|place| compared(Subject::Case(place))).collect::<Result<_, _>>()?;
                let worst = all.into_iter().reduce(|one, other| worse(rule, one, other));
                worst.ok_or_else(|| NoNumber::unknown("there are no cases"))
            }
        }
    }

    /// Returns the same if there were so many cases like these in both runs.
    pub(super) fn best_of_more(
        &self,
        rule: &Rule,
        cases: u64,
        trials: u64,
    ) -> Result<Measured, NoNumber> {
        let baseline = self.baseline.ok_or(NoNumber::NoBaseline)?;
        let theirs: HashMap<&str, &CaseFacts> =
            baseline.cases.iter().map(|case| (&*case.id, case)).collect();
        let both = |case: &CaseFacts| theirs.get(&*case.id).copied().cloned();
        let baseline = RunFacts { cases: self.more(cases, both), ..baseline.clone() };
        let cases = self.more(cases, |case| Some(case.clone()));
        let plan = RunFacts { cases, ..self.plan.clone() };
        let more = PlannedReach { plan, baseline: Some(&baseline), confidence: self.confidence };
        more.best_with(rule, trials)
    }

    /// Returns in how many groups so many cases like these would come, where they come in groups.
    pub(super) fn groups_of_more(&self, cases: u64) -> Option<u64> {
        let more = self.more(cases, |case| Some(case.clone()));
        let groups = groups(&more.iter().collect::<Vec<_>>())?;
        Some(groups.into_iter().collect::<BTreeSet<_>>().len() as u64)
    }

    /// Repeats the cases of the plan, each time under other names and in other groups.
    fn more(&self, cases: u64, of: impl Fn(&CaseFacts) -> Option<CaseFacts>) -> Vec<CaseFacts> {
        if self.plan.cases.is_empty() {
            return Vec::new();
        }
        let all = (0..).flat_map(|copy| self.plan.cases.iter().map(move |case| (copy, case)));
        let named = |(copy, case): (u32, &CaseFacts)| {
            let mut more = of(case)?;
            more.id = format!("{copy} {}", case.id);
            more.group = case.group.as_ref().map(|group| format!("{copy} {group}"));
            Some(more)
        };
        all.take(usize::try_from(cases).unwrap_or(usize::MAX)).filter_map(named).collect()
    }

    fn best_run(&self, rule: &Rule, trials: u64) -> RunFacts {
        let tally = if rule.operator.asks_for_more() {
            Tally::new(trials, 0, 0)
        } else {
            Tally::new(0, trials, 0)
        };
        let best = |case: &CaseFacts| {
            let mut best = CaseFacts::new(case.id.clone());
            (best.fingerprint, best.group) = (case.fingerprint.clone(), case.group.clone());
            best.tally = tally;
            best
        };
        RunFacts::new("plan", self.plan.trials, self.plan.cases.iter().map(best).collect())
    }

    /// Checks that a baseline has the number that a rule compares with.
    fn check_baseline(&self, rule: &Rule) -> Result<(), NoNumber> {
        if let Bound::Fixed(_) = rule.bound {
            return Ok(());
        }
        // The baseline against itself has all that a comparison with it needs.
        let baseline = self.baseline.ok_or(NoNumber::NoBaseline)?;
        let itself = RunMeasurements::of(baseline).baseline(baseline);
        itself.against(Subject::Run, rule.metric).map(|_| ())
    }
}

fn worse(rule: &Rule, one: Measured, other: Measured) -> Measured {
    let is_less = rule.decisive(other) < rule.decisive(one);
    if is_less == rule.operator.asks_for_more() { other } else { one }
}

impl Reach for PlannedReach<'_> {
    fn best(&self, rule: &Rule) -> Result<Option<Measured>, NoNumber> {
        match rule.metric {
            Metric::Passes { .. } => self.best_with(rule, self.trials()).map(Some),
            Metric::NotGraded | Metric::Spent { .. } => self.check_baseline(rule).map(|()| None),
        }
    }

    fn enough(&self, rule: &Rule) -> Option<Enough> {
        enough::enough(self, rule)
    }
}
