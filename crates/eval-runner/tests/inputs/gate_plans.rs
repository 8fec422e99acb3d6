//! Gates that the planned trials cannot decide.

use probity_eval_runner::{
    gate::{Enough, Gate, Measured, Metric, NoNumber, Reach, Rule, Scope},
    stats::{Confidence, Counts, Tally, task_mean, wilson},
};

/// A plan of so many cases and trials.
struct Plan {
    cases: u64,
    trials: u64,
}

impl Plan {
    /// What a rule can come to if all trials pass.
    fn perfect(&self, rule: &Rule, m: u64, k: u64) -> Result<Measured, NoNumber> {
        let confidence = Confidence::default();
        if rule.scope == Scope::Each {
            return Measured::of_case(Tally::new(self.trials, 0, 0), (m, k), confidence);
        }
        if self.trials < k {
            return Err(NoNumber::too_few_trials(k, self.trials));
        }
        let tasks = vec![
            Counts { n: self.trials, c: self.trials };
            usize::try_from(self.cases).expect("few")
        ];
        let mean = task_mean(&tasks, k, m, confidence).expect("valid counts");
        let spread = mean.spread.expect("several cases");
        Ok(Measured::new(1.0, spread.effective.interval))
    }
}

impl Reach for Plan {
    fn best(&self, rule: &Rule) -> Result<Option<Measured>, NoNumber> {
        match rule.metric {
            Metric::Passes { m, k, .. } => self.perfect(rule, m, k).map(Some),
            _ => Ok(None),
        }
    }

    fn enough(&self, rule: &Rule) -> Option<Enough> {
        let Metric::Passes { k, .. } = rule.metric else { return None };
        let trials = self.trials.max(k);
        (1..=1_000).find_map(|cases| {
            let range = wilson(cases, cases, Confidence::default()).expect("valid counts");
            (range.lo >= 0.9).then(|| Enough::new(cases, trials))
        })
    }
}

#[track_caller]
fn refused(gate: &str, plan: &Plan) -> String {
    let gate: Gate = gate.parse().expect(gate);
    gate.check_plan(plan).expect_err("the plan is too small").to_string()
}

#[test]
fn a_gate_that_no_run_of_the_plan_could_meet_is_refused_with_the_number_that_would_do() {
    assert_eq!(
        refused("pass^4 >= 0.9", &Plan { cases: 10, trials: 4 }),
        "the planned trials cannot decide pass^4 >= 0.9: at best its range begins at 66.1%; \
         35 cases with 4 trials each would be enough; \
         the estimate alone would be asked for by estimate(pass^4) >= 0.9"
    );
    assert_eq!(
        refused("pass^8 >= 0.9, cost < 1, estimate(pass^8) >= 0.5", &Plan { cases: 10, trials: 4 }),
        "the planned trials cannot decide pass^8 >= 0.9: it needs 8 trials of a case, and there are 4; \
         35 cases with 8 trials each would be enough\n\
         the planned trials cannot decide estimate(pass^8) >= 0.5: it needs 8 trials of a case, \
         and there are 4; 35 cases with 8 trials each would be enough"
    );
}

#[test]
fn a_gate_that_can_be_met_goes_ahead() {
    for gate in ["pass^4 >= 0.6", "estimate(pass^4) >= 1", "cost <= 0.01", "pass@1 >= 0"] {
        let gate: Gate = gate.parse().unwrap();
        assert_eq!(gate.check_plan(&Plan { cases: 10, trials: 4 }), Ok(()), "{gate}");
    }
    let each: Gate = "each: pass@1 >= 0.8".parse().unwrap();
    assert!(each.check_plan(&Plan { cases: 10, trials: 10 }).is_err());
    assert!(each.check_plan(&Plan { cases: 10, trials: 16 }).is_ok());
}

#[test]
fn where_nothing_would_be_enough_it_says_so() {
    /// No number of trials shows certainty.
    struct Never;

    impl Reach for Never {
        fn best(&self, _: &Rule) -> Result<Option<Measured>, NoNumber> {
            Ok(Some(Measured::exact(0.99)))
        }

        fn enough(&self, _: &Rule) -> Option<Enough> {
            None
        }
    }

    let gate: Gate = "estimate(pass@1) >= 1".parse().unwrap();
    assert_eq!(
        gate.check_plan(&Never).unwrap_err().to_string(),
        "the planned trials cannot decide estimate(pass@1) >= 1: the best it can come to is 99.0%; \
         no number of trials would be enough"
    );
}
