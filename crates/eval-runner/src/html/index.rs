//! The data that the page's script has from the start: cases, outcomes, reasons.

use std::collections::HashMap;

use probity_trace::Redaction;
use serde::Serialize;

use super::{
    strip::Strip,
    summary::{Mark, TrialSummary},
};
use crate::report::TaskTally;

/// The data that the page's script has from the start.
#[derive(Debug, Serialize)]
pub(super) struct Index {
    cases: Vec<CaseData>,
    /// Why trials did not pass, each text once.
    reasons: Vec<String>,
    strip: Option<Strip>,
}

/// The trials of one case, in order.
#[derive(Debug, Default, Serialize)]
struct CaseData {
    id: String,
    /// A letter for each trial.
    marks: String,
    /// The position of each trial among all summaries.
    ordinals: Vec<usize>,
    /// The index of each trial, where these are not 0, 1, 2 and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    indices: Option<Vec<u32>>,
    /// How long each trial took, in microseconds.
    micros: Vec<u64>,
    /// By position: how often a trial was tried, where it was not once.
    attempts: HashMap<usize, u32>,
    /// By position: why a trial did not pass.
    reasons: HashMap<usize, usize>,
    /// How many trials of the baseline passed, and how many it had.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<[u64; 2]>,
}

impl Index {
    /// Sorts summaries by case, in the order in which cases appear.
    pub(super) fn of(
        trials: &[TrialSummary],
        baseline: Option<&[TaskTally]>,
        redaction: &Redaction,
    ) -> Self {
        let mut texts = Texts { redaction, numbers: HashMap::new(), listed: Vec::new() };
        let mut cases: Vec<Vec<(usize, &TrialSummary)>> = Vec::new();
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for (ordinal, trial) in trials.iter().enumerate() {
            let number = *numbers.entry(&trial.case).or_insert(cases.len());
            if number == cases.len() {
                cases.push(Vec::new());
            }
            if let Some(case) = cases.get_mut(number) {
                case.push((ordinal, trial));
            }
        }
        let before: HashMap<&str, [u64; 2]> = baseline
            .into_iter()
            .flatten()
            .map(|task| (&*task.id, [task.trials.passed, task.trials.trials()]))
            .collect();
        let cases: Vec<CaseData> =
            cases.into_iter().map(|case| case_data(case, &before, &mut texts)).collect();
        let strip = Strip::of(cases.iter().map(|case| &*case.marks));
        Self { cases, reasons: texts.listed, strip }
    }

    /// Returns the strip's place, where there are not too many trials for one.
    pub(super) fn strip(&self) -> Option<&Strip> {
        self.strip.as_ref()
    }

    /// Returns the marks of a case.
    pub(super) fn marks(&self, case: usize) -> &str {
        self.cases.get(case).map_or("", |case| &case.marks)
    }
}

fn case_data(
    mut trials: Vec<(usize, &TrialSummary)>,
    baseline: &HashMap<&str, [u64; 2]>,
    texts: &mut Texts<'_>,
) -> CaseData {
    trials.sort_by_key(|(_, trial)| trial.index);
    let mut case = CaseData::default();
    if let Some((_, first)) = trials.first() {
        case.id = texts.redaction.scrub(&first.case).into_owned();
        case.baseline = baseline.get(&*first.case).copied();
    }
    let in_order = (0..).zip(&trials).all(|(position, (_, trial))| trial.index == position);
    case.indices = (!in_order).then(|| trials.iter().map(|(_, trial)| trial.index).collect());
    for (position, (ordinal, trial)) in trials.into_iter().enumerate() {
        case.marks.push(trial.mark.letter());
        case.ordinals.push(ordinal);
        case.micros.push(u64::try_from(trial.duration.as_micros()).unwrap_or(u64::MAX));
        if trial.attempts != 1 {
            case.attempts.insert(position, trial.attempts);
        }
        if let Some(reason) = trial.reason.as_deref().filter(|_| trial.mark != Mark::Passed) {
            case.reasons.insert(position, texts.number(reason));
        }
    }
    case
}

/// Texts, each once.
struct Texts<'a> {
    redaction: &'a Redaction,
    numbers: HashMap<String, usize>,
    listed: Vec<String>,
}

impl Texts<'_> {
    fn number(&mut self, text: &str) -> usize {
        let text = short(&self.redaction.scrub(text));
        if let Some(number) = self.numbers.get(&text) {
            return *number;
        }
        self.numbers.insert(text.clone(), self.listed.len());
        self.listed.push(text);
        self.listed.len() - 1
    }
}

/// How much of a reason is shown before its trial is opened.
const REASON_LETTERS: usize = 240;

/// Returns the beginning of a text; an ellipsis stands for the rest.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(REASON_LETTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
