//! The run as a test suite: its tests, and its numbers as properties.

use std::time::Duration;

use quick_junit::TestSuite;

use super::{Junit, gate::Missed};
use crate::{
    date,
    facts::RunFacts,
    report::{Metric, Report},
    reporters::line::{line, whole_line},
};

impl Junit<'_> {
    /// Makes the suite.
    pub(super) fn suite(&self) -> TestSuite {
        let facts = self.facts;
        let mut suite = TestSuite::new(whole_line(&facts.suite));
        if let Some(at) = facts.created_at {
            let at = date::utc(at).replace(' ', "T");
            suite.extra.insert("timestamp".into(), format!("{at}Z").into());
        }
        suite.set_time(
            facts.cases.iter().flat_map(crate::facts::CaseFacts::seconds).map(seconds).sum(),
        );
        suite.add_properties(about(facts));
        suite.add_properties(self.metrics());
        suite.add_properties(spending(facts));
        let missed = Missed::of(self.gate);
        suite.add_test_cases(facts.cases.iter().map(|case| self.case(case, missed.by(case))));
        suite.add_test_cases(self.gate_test());
        suite
    }

    /// The numbers of the report, each with the ends of its range, and the level of the ranges.
    fn metrics(&self) -> Vec<(String, String)> {
        let usual = if self.report.is_none() { Report::of(self.facts).ok() } else { None };
        // A run of which no trial has ended has no numbers.
        let report = self.report.or(usual.as_ref());
        report.map_or_else(Vec::new, |report| numbers(report, self.facts))
    }
}

/// Which run it is.
fn about(facts: &RunFacts) -> Vec<(String, String)> {
    let mut about = vec![
        ("seed".to_owned(), facts.seed.to_string()),
        ("trials".to_owned(), facts.trials.to_string()),
    ];
    about.extend(facts.run.map(|run| ("run".to_owned(), run.to_string())));
    about.extend(facts.name.as_ref().map(|name| ("name".to_owned(), line(name))));
    about.extend(
        facts.shard.map(|shard| ("shard".to_owned(), format!("{}/{}", shard.index, shard.count))),
    );
    let labels = facts.labels.iter();
    about.extend(labels.map(|(key, value)| (format!("label.{}", line(key)), line(value))));
    about
}

fn numbers(report: &Report, facts: &RunFacts) -> Vec<(String, String)> {
    let of = |metric: &Metric| {
        let sign = if metric.m == metric.k && metric.k > 1 { '^' } else { '@' };
        let name = format!("pass{sign}{}", metric.k);
        let numbers = [("", metric.estimate), (".lo", metric.lo), (".hi", metric.hi)];
        numbers.map(|(end, number)| (format!("{name}{end}"), number.to_string()))
    };
    let tally = report.trials;
    let counts = [
        ("passed", tally.passed),
        ("failed", tally.failed),
        ("not_graded", tally.not_graded),
        ("missing", facts.missing()),
    ];
    let to_rescore = (facts.to_rescore() > 0).then(|| ("to_rescore", facts.to_rescore()));
    let counts = counts.into_iter().chain(to_rescore);
    let counts = counts.map(|(name, number)| (name.to_owned(), number.to_string()));
    let level = ("confidence".to_owned(), report.confidence.level().to_string());
    let mut all: Vec<_> = report.metrics.iter().flat_map(of).chain([level]).chain(counts).collect();
    let stopped = report.stopped_by_results();
    all.extend(stopped.map(|how| ("stopped_by_results".to_owned(), how.to_owned())));
    all
}

/// What the run used; what is not known is left out.
fn spending(facts: &RunFacts) -> Vec<(String, String)> {
    let spent = facts.spent().plus(facts.judging());
    let mut used = vec![("tokens".to_owned(), spent.tokens().to_string())];
    used.extend(spent.known_cost_usd().map(|cost| ("cost_usd".to_owned(), cost.to_string())));
    if spent.unpriced_calls > 0 {
        used.push(("unpriced_calls".to_owned(), spent.unpriced_calls.to_string()));
    }
    used
}

/// What is no time is none.
pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
