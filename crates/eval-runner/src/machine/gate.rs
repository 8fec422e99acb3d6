//! What a gate said, with its verdict.

use serde::{Deserialize, Serialize};

use crate::gate::{GateReport, GateVerdict};

/// What a gate said of a run: the verdict, then rule by rule with the numbers that decided.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineGate {
    /// The word for the run.
    pub verdict: GateVerdict,
    /// What the verdict follows from.
    #[serde(flatten)]
    pub report: GateReport,
}

impl MachineGate {
    pub(super) fn new(report: GateReport) -> Self {
        Self { verdict: report.verdict(), report }
    }
}
