//! What gates say of runs.

use std::collections::HashMap;

use probity_eval_runner::{
    gate::{
        Against, Completeness, Finding, Gate, GateReport, GateVerdict, Measured, Measurements,
        Metric, NoNumber, RuleFinding, Subject, exit,
    },
    stats::Interval,
};

/// A run whose numbers were agreed upon.
struct Run {
    completeness: Completeness,
    numbers: HashMap<(Subject, String), Measured>,
    baselines: HashMap<(Subject, String), Against>,
    cases: Vec<String>,
}

impl Run {
    fn new() -> Self {
        Self {
            completeness: Completeness::new(100, 0, 0),
            numbers: HashMap::new(),
            baselines: HashMap::new(),
            cases: Vec::new(),
        }
    }

    fn with(mut self, metric: &str, measured: Measured) -> Self {
        self.numbers.insert((Subject::Run, metric.to_owned()), measured);
        self
    }

    fn against(mut self, metric: &str, against: Against) -> Self {
        self.baselines.insert((Subject::Run, metric.to_owned()), against);
        self
    }

    fn case(mut self, id: &str, metric: &str, measured: Option<Measured>) -> Self {
        if let Some(measured) = measured {
            let subject = Subject::Case(self.cases.len());
            self.numbers.insert((subject, metric.to_owned()), measured);
        }
        self.cases.push(id.to_owned());
        self
    }

    fn complete(mut self, completeness: Completeness) -> Self {
        self.completeness = completeness;
        self
    }
}

impl Measurements for Run {
    fn measured(&self, subject: Subject, metric: Metric) -> Result<Measured, NoNumber> {
        let found = self.numbers.get(&(subject, metric.to_string()));
        found.copied().ok_or_else(|| NoNumber::too_few_trials(8, 4))
    }

    fn against(&self, subject: Subject, metric: Metric) -> Result<Against, NoNumber> {
        let found = self.baselines.get(&(subject, metric.to_string()));
        found.copied().ok_or(NoNumber::NoBaseline)
    }

    fn cases(&self) -> Vec<String> {
        self.cases.clone()
    }

    fn completeness(&self) -> Completeness {
        self.completeness
    }
}

fn range(estimate: f64, lo: f64, hi: f64) -> Measured {
    Measured::new(estimate, Interval { lo, hi })
}

fn evaluate(gate: &str, run: &Run) -> GateReport {
    gate.parse::<Gate>().expect(gate).evaluate(run)
}

#[track_caller]
fn check(gate: &str, run: &Run, verdict: GateVerdict, text: &[&str]) {
    let report = evaluate(gate, run);
    assert_eq!(report.to_string(), text.join("\n"), "{gate}");
    assert_eq!(report.verdict(), verdict, "{gate}");
}

#[test]
fn the_conservative_end_decides_unless_the_estimate_is_asked_for() {
    let run = Run::new()
        .with("pass^4", range(0.92, 0.86, 0.961))
        .with("not_graded", range(0.02, 0.01, 0.04));
    check(
        "pass^4 >= 0.85",
        &run,
        GateVerdict::Met,
        &["gate met", "  met        pass^4 >= 0.85: 92.0% (86.0 – 96.1)"],
    );
    check(
        "pass^4 >= 90%",
        &run,
        GateVerdict::Missed,
        &[
            "gate missed: 1 of 1 rules",
            "  missed     pass^4 >= 90%: 92.0% (86.0 – 96.1); the estimate meets it, its range does not",
        ],
    );
    check(
        "estimate(pass^4) >= 0.9",
        &run,
        GateVerdict::Met,
        &["gate met", "  met        estimate(pass^4) >= 0.9: 92.0% (86.0 – 96.1)"],
    );
    check(
        "pass^4 >= 0.97, not_graded <= 3%",
        &run,
        GateVerdict::Missed,
        &[
            "gate missed: 2 of 2 rules",
            "  missed     pass^4 >= 0.97: 92.0% (86.0 – 96.1)",
            "  missed     not_graded <= 3%: 2.0% (1.0 – 4.0); the estimate meets it, its range does not",
        ],
    );
}

#[test]
fn a_bound_that_is_reached_exactly_is_met_by_at_least_and_missed_by_more_than() {
    let run = Run::new().with("cost", Measured::exact(1.5));
    check("cost <= 1.50", &run, GateVerdict::Met, &["gate met", "  met        cost <= 1.5: $1.50"]);
    check(
        "cost < 1.50",
        &run,
        GateVerdict::Missed,
        &["gate missed: 1 of 1 rules", "  missed     cost < 1.5: $1.50"],
    );
}

