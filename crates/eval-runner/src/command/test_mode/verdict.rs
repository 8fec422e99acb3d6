//! Which cases pass as tests, and why the others do not.

use std::collections::HashMap;

use crate::{
    command::{choose::Chosen, findings::Findings, name::test_name, words::counted},
    facts::{CaseFacts, RunFacts},
    gate::{GateReport, RuleFinding, RuleReport, StopDecision, StopWatch, exit},
    reporters::{Reasons, line},
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
        let places: HashMap<&str, usize> = chosen.cases.iter().map(|id| &**id).zip(0..).collect();
        // A run that goes on may have other cases.
        let cases = facts.cases.iter().filter(|case| chosen.has(&case.id));
        let verdict = |case: &CaseFacts| Verdict {
            name: test_name(&facts.suite, &case.id),
            tally: case.tally,
            failure: failure(case, findings, places.get(&*case.id).copied())
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
            format!("  trial {} {what}: {}", reason.index, line(&reason.text))
        });
        self.lines.extend(lines);
        self
    }
}

/// Says why a case fails as a test: what is known too little of, then the rule that ends the run, then the rules for each
/// case, then that nothing passed.
///
/// The case is at this place among those that are watched.
fn failure(case: &CaseFacts, findings: &Findings, place: Option<usize>) -> Option<Failed> {
    let (tally, done) = (case.tally, case.tally.trials());
    let watch = findings.stopping.as_ref();
    if watch.is_none_or(|watch| place.is_none_or(|place| watch.needs(place))) || done == 0 {
        let planned = planned(case, &findings.facts);
        if done < planned {
            let scored = findings.facts.to_rescore() == 0;
            let what = if scored { "were run" } else { "have scores of these evals" };
            return Some(Failed::incomplete(format!("only {done} of {planned} trials {what}")));
        }
    }
    if done > 0 && tally.graded() == 0 {
        return Some(Failed::incomplete("none of its trials could be graded".to_owned()));
    }
    if let (Some(watch), Some(place)) = (watch, place)
        && let Some(failed) = undecided(watch, place, done)
    {
        return Some(failed);
    }
    let mut rules = findings.gate.as_ref().map(|gate| missed(case, gate)).unwrap_or_default();
    let is_watched =
        watch.zip(place).is_some_and(|(watch, place)| watch.decision_of(place).is_some());
    rules.asked += usize::from(is_watched);
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

/// Returns how many trials a case was to have.
fn planned(case: &CaseFacts, facts: &RunFacts) -> u64 {
    match facts.shard {
        None => u64::from(facts.trials),
        // Which trials of a case a part has is no matter of the case.
        Some(_) => case.tally.trials(),
    }
}

/// Says that a case is not shown to meet the rule that ends the run.
fn undecided(watch: &StopWatch, place: usize, done: u64) -> Option<Failed> {
    let rule = watch.rule();
    let after = counted(done, "trial");
    match watch.decision_of(place)? {
        StopDecision::Missed => {
            let line = format!("missed     {rule}: decided by {after}");
            Some(Failed { incomplete: false, lines: vec![line] })
        }
        // Where another case has decided the rule, this one was not asked any more.
        StopDecision::Open if watch.decision() == StopDecision::Open => {
            Some(Failed::incomplete(format!("open       {rule}: not decided by {after}")))
        }
        StopDecision::Open | StopDecision::Met => None,
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
