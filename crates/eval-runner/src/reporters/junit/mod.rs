//! `JUnit` XML, for CI: a test for each case, and one for the gate.
//!
//! | what came of a case | its test |
//! |---|---|
//! | every trial passed | passed |
//! | some passed | passed, with the others as flaky runs; failed where a rule of the gate for each case is not met |
//! | none passed | failed, with the trials as reruns |
//! | no trial was graded | an error |
//! | no trial has finished | skipped |
//!
//! Whether a run is good enough is said by the gate, and so by the test that is named `gate`, not by how many cases
//! pass now and then.

mod case;
mod gate;
mod suite;

use std::{fmt, io};

use super::Reasons;
use crate::{facts::RunFacts, gate::GateReport, report::Report};

/// The `JUnit` XML of a run.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     facts::{CaseFacts, RunFacts, TrialFacts},
///     reporters::junit::Junit,
///     store::OutcomeKind,
/// };
///
/// let mut case = CaseFacts::new("refund");
/// case.add(&TrialFacts::new(0, OutcomeKind::Passed));
/// let facts = RunFacts::new("airline", 1, vec![case]);
///
/// let xml = Junit::new(&facts).render()?;
/// assert!(xml.contains(r#"<testcase name="airline::refund" classname="airline""#));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a report does nothing unless it is written"]
pub struct Junit<'a> {
    facts: &'a RunFacts,
    report: Option<&'a Report>,
    reasons: Option<&'a Reasons>,
    gate: Option<&'a GateReport>,
}

impl<'a> Junit<'a> {
    /// Makes the report of a run.
    pub fn new(facts: &'a RunFacts) -> Self {
        Self { facts, report: None, reasons: None, gate: None }
    }

    /// Takes the numbers from a report of the run that was made with settings, and not from the usual one.
    pub fn with_report(mut self, report: &'a Report) -> Self {
        self.report = Some(report);
        self
    }

    /// Says why trials did not pass.
    pub fn with_reasons(mut self, reasons: &'a Reasons) -> Self {
        self.reasons = Some(reasons);
        self
    }

    /// Adds a test for what a gate said.
    pub fn with_gate(mut self, gate: &'a GateReport) -> Self {
        self.gate = Some(gate);
        self
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// What the file returns.
    pub fn write(&self, out: impl io::Write) -> io::Result<()> {
        let mut report = quick_junit::Report::new("probity");
        report.add_test_suite(self.suite());
        report.serialize(out).map_err(io::Error::other)
    }

    /// Returns the file as a text.
    ///
    /// # Errors
    ///
    /// None are known: writing to memory does not fail.
    pub fn render(&self) -> io::Result<String> {
        let mut file = Vec::new();
        self.write(&mut file)?;
        String::from_utf8(file).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

/// Writes a number with its thing.
fn count(number: u64, thing: impl fmt::Display) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
