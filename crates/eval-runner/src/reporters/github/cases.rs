//! Cases as rows of a table.

use std::fmt::Write as _;

use super::markdown::cell;
use crate::{
    facts::{CaseFacts, RunFacts},
    reporters::Reasons,
};

/// Cases as rows of a table.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    cases: Vec<&'a CaseFacts>,
    reasons: Option<&'a Reasons>,
}

impl<'a> Rows<'a> {
    /// Takes all cases, in their order.
    pub(super) fn all(facts: &'a RunFacts, reasons: Option<&'a Reasons>) -> Self {
        Self { cases: facts.cases.iter().collect(), reasons }
    }

    /// Takes the cases of which a trial did not pass; those with the smallest share of passes first.
    pub(super) fn not_always(facts: &'a RunFacts, reasons: Option<&'a Reasons>) -> Self {
        let mut rows = Self::all(facts, reasons);
        rows.cases.retain(|case| case.tally.passed < case.tally.trials());
        // Shares are compared without division.
        rows.cases.sort_by(|a, b| {
            let share = |one: &CaseFacts, other: &CaseFacts| {
                u128::from(one.tally.passed) * u128::from(other.tally.trials())
            };
            share(a, b).cmp(&share(b, a))
        });
        rows
    }

    /// The first two lines of the table.
    pub(super) fn head() -> String {
        "| case | passed | not graded | first reason |\n|---|--:|--:|---|\n".to_owned()
    }

    /// A line for each case.
    pub(super) fn lines(&self) -> impl ExactSizeIterator<Item = String> {
        self.cases.iter().map(|case| self.line(case))
    }

    /// Writes the first rows, and says how many more there are.
    pub(super) fn first(&self, most: usize) -> String {
        if self.cases.is_empty() {
            return String::new();
        }
        let mut text = format!("### Cases that do not always pass\n\n{}", Self::head());
        text.extend(self.lines().take(most));
        match self.cases.len().saturating_sub(most) {
            0 => {}
            1 => text.push_str("\n1 more is below.\n"),
            more => _ = writeln!(text, "\n{more} more are below."),
        }
        text
    }

    fn line(&self, case: &CaseFacts) -> String {
        let tally = case.tally;
        let not_graded = match tally.not_graded {
            0 => "–".to_owned(),
            number => number.to_string(),
        };
        let reason = self.reasons.and_then(|reasons| reasons.of(&case.id).first());
        let reason = reason.map(|reason| cell(&reason.text)).unwrap_or_default();
        let place = match tally.trials() {
            0 => "no trial".to_owned(),
            trials => format!("{} of {trials}", tally.passed),
        };
        format!("| {} | {place} | {not_graded} | {reason} |\n", cell(&case.id))
    }
}
