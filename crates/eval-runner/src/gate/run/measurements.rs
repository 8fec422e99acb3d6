//! A run as a gate sees it, with the baseline that it is held against.

use super::{
    common::{Common, Known},
    passes, spent,
};
use crate::{
    facts::{CaseFacts, RunFacts},
    gate::{
        measured::{Against, Completeness, Measured, Measurements, NoNumber, Subject},
        metric::Metric,
    },
    stats::{Confidence, real},
};

/// The numbers of a run for a gate, with or without a baseline.
///
/// Trials that were not graded count as failed. With a baseline, the cases are compared that both have and that are
/// the same in both, pair by pair; the others are counted. Of a run of one shard, the cases are those of which the
/// shard has trials.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     facts::{CaseFacts, RunFacts, TrialFacts},
///     gate::{Gate, GateVerdict, RunMeasurements},
///     store::OutcomeKind,
/// };
///
/// let cases = (0..40).map(|number| {
///     let mut case = CaseFacts::new(format!("case {number}"));
///     (0..4).for_each(|index| case.add(&TrialFacts::new(index, OutcomeKind::Passed)));
///     case
/// });
/// let run = RunFacts::new("support", 4, cases.collect());
/// let gate: Gate = "pass^4 >= 0.9, these: pass^4 >= 0.95".parse()?;
/// let report = gate.evaluate(&RunMeasurements::of(&run));
/// assert_eq!(
///     report.to_string(),
///     "gate missed: 1 of 2 rules\n  \
///      met        pass^4 >= 0.9: 100.0% (90.7 – 100.0 for cases like these)\n  \
///      missed     these: pass^4 >= 0.95: 100.0% (91.2 – 100.0 for these cases run again); \
///      the estimate meets it, its range does not"
/// );
/// # assert_eq!(report.verdict(), GateVerdict::Missed);
/// # Ok::<(), probity_eval_runner::gate::GateError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RunMeasurements<'a> {
    run: &'a RunFacts,
    cases: Vec<&'a CaseFacts>,
    baseline: Option<Known<'a>>,
    confidence: Confidence,
}

impl<'a> RunMeasurements<'a> {
    /// Takes the numbers of a run.
    pub fn of(run: &'a RunFacts) -> Self {
        let cases = run.cases.iter().zip(0..);
        let cases =
            cases.filter(|(case, place)| case.tally.trials() > 0 || is_planned(run, *place));
        let cases = cases.map(|(case, _)| case).collect();
        Self { run, cases, baseline: None, confidence: Confidence::default() }
    }

    /// Sets the run that this one is held against.
    #[must_use]
    pub fn baseline(self, baseline: &'a RunFacts) -> Self {
        Self { baseline: Some(Known::of(baseline)), ..self }
    }

    /// Sets the level of the ranges; 95 % unless told otherwise.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// Refuses the passes of a run that was stopped by its results, or is held against one: no range of a fixed number of
    /// trials holds for them.
    fn check_unbiased(&self, metric: Metric) -> Result<(), NoNumber> {
        let Metric::Passes { .. } = metric else { return Ok(()) };
        let baseline = self.baseline.as_ref().and_then(Known::decided);
        let stopped = [("the run", self.run.decided()), ("the baseline", baseline)];
        match stopped.into_iter().find_map(|(which, how)| Some((which, how?))) {
            None => Ok(()),
            Some((which, how)) => Err(NoNumber::unknown(format!(
                "{which} was stopped by its results ({how}), so that its rates are biased"
            ))),
        }
    }

    fn of_subject(&self, subject: Subject) -> Result<Vec<&'a CaseFacts>, NoNumber> {
        let cases = match subject {
            Subject::Run | Subject::These => self.cases.clone(),
            Subject::Case(place) => self.cases.get(place).copied().into_iter().collect(),
        };
        if cases.is_empty() { Err(NoNumber::unknown("there are no cases")) } else { Ok(cases) }
    }

    fn common(&self, subject: Subject) -> Result<Common<'a>, NoNumber> {
        let baseline = self.baseline.as_ref().ok_or(NoNumber::NoBaseline)?;
        let cases = self.of_subject(subject)?;
        match (subject, &cases[..]) {
            (Subject::Case(_), [case]) => {
                baseline.same_as(case).map(|same| Common::of_one(case, same))
            }
            _ => baseline.common(&cases),
        }
    }
}

impl Measurements for RunMeasurements<'_> {
    fn measured(&self, subject: Subject, metric: Metric) -> Result<Measured, NoNumber> {
        let cases = self.of_subject(subject)?;
        self.check_unbiased(metric)?;
        match metric {
            Metric::Passes { m, k } => passes::measured(&cases, (m, k), subject, self.confidence),
            Metric::NotGraded | Metric::Spent { .. } => exact(&cases, metric).map(Measured::exact),
        }
    }

    fn against(&self, subject: Subject, metric: Metric) -> Result<Against, NoNumber> {
        let common = self.common(subject)?;
        self.check_unbiased(metric)?;
        let against = match metric {
            Metric::Passes { m, k } => passes::against(&common, (m, k), subject, self.confidence)?,
            Metric::NotGraded | Metric::Spent { .. } => {
                let ours = exact(&common.ours(), metric)?;
                let theirs =
                    exact(&common.theirs(), metric).map_err(|reason| of_baseline(&reason))?;
                Against::fixed(theirs, Measured::exact(ours))
            }
        };
        Ok(against.with_dropped(common.dropped()))
    }

    fn cases(&self) -> Vec<String> {
        self.cases.iter().map(|case| case.id.clone()).collect()
    }

    fn completeness(&self) -> Completeness {
        let tally = self.run.tally();
        Completeness::new(tally.graded(), tally.not_graded, self.run.missing())
            .with_to_rescore(self.run.to_rescore())
    }
}

/// A number that a run has without a range.
fn exact(cases: &[&CaseFacts], metric: Metric) -> Result<f64, NoNumber> {
    match metric {
        Metric::Spent { quantity, statistic } => spent::spent(cases, quantity, statistic),
        Metric::NotGraded | Metric::Passes { .. } => {
            let not_graded = cases.iter().map(|case| case.tally.not_graded).sum();
            Ok(real(not_graded) / real(spent::trials(cases)?))
        }
    }
}

fn of_baseline(reason: &NoNumber) -> NoNumber {
    NoNumber::unknown(format!("of the baseline: {reason}"))
}

/// Whether a case, by its place in the suite, has trials in the part of the run that is a shard's.
fn is_planned(run: &RunFacts, place: u64) -> bool {
    let cases = run.cases.len() as u64;
    run.shard.is_none_or(|shard| {
        (0..u64::from(run.trials)).any(|index| shard.has(index.saturating_mul(cases) + place))
    })
}