#[test]
fn a_baseline_is_compared_by_the_range_of_the_difference() {
    let run = Run::new()
        .with("pass@1", range(0.88, 0.8, 0.94))
        .against("pass@1", Against::new(0.9, range(-0.02, -0.035, 0.001)));
    check(
        "pass@1 >= baseline - 0.05",
        &run,
        GateVerdict::Met,
        &[
            "gate met",
            "  met        pass@1 >= baseline - 0.05: 88.0% against 90.0%, difference -2.0 (-3.5 to +0.1)",
        ],
    );
    check(
        "pass@1 >= baseline - 2%",
        &run,
        GateVerdict::Missed,
        &[
            "gate missed: 1 of 1 rules",
            "  missed     pass@1 >= baseline - 2%: 88.0% against 90.0%, difference -2.0 (-3.5 to +0.1); \
         the estimate meets it, its range does not",
        ],
    );
    check(
        "pass@1 < baseline",
        &run,
        GateVerdict::Missed,
        &[
            "gate missed: 1 of 1 rules",
            "  missed     pass@1 < baseline: 88.0% against 90.0%, difference -2.0 (-3.5 to +0.1); \
         the estimate meets it, its range does not",
        ],
    );
}

#[test]
fn percent_of_a_baseline_cost_is_a_part_of_it() {
    let run = Run::new()
        .with("cost", Measured::exact(2.1))
        .against("cost", Against::fixed(2.0, Measured::exact(2.1)));
    check(
        "cost <= baseline + 10%",
        &run,
        GateVerdict::Met,
        &[
            "gate met",
            "  met        cost <= baseline + 10%: $2.10 against $2.00, difference +$0.1000",
        ],
    );
    assert_eq!(evaluate("cost <= baseline + 4%", &run).verdict(), GateVerdict::Missed);
    assert_eq!(evaluate("cost <= baseline + 0.10", &run).verdict(), GateVerdict::Met);
}

#[test]
fn what_has_no_number_cannot_be_decided_and_a_miss_is_a_miss_all_the_same() {
    let run = Run::new().with("pass@1", range(0.5, 0.4, 0.6));
    check(
        "pass^8 >= 0.9",
        &run,
        GateVerdict::Undecidable,
        &[
            "gate cannot be decided: 1 of 1 rules",
            "  undecided  pass^8 >= 0.9: it needs 8 trials of a case, and there are 4",
        ],
    );
    check(
        "pass@1 >= baseline",
        &run,
        GateVerdict::Undecidable,
        &[
            "gate cannot be decided: 1 of 1 rules",
            "  undecided  pass@1 >= baseline: there is no baseline to compare with",
        ],
    );
    let both = evaluate("pass^8 >= 0.9, pass@1 > 0.9", &run);
    assert_eq!(both.verdict(), GateVerdict::Missed);
    let no_number = Run::new().with("pass@1", range(0.5, f64::NAN, 0.6));
    assert_eq!(evaluate("pass@1 > 0.4", &no_number).verdict(), GateVerdict::Undecidable);
}

#[test]
fn every_case_must_meet_what_each_asks() {
    let good = range(1.0, 0.85, 1.0);
    let run = Run::new()
        .case("refund", "pass^3", Some(good))
        .case("cancel", "pass^3", Some(range(0.5, 0.25, 0.75)))
        .case("rebook", "pass^3", None);
    check(
        "each: pass^3 >= 0.8",
        &run,
        GateVerdict::Missed,
        &[
            "gate missed: 1 of 1 rules",
            "  missed     each: pass^3 >= 0.8: 1 of 3 cases meet it",
            "      cancel: 50.0% (25.0 – 75.0)",
            "      rebook: it needs 8 trials of a case, and there are 4",
        ],
    );
    let run = Run::new().case("refund", "pass^3", Some(good)).case("cancel", "pass^3", Some(good));
    check(
        "each: pass^3 >= 0.8",
        &run,
        GateVerdict::Met,
        &["gate met", "  met        each: pass^3 >= 0.8: all 2 cases meet it"],
    );
    check(
        "each: pass^3 >= 0.8",
        &Run::new(),
        GateVerdict::Undecidable,
        &[
            "gate cannot be decided: 1 of 1 rules",
            "  undecided  each: pass^3 >= 0.8: there are no cases",
        ],
    );
}

