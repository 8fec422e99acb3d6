//! The whole of a run in one JSON object.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::{case::MachineCase, gate::MachineGate, run::MachineRun};
use crate::{
    facts::RunFacts,
    gate::GateReport,
    report::{Comparison, Report, ReportError},
};

/// The whole of a run in one JSON object.
///
/// Every number can be derived from it again: tallies from the outcomes of the [`cases`](Self::cases), metrics and ranges
/// from the tallies in the [`report`](Self::report), sums of spending from the cases, times from the
/// [`run`](Self::run), the comparison from its own tallies.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     facts::{CaseFacts, RunFacts, TrialFacts},
///     machine::MachineReport,
///     store::OutcomeKind,
/// };
///
/// let mut case = CaseFacts::new("refund");
/// case.add(&TrialFacts::new(0, OutcomeKind::Passed));
/// case.add(&TrialFacts::new(1, OutcomeKind::NotGraded));
/// let machine = MachineReport::of(&RunFacts::new("airline", 2, vec![case]))?;
///
/// let mut file = Vec::new();
/// machine.write(&mut file)?;
/// let json: serde_json::Value = serde_json::from_slice(&file)?;
/// assert_eq!(json["format"], "probity-run/1");
/// assert_eq!(json["cases"][0]["outcomes"], "1E");
/// assert_eq!(json["report"]["metrics"][0]["estimate"], 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineReport {
    /// The format of the object.
    pub format: MachineFormat,
    /// Which run it was, and how it went: all that may differ between two runs of the same seed.
    pub run: MachineRun,
    /// What the numbers mean; its course is in the run.
    pub report: Report,
    /// The outcomes and the spending of every case, in the order of the suite.
    pub cases: Vec<MachineCase>,
    /// The run held against a baseline, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What a gate said of the run, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<MachineGate>,
}

/// The version of the format.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MachineFormat {
    /// The first version.
    #[serde(rename = "probity-run/1")]
    V1,
}

impl MachineReport {
    /// Puts together a run and its own report.
    ///
    /// # Errors
    ///
    /// [`ReportError`] where the run has no report.
    pub fn of(run: &RunFacts) -> Result<Self, ReportError> {
        Ok(Self::new(run, Report::of(run)?))
    }

    /// Puts together a run and a report of it that was made with settings.
    #[must_use]
    pub fn new(run: &RunFacts, mut report: Report) -> Self {
        let course = report.course.take();
        Self {
            format: MachineFormat::V1,
            run: MachineRun::new(run, course),
            report,
            cases: run.cases.iter().map(|case| MachineCase::new(case, run.trials)).collect(),
            comparison: None,
            gate: None,
        }
    }

    /// Adds how the run compares with a baseline.
    #[must_use]
    pub fn with_comparison(mut self, comparison: Comparison) -> Self {
        self.comparison = Some(comparison);
        self
    }

    /// Adds what a gate said of the run.
    #[must_use]
    pub fn with_gate(mut self, gate: GateReport) -> Self {
        self.gate = Some(MachineGate::new(gate));
        self
    }

    /// Writes the object as JSON, in one line.
    ///
    /// # Errors
    ///
    /// What the file returns.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut out, self)?;
        out.write_all(b"\n")
    }
}
