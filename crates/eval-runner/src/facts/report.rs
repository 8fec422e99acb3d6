//! The report of a run, from its facts.

use super::{case::CaseFacts, run::RunFacts};
use crate::{
    report::{Besides, Course, ModelSpending, Report, ReportError, ReportSettings, Spent},
    store::{OutcomeKind, Spending},
};

impl Report {
    /// Makes the report of a run, under the name of its suite.
    ///
    /// # Errors
    ///
    /// [`ReportError`] where no trial has finished, or two cases have the same name.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval_runner::{
    ///     Report,
    ///     facts::{CaseFacts, RunFacts, TrialFacts},
    ///     store::OutcomeKind,
    /// };
    ///
    /// let mut case = CaseFacts::new("refund");
    /// case.add(&TrialFacts::new(0, OutcomeKind::Passed));
    /// let report = Report::of(&RunFacts::new("airline", 2, vec![case]))?;
    /// assert_eq!(report.missing, 1);
    /// # Ok::<(), probity_eval_runner::ReportError>(())
    /// ```
    pub fn of(run: &RunFacts) -> Result<Self, ReportError> {
        Self::of_with(run, ReportSettings::default())
    }

    /// Makes the report of a run with another k or level, or with the calibration of its judge.
    ///
    /// # Errors
    ///
    /// [`ReportError`] where no trial has finished, two cases have the same name, or no case has `k` trials.
    pub fn of_with(run: &RunFacts, settings: ReportSettings) -> Result<Self, ReportError> {
        let seconds: Vec<f64> = run.cases.iter().flat_map(CaseFacts::seconds).collect();
        let retries = run.cases.iter().map(|case| case.retries).sum();
        let besides = Besides {
            outcomes: run.cases.iter().map(by_index).collect(),
            missing: run.missing(),
            to_rescore: run.to_rescore(),
            decided: run.decided().map(str::to_owned),
            spending: Some(ModelSpending::new(run.spent().into(), run.judging().into())),
            course: Some(Course::new(&seconds, retries)),
        };
        Self::with_besides(run.suite.clone(), run.tasks(), settings, besides)
    }
}

impl From<Spending> for Spent {
    fn from(spending: Spending) -> Self {
        Self::new(spending.usage, spending.cost_usd, spending.unpriced_calls.into())
    }
}

/// Returns whether the trials of a case passed, by index; `None` where one was not graded or is not there.
///
/// An index above the number of trials follows a gap, and is left out.
fn by_index(case: &CaseFacts) -> Vec<Option<bool>> {
    let mut passed = vec![None; case.outcomes().len()];
    for (index, outcome) in case.outcomes() {
        let slot = usize::try_from(index).ok().and_then(|place| passed.get_mut(place));
        if let Some(slot) = slot {
            *slot = match outcome {
                OutcomeKind::Passed => Some(true),
                OutcomeKind::Failed => Some(false),
                OutcomeKind::NotGraded => None,
            };
        }
    }
    passed
}
