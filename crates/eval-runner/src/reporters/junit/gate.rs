//! The gate as a test, and what its rules say of each case.

use std::collections::HashMap;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus};

use super::Junit;
use crate::{
    facts::CaseFacts,
    gate::{Finding, GateReport, GateVerdict, Rule, RuleFinding},
    reporters::line::whole_line,
};

impl Junit<'_> {
    /// Makes the test that passes where the gate is met.
    pub(super) fn gate_test(&self) -> Option<TestCase> {
        let gate = self.gate?;
        let words = lines(&gate.to_string());
        let mut status = match gate.verdict() {
            GateVerdict::Met => TestCaseStatus::success(),
            GateVerdict::Missed => TestCaseStatus::non_success(NonSuccessKind::Failure),
            GateVerdict::Undecidable | GateVerdict::Incomplete => {
                TestCaseStatus::non_success(NonSuccessKind::Error)
            }
        };
        status.set_message(words.lines().next().unwrap_or_default()).set_description(&words);
        let mut test = TestCase::new("gate", status);
        test.set_classname(whole_line(&self.facts.suite)).set_system_out(words);
        Some(test)
    }
}

/// The rules of a gate for each case that cases miss.
#[derive(Debug, Default)]
pub(super) struct Missed<'a>(HashMap<&'a str, Vec<&'a Rule>>);

impl<'a> Missed<'a> {
    /// Takes them from what a gate said.
    pub(super) fn of(gate: Option<&'a GateReport>) -> Self {
        let mut missed = Self::default();
        for report in gate.into_iter().flat_map(|gate| &gate.rules) {
            for case in missed_by(&report.finding) {
                missed.0.entry(case).or_default().push(&report.rule);
            }
        }
        missed
    }

    /// Returns those that a case misses.
    pub(super) fn by(&self, case: &CaseFacts) -> &[&'a Rule] {
        self.0.get(&*case.id).map_or(&[], Vec::as_slice)
    }
}

/// Returns the cases that miss a rule for each.
fn missed_by(finding: &RuleFinding) -> Vec<&str> {
    match finding {
        RuleFinding::Each { others, .. } => {
            let missed = others.iter().filter(|other| matches!(other.finding, Finding::Missed(_)));
            missed.map(|other| &*other.case).collect()
        }
        RuleFinding::Watched { missed, .. } => missed.iter().map(String::as_str).collect(),
        RuleFinding::Run(_) => Vec::new(),
    }
}

/// A text of several lines, each as it may be shown.
fn lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(whole_line).collect();
    lines.join("\n")
}
