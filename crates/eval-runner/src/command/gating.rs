//! The gate of a run: whether the plan can decide it, and what it says of the run.

use std::fmt::Write as _;

use super::{
    arguments::ReportArguments, baseline::Against, choose::Chosen, error::CommandError, job::Job,
};
use crate::{
    facts::{CaseFacts, RunFacts},
    gate::{
        Gate, GateReport, Metric, Outlook, PlannedReach, Rule, RunMeasurements, Scope, StopRule,
        Undecidable,
    },
    runner::SuiteRun,
    stats::Confidence,
};

/// The gate of a run, with what it is held against.
#[derive(Debug)]
pub(super) struct Gating<'a> {
    gate: Gate,
    against: Option<&'a RunFacts>,
    confidence: Confidence,
    /// Whether rules about the whole run count, too.
    whole: bool,
}

impl<'a> Gating<'a> {
    /// Takes the gate of the arguments, or else that of the suite, if there is one of which a rule counts.
    pub(super) fn new(
        job: &Job,
        against: Option<&'a Against>,
        (arguments, whole): (&ReportArguments, bool),
    ) -> Option<Self> {
        let gate = arguments.gate.clone().or_else(|| job.gate.clone())?;
        let confidence = arguments.confidence_level.unwrap_or_default();
        let against = against.map(|against| &against.facts);
        let gating = Self { gate, against, confidence, whole };
        let counts = gating.gate.rules().iter().any(|rule| gating.counts(rule.scope));
        counts.then_some(gating)
    }

    /// Says what the gate can decide with so many trials of the chosen cases.
    pub(super) fn outlook(&self, job: &Job, chosen: &Chosen, trials: u32) -> Outlook {
        let mut outlook = self.gate.outlook(&self.reach(job, chosen, trials));
        outlook.rules.retain(|rule| self.counts(rule.rule.scope));
        outlook
    }

    /// Refuses a gate that so many trials cannot decide.
    pub(super) fn check(
        &self,
        job: &Job,
        chosen: &Chosen,
        trials: u32,
    ) -> Result<(), CommandError> {
        let Err(Undecidable { mut rules, .. }) =
            self.gate.check_plan(&self.reach(job, chosen, trials))
        else {
            return Ok(());
        };
        rules.retain(|rule| self.counts(rule.rule.scope));
        let mut lines = rules.iter().map(ToString::to_string);
        let Some(first) = lines.next() else { return Ok(()) };
        let mut message = first;
        for line in lines {
            _ = write!(message, "\n       {line}");
        }
        Err(CommandError::usage(message))
    }

    fn reach(&self, job: &Job, chosen: &Chosen, trials: u32) -> PlannedReach<'a> {
        let cases = job.cases.iter().filter(|case| chosen.has(&case.id)).map(|case| {
            let mut facts = CaseFacts::new(case.id.clone());
            facts.fingerprint = Some(case.input.clone());
            facts.group.clone_from(&case.group);
            facts
        });
        let reach = PlannedReach::new(trials, cases).confidence(self.confidence);
        match self.against {
            Some(against) => reach.baseline(against),
            None => reach,
        }
    }

    /// Refuses rules about passes beside another that ends the run.
    pub(super) fn check_stopping(&self, stop: &StopRule) -> Result<(), CommandError> {
        let is_passes = |rule: &&Rule| matches!(rule.metric, Metric::Passes { .. });
        let rules = self.gate.rules().iter().filter(|rule| self.counts(rule.scope));
        match rules.filter(is_passes).find(|rule| *rule != stop.rule()) {
            None => Ok(()),
            Some(rule) => Err(CommandError::usage(format!(
                "the gate asks for {rule}, and {stop} ends the run by its results, after which no range of a pass rate \
                 holds; ask both for the same, or leave one of them out"
            ))),
        }
    }

    /// Returns the gate.
    pub(super) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Holds the facts of a run against the gate; `None` of a part of a run, since what a gate asks for is asked of the whole.
    pub(super) fn report(&self, run: &RunFacts, ran: &SuiteRun) -> Option<GateReport> {
        if run.shard.is_some() {
            return None;
        }
        let measurements = RunMeasurements::of(run).confidence(self.confidence);
        let mut report = match self.against {
            Some(against) => self.gate.evaluate(&measurements.baseline(against)),
            None => self.gate.evaluate(&measurements),
        };
        report.rules.retain(|rule| self.counts(rule.rule.scope));
        Some(match &ran.stopping {
            Some(watch) => report.with_watched(watch, ran.cases.iter().map(|case| &*case.id)),
            None => report,
        })
    }

    fn counts(&self, scope: Scope) -> bool {
        self.whole || scope == Scope::Each
    }
}
