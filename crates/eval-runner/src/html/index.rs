//! The data that the page's script has from the start: cases, outcomes, reasons.

use std::collections::{BTreeMap, HashMap};

use probity_trace::Redaction;
use serde::Serialize;

use super::{
    listed::{Listed, ListedCase},
    strip::Strip,
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
    /// The position of the first trial among all trials.
    first: usize,
    /// The position of each, where they do not follow one another.
    #[serde(skip_serializing_if = "Option::is_none")]
    ordinals: Option<Vec<usize>>,
    /// The index of each trial, where these are not 0, 1, 2 and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    indices: Option<Vec<u32>>,
    /// How long each trial took, in microseconds.
    micros: Vec<u64>,
    /// By position: how often a trial was tried, where it was not once.
    attempts: BTreeMap<usize, u32>,
    /// By position: why a trial did not pass.
    reasons: BTreeMap<usize, usize>,
    /// How many trials of the baseline passed, and how many it had.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<[u64; 2]>,
}

impl Index {
    /// Takes the trials of a page.
    pub(super) fn of(
        trials: &Listed,
        baseline: Option<&[TaskTally]>,
        redaction: &Redaction,
    ) -> Self {
        let mut texts = Texts { redaction, numbers: HashMap::new(), listed: Vec::new() };
        let before: HashMap<&str, [u64; 2]> = baseline
            .into_iter()
            .flatten()
            .map(|task| (&*task.id, [task.trials.passed, task.trials.trials()]))
            .collect();
        let data = |case| case_data(case, trials, &before, &mut texts);
        let cases: Vec<CaseData> = trials.cases().iter().map(data).collect();
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
    case: &ListedCase,
    all: &Listed,
    baseline: &HashMap<&str, [u64; 2]>,
    texts: &mut Texts<'_>,
) -> CaseData {
    let trials = &case.trials;
    let first = trials.first().map_or(0, |trial| trial.ordinal);
    let follow = (first..).zip(trials).all(|(position, trial)| trial.ordinal == position);
    let in_order = (0..).zip(trials).all(|(position, trial)| trial.index == position);
    let mut data = CaseData {
        id: texts.redaction.scrub(&case.id).into_owned(),
        first,
        ordinals: (!follow).then(|| trials.iter().map(|trial| trial.ordinal).collect()),
        indices: (!in_order).then(|| trials.iter().map(|trial| trial.index).collect()),
        baseline: baseline.get(&*case.id).copied(),
        ..CaseData::default()
    };
    for (position, trial) in trials.iter().enumerate() {
        data.marks.push(trial.mark.letter());
        data.micros.push(trial.micros);
        if trial.attempts != 1 {
            data.attempts.insert(position, trial.attempts);
        }
        if let Some(reason) = all.reason(trial) {
            data.reasons.insert(position, texts.number(reason));
        }
    }
    data
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