#[test]
fn a_long_list_of_cases_is_cut_in_print_and_whole_in_the_data() {
    let bad = Some(Measured::exact(0.0));
    let run = (0..15).fold(Run::new(), |run, i| run.case(&format!("c{i}"), "pass@1", bad));
    let report = evaluate("each: pass@1 >= 0.5", &run);
    let text = report.to_string();
    assert!(text.ends_with("      c9: 0.0%\n      and 5 more"), "{text}");
    let RuleFinding::Each { others, met, .. } = &report.rules[0].finding else { panic!("{text}") };
    assert_eq!((others.len(), *met), (15, 0));
}

#[test]
fn an_incomplete_run_passes_no_gate_whatever_its_numbers() {
    let run = || Run::new().with("pass@1", Measured::exact(1.0));
    check(
        "pass@1 >= 0.5",
        &run().complete(Completeness::new(94, 6, 0)),
        GateVerdict::Incomplete,
        &[
            "gate not met, the run is incomplete: 6 of 100 trials were not graded (6.0%, more than 5%)",
            "  met        pass@1 >= 0.5: 100.0%",
        ],
    );
    check(
        "pass@1 >= 0.5",
        &run().complete(Completeness::new(90, 0, 10)),
        GateVerdict::Incomplete,
        &[
            "gate not met, the run is incomplete: 10 trials were not run",
            "  met        pass@1 >= 0.5: 100.0%",
        ],
    );
    check(
        "pass@1 >= 0.5",
        &run().complete(Completeness::new(0, 3, 1)),
        GateVerdict::Incomplete,
        &[
            "gate not met, the run is incomplete: 1 trial was not run, \
         3 of 3 trials were not graded (100.0%, more than 5%)",
            "  met        pass@1 >= 0.5: 100.0%",
        ],
    );
    let nothing = evaluate("pass@1 >= 0.5", &run().complete(Completeness::default())).to_string();
    assert!(
        nothing.starts_with("gate not met, the run is incomplete: no trial was run\n"),
        "{nothing}"
    );
    let complete = run().complete(Completeness::new(95, 5, 0));
    assert_eq!(evaluate("pass@1 >= 0.5", &complete).verdict(), GateVerdict::Met);
}

#[test]
fn each_verdict_has_its_exit_code() {
    for (verdict, code, number) in [
        (GateVerdict::Met, exit::MET, 0),
        (GateVerdict::Missed, exit::MISSED, 1),
        (GateVerdict::Undecidable, exit::USAGE, 2),
        (GateVerdict::Incomplete, exit::INCOMPLETE, 3),
    ] {
        assert_eq!((verdict.exit_code(), code), (number, number));
    }
}

#[test]
fn a_report_holds_the_numbers_that_decided_and_survives_json() {
    let run = Run::new()
        .with("pass@1", range(0.88, 0.8, 0.94))
        .against("pass@1", Against::new(0.9, range(-0.02, -0.035, 0.001)))
        .case("a", "pass@1", Some(Measured::exact(0.25)));
    let report = evaluate("pass@1 >= baseline - 2%, each: pass@1 >= 0.5, pass^8 > 0", &run);
    let RuleFinding::Run(Finding::Missed(compared)) = &report.rules[0].finding else {
        panic!("{report}")
    };
    assert!((compared.decisive + 0.035).abs() < 1e-15 && (compared.bound + 0.02).abs() < 1e-15);
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<GateReport>(&json).unwrap(), report);
    assert!(json.contains(r#""rule":"each: pass@1 >= 0.5""#), "{json}");
}

#[test]
fn quantities_are_shown_in_their_units() {
    let run = Run::new()
        .with("cost.mean", Measured::exact(0.0123))
        .with("tokens", Measured::exact(12_345.0))
        .with("duration.p50", range(0.25, 0.2, 0.3))
        .with("duration.p95", Measured::exact(12.34));
    check(
        "cost.mean <= 1, tokens <= 20k, duration.p50 <= 1s, duration.p95 <= 20s",
        &run,
        GateVerdict::Met,
        &[
            "gate met",
            "  met        cost.mean <= 1: $0.0123",
            "  met        tokens <= 20000: 12345 tokens",
            "  met        duration.p50 <= 1s: 250 ms (200 ms – 300 ms)",
            "  met        duration.p95 <= 20s: 12.3 s",
        ],
    );
}
