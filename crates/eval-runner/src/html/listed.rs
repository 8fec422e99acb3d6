//! The trials of a page, case by case, in a few bytes each.

use std::collections::HashMap;

use super::summary::{Mark, TrialSummary};

/// So many bytes of a reason are kept: far more than is shown of it, so that masking sees what it must.
const REASON_BYTES: usize = 4 << 10;

/// The trials of a page, case by case.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    cases: Vec<ListedCase>,
    places: HashMap<String, usize>,
    reasons: Vec<String>,
    numbers: HashMap<String, u32>,
    trials: usize,
}

/// The trials of one case, by index.
#[derive(Debug, Clone)]
pub(super) struct ListedCase {
    pub(super) id: String,
    pub(super) trials: Vec<ListedTrial>,
}

/// One trial.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListedTrial {
    pub(super) index: u32,
    pub(super) mark: Mark,
    /// The position among all trials, in the order in which they were given.
    pub(super) ordinal: usize,
    pub(super) micros: u64,
    pub(super) attempts: u32,
    /// The number of the reason why it did not pass.
    reason: Option<u32>,
}

impl Listed {
    /// Sorts summaries by case, in the order in which cases appear, and by index.
    pub(super) fn of(trials: impl IntoIterator<Item = TrialSummary>) -> Self {
        let mut listed = Self::default();
        for trial in trials {
            listed.add(trial);
        }
        for case in &mut listed.cases {
            case.trials.sort_by_key(|trial| trial.index);
        }
        listed
    }

    /// Adds a trial. Those of a case are to be added by index.
    pub(super) fn add(&mut self, trial: TrialSummary) {
        let reason = trial.reason.filter(|_| trial.mark != Mark::Passed);
        let one = ListedTrial {
            index: trial.index,
            mark: trial.mark,
            ordinal: self.trials,
            micros: u64::try_from(trial.duration.as_micros()).unwrap_or(u64::MAX),
            attempts: trial.attempts,
            reason: reason.and_then(|reason| self.number(reason)),
        };
        self.trials += 1;
        let place = self.place(trial.case);
        if let Some(case) = self.cases.get_mut(place) {
            case.trials.push(one);
        }
    }

    /// Returns the cases.
    pub(super) fn cases(&self) -> &[ListedCase] {
        &self.cases
    }

    /// Returns how many trials there are.
    pub(super) fn len(&self) -> usize {
        self.trials
    }

    /// Returns why a trial did not pass; `None` where it did, and where nobody said.
    pub(super) fn reason(&self, trial: &ListedTrial) -> Option<&str> {
        let number = usize::try_from(trial.reason?).ok()?;
        self.reasons.get(number).map(String::as_str)
    }

    /// Returns all trials.
    pub(super) fn trials(&self) -> impl Iterator<Item = &ListedTrial> {
        self.cases.iter().flat_map(|case| &case.trials)
    }

    /// Returns the position of a trial among all of them.
    pub(super) fn ordinal(&self, case: &str, index: u32) -> Option<usize> {
        let case = self.cases.get(*self.places.get(case)?)?;
        let place = case.trials.binary_search_by_key(&index, |trial| trial.index).ok()?;
        case.trials.get(place).map(|trial| trial.ordinal)
    }

    fn place(&mut self, case: String) -> usize {
        if let Some(place) = self.places.get(&case) {
            return *place;
        }
        let place = self.cases.len();
        self.cases.push(ListedCase { id: case.clone(), trials: Vec::new() });
        self.places.insert(case, place);
        place
    }

    /// Returns the number of a text, each of which is kept once.
    fn number(&mut self, mut text: String) -> Option<u32> {
        if text.len() > REASON_BYTES {
            text.truncate(text.floor_char_boundary(REASON_BYTES));
        }
        if let Some(number) = self.numbers.get(&text) {
            return Some(*number);
        }
        let number = u32::try_from(self.reasons.len()).ok()?;
        self.reasons.push(text.clone());
        self.numbers.insert(text, number);
        Some(number)
    }
}
