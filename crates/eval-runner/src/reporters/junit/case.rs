//! A case as a test, its trials as runs of it.

use quick_junit::{FlakyOrRerun, NonSuccessKind, TestCase, TestCaseStatus, TestRerun};

use super::{Junit, count, suite::seconds};
use crate::{
    facts::CaseFacts,
    gate::Rule,
    reporters::{
        Reason,
        line::{line, whole_line},
    },
    store::OutcomeKind,
};

impl Junit<'_> {
    /// Makes the test of a case, which misses rules of the gate.
    pub(super) fn case(&self, case: &CaseFacts, missed: &[&Rule]) -> TestCase {
        let suite = whole_line(&self.facts.suite);
        let name = format!("{suite}::{}", whole_line(&case.id));
        let mut test = TestCase::new(name, self.status(case, missed));
        test.set_classname(suite);
        test.set_time(case.seconds().map(seconds).sum());
        if case.tally.trials() > 0 {
            test.set_system_out(self.said(case, missed));
        }
        test.add_properties(properties(case));
        test
    }

    fn status(&self, case: &CaseFacts, missed: &[&Rule]) -> TestCaseStatus {
        let tally = case.tally;
        let mut status = if tally.trials() == 0 {
            TestCaseStatus::skipped()
        } else if tally.graded() == 0 {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        } else if tally.passed == 0 || !missed.is_empty() {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        } else {
            TestCaseStatus::success()
        };
        match tally.trials() {
            0 => status.set_message("no trial has finished"),
            _ => status.set_message(place(case)).set_description(self.said(case, missed)),
        };
        let flaky = tally.passed > 0;
        status.set_rerun_kind(if flaky { FlakyOrRerun::Flaky } else { FlakyOrRerun::Rerun });
        status.add_reruns(self.reasons_of(case).iter().map(run));
        status
    }

    /// Says how many trials passed, what the gate misses, and why trials did not pass.
    fn said(&self, case: &CaseFacts, missed: &[&Rule]) -> String {
        let mut lines = vec![place(case)];
        lines.extend(missed.iter().map(|rule| format!("misses {rule}")));
        let reasons = self.reasons_of(case);
        lines.extend(reasons.iter().map(said));
        let shown = u64::try_from(reasons.len()).unwrap_or(u64::MAX);
        let rest = case.tally.trials().saturating_sub(case.tally.passed.saturating_add(shown));
        if rest > 0 && shown > 0 {
            lines.push(format!("and {} that did not pass", count(rest, "other trial")));
        }
        lines.join("\n")
    }

    fn reasons_of(&self, case: &CaseFacts) -> &[Reason] {
        self.reasons.map_or(&[], |reasons| reasons.of(&case.id))
    }
}

/// Says how many trials passed: `passed 12 of 20, 1 not graded`.
fn place(case: &CaseFacts) -> String {
    let tally = case.tally;
    let mut said = format!("passed {} of {}", tally.passed, tally.trials());
    if tally.not_graded > 0 {
        said = format!("{said}, {} not graded", tally.not_graded);
    }
    said
}

fn said(reason: &Reason) -> String {
    let word = if reason.outcome == OutcomeKind::NotGraded { "not graded" } else { "failed" };
    format!("trial {}: {word}: {}", reason.index, line(&reason.text))
}

fn run(reason: &Reason) -> TestRerun {
    let (kind, word) = match reason.outcome {
        OutcomeKind::NotGraded => (NonSuccessKind::Error, "not graded"),
        _ => (NonSuccessKind::Failure, "failed"),
    };
    let mut run = TestRerun::new(kind);
    run.set_type(word).set_message(format!("trial {}: {}", reason.index, line(&reason.text)));
    run
}

fn properties(case: &CaseFacts) -> Vec<(String, String)> {
    let tally = case.tally;
    let counts = [
        ("passed", tally.passed),
        ("failed", tally.failed),
        ("not_graded", tally.not_graded),
        ("retries", case.retries),
    ];
    let counts = counts.map(|(name, number)| (name.to_owned(), number.to_string()));
    let group = case.group.as_ref().map(|group| ("group".to_owned(), line(group)));
    let spent = case.spent.plus(case.judging);
    let cost = spent.known_cost_usd().map(|cost| ("cost_usd".to_owned(), cost.to_string()));
    counts.into_iter().chain(group).chain(cost).collect()
}
