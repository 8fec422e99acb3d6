//! Comparing the numbers of a run with the rules of a gate.

use super::{
    bound::Bound,
    measured::{Measured, Measurements, NoNumber, Subject},
    rule::{Evidence, Gate, Rule, Scope},
    verdict::{CaseFinding, Compared, Finding, GateReport, RuleFinding, RuleReport},
};

impl Gate {
    /// Compares a run with the rules.
    pub fn evaluate(&self, measurements: &impl Measurements) -> GateReport {
        let rules = self
            .rules()
            .iter()
            .map(|rule| RuleReport { rule: *rule, finding: rule.finding(measurements) });
        GateReport { completeness: measurements.completeness(), rules: rules.collect() }
    }
}

impl Rule {
    fn finding(&self, measurements: &impl Measurements) -> RuleFinding {
        match self.scope {
            Scope::Run => RuleFinding::Run(self.compare(measurements, Subject::Run)),
            Scope::These => RuleFinding::Run(self.compare(measurements, Subject::These)),
            Scope::Each => self.each(measurements),
        }
    }

    fn each(&self, measurements: &impl Measurements) -> RuleFinding {
        let (mut met, mut others) = (0, Vec::new());
        for (place, case) in measurements.cases().into_iter().enumerate() {
            match self.compare(measurements, Subject::Case(place)) {
                Finding::Met(_) => met += 1,
                finding => others.push(CaseFinding { case, finding }),
            }
        }
        RuleFinding::Each { met, others }
    }

    fn compare(&self, measurements: &impl Measurements, subject: Subject) -> Finding {
        self.try_compare(measurements, subject).unwrap_or_else(Finding::NoNumber)
    }

    fn try_compare(
        &self,
        measurements: &impl Measurements,
        subject: Subject,
    ) -> Result<Finding, NoNumber> {
        let measured = measurements.measured(subject, self.metric)?;
        let (against, compared, bound) = match self.bound {
            Bound::Fixed(amount) => (None, measured, amount.value()),
            Bound::Baseline(change) => {
                let against = measurements.against(subject, self.metric)?;
                let bound =
                    change.map_or(0.0, |change| change.of(self.metric.kind(), against.baseline));
                (Some(against), against.difference, bound)
            }
        };
        let decisive = self.decisive(compared);
        if decisive.is_nan() || bound.is_nan() {
            return Err(NoNumber::unknown("it came out as no number"));
        }
        let compared = Compared { measured, against, decisive, bound };
        let met = self.operator.holds(decisive, bound);
        Ok(if met { Finding::Met(compared) } else { Finding::Missed(compared) })
    }

    /// Returns the number that decides: an end of the range, or the estimate.
    pub(super) fn decisive(&self, measured: Measured) -> f64 {
        match (self.evidence, self.operator.asks_for_more()) {
            (Evidence::Estimate, _) => measured.estimate,
            (Evidence::Range, true) => measured.lo,
            (Evidence::Range, false) => measured.hi,
        }
    }
}
