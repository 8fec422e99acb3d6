//! Which cases pass as tests, and why the others do not.

use crate::{
    command::{choose::Chosen, findings::Findings, name::test_name},
    facts::{CaseFacts, RunFacts},
    gate::{GateReport, RuleFinding, RuleReport, exit},
    reporters::Reasons,
    stats::Tally,
    store::OutcomeKind,
};

/// What came of all cases that were run as tests.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    /// What came of each, in the order of the suite.
    pub(super) tests: Vec<Verdict>,
}

/// What came of one case as a test.
#[derive(Debug)]
pub(super) struct Verdict {
    /// The name of the test.
    pub(super) name: String,
    /// What its trials came to.
    pub(super) tally: Tally,
    /// Why it failed; `None` if it passed.
    pub(super) failure: Option<Failed>,
}

/// Why a test failed.
#[derive(Debug)]
pub(super) struct Failed {
    /// Whether too little is known to say more: no trial was graded, or trials are missing.
    incomplete: bool,
    /// The lines that say why.
    pub(super) lines: Vec<String>,
}

impl Verdicts {
    /// Looks at each chosen case of a run.
    pub(super) fn new(findings: &Findings, chosen: &Chosen) -> Self {
        let facts = &findings.facts;
        // A run that goes on may have other cases.
        let cases = facts.cases.iter().filter(|case| chosen.has(&case.id));
        let verdict = |case: &CaseFacts| Verdict {
            name: test_name(&facts.suite, &case.id),
            tally: case.tally,
            failure: failure(case, facts, findings.gate.as_ref())
                .map(|failed| failed.because(&findings.reasons, &case.id)),
        };
        Self { tests: cases.map(verdict).collect() }
    }

    /// Returns the tests that failed.
    pub(super) fn failed(&self) -> impl Iterator<Item = (&Verdict, &Failed)> {
        self.tests.iter().filter_map(|test| Some((test, test.failure.as_ref()?)))
    }

    /// Returns the code to exit with.
    pub(super) fn exit_code(&self) -> u8 {
        match self.failed().map(|(_, failed)| failed.incomplete).reduce(|all, one| all && one) {
            None => exit::MET,
            Some(true) => exit::INCOMPLETE,
            Some(false) => exit::MISSED,
        }
    }
}

impl Failed {
    fn incomplete(line: String) -> Self {
        Self { incomplete: true, lines: vec![line] }
    }

    /// Adds why trials of the case did not pass.
    fn because(mut self, reasons: &Reasons, case: &str) -> Self {
        let lines = reasons.of(case).iter().map(|reason| {
            let what = match reason.outcome {
                OutcomeKind::NotGraded => "was not graded",
                _ => "failed",
            };
            format!("  trial {} {what}: {}", reason.index, reason.text)
        });
        self.lines.extend(lines);
        self
    }
}

/// Says why a case fails as a test: what is known too little of, then the rules for each case, then that nothing passed.
fn failure(case: &CaseFacts, facts: &RunFacts, gate: Option<&GateReport>) -> Option<Failed> {
    let tally = case.tally;
    let done = tally.trials();
    let planned = match facts.shard {
        None => u64::from(facts.trials),
        // Which trials of a case a part has is no matter of the case.
        Some(_) => done,
    };
    if done < planned {
        let what = if facts.to_rescore() > 0 { "have scores of these evals" } else { "were run" };
        return Some(Failed::incomplete(format!("only {done} of {planned} trials {what}")));
    }
    if done > 0 && tally.graded() == 0 {
        return Some(Failed::incomplete("none of its trials could be graded".to_owned()));
    }
    let rules = gate.map(|gate| missed(case, gate)).unwrap_or_default();
    match rules {
        Rules { asked: 0, .. } if done > 0 && tally.passed == 0 => {
            Some(Failed { incomplete: false, lines: vec!["none of its trials passed".to_owned()] })
        }
        Rules { missed, .. } if !missed.is_empty() => {
            Some(Failed { incomplete: false, lines: missed })
        }
        Rules { .. } => None,
    }
}

/// The rules that speak of each case.
#[derive(Default)]
struct Rules {
    /// How many there are.
    asked: usize,
    /// Those that a case does not meet, in words.
    missed: Vec<String>,
}

fn missed(case: &CaseFacts, gate: &GateReport) -> Rules {
    let mut rules = Rules::default();
    for report in &gate.rules {
        let RuleFinding::Each { others, .. } = &report.finding else { continue };
        rules.asked += 1;
        let ours = others.iter().filter(|other| other.case == case.id);
        // Said as of a run, the finding is that of this case alone.
        rules.missed.extend(ours.map(|other| {
            let finding = RuleFinding::Run(other.finding.clone());
            RuleReport { rule: report.rule, finding }.to_string()
        }));
    }
    rules
}
