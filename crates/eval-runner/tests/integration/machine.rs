//! What machines read: every number is derived again from what stands beside it.

use std::time::{Duration, SystemTime};

use probity_eval_runner::{
    Report,
    facts::{CaseFacts, RunFacts, TrialFacts},
    gate::{Gate, RunMeasurements},
    machine::MachineReport,
    report::{Comparison, ComparisonSettings},
    stats::{
        Confidence, Counts, Interval, Reading, Tally, clustered,
        compare::{Pair, compare_grouped, sign_flip},
        drift::cochran_q,
        effective_wilson, m_of_k,
        many::holm,
        percentile, rerun_range, rerun_variance,
    },
    store::{EndReason, OutcomeKind, RunEnd, RunId, Spending},
    suite::Fingerprint,
    trial_seed,
};
use probity_trace::genai::Usage;
use serde_json::Value;

use crate::support::exact;

/// A made-up run whose outcomes follow from the seed alone; times and tries do not.
fn run(seed: u64, skill: u64, pace: u64) -> RunFacts {
    let cases = (0..30_u64).map(|number| {
        let id = format!("case {number}");
        let ease = trial_seed(1, &id, 0) % 80;
        let mut case = CaseFacts::new(id.clone()).with_group(format!("family {}", number % 11));
        for index in 0..4 {
            let draw = trial_seed(seed, &id, index) % 100;
            let outcome = match draw {
                0..3 => OutcomeKind::NotGraded,
                draw if draw < ease + skill => OutcomeKind::Passed,
                _ => OutcomeKind::Failed,
            };
            let mut trial = TrialFacts::new(index, outcome);
            trial.duration = Duration::from_millis(1 + draw * pace);
            trial.attempts = 1 + u32::from(pace > 7 && draw > 80);
            trial.spent = spending(draw, 0);
            trial.judging = spending(3, u32::from(draw > 80));
            case.add(&trial);
        }
        case
    });
    let mut facts = RunFacts::new("airline", 4, cases.collect());
    facts.seed = seed;
    facts.run = Some(RunId::new());
    facts.agent = Fingerprint::of(&"agent").ok();
    facts.labels.insert("commit".to_owned(), "abc".to_owned());
    facts.created_at = Some(SystemTime::now());
    facts.end = Some(RunEnd::now(EndReason::Complete));
    facts
}

fn spending(tokens: u64, unpriced_calls: u32) -> Spending {
    let mut spending = Spending::default();
    spending.usage = Usage::new(tokens, 1);
    spending.cost_usd = (unpriced_calls == 0).then_some(0.25);
    spending.unpriced_calls = unpriced_calls;
    spending
}

fn machine(facts: &RunFacts) -> MachineReport {
    MachineReport::of(facts).expect("the facts are valid")
}

fn written(machine: &MachineReport) -> Value {
    let mut file = Vec::new();
    machine.write(&mut file).expect("memory has room");
    assert_eq!(file.last(), Some(&b'\n'));
    serde_json::from_slice(&file).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

#[track_caller]
fn near(value: &Value, want: f64) {
    assert!((number(value) - want).abs() < 1e-9, "{value} is not {want}");
}

#[track_caller]
fn range(value: &Value, want: Interval) {
    near(&value["lo"], want.lo);
    near(&value["hi"], want.hi);
}

fn tally(value: &Value) -> Tally {
    Tally::new(count(&value["passed"]), count(&value["failed"]), count(&value["not_graded"]))
}

/// The tallies of the tasks with their groups.
fn tasks(json: &Value) -> Vec<(String, Tally)> {
    let tasks = list(&json["report"]["tasks"]).iter();
    tasks.map(|task| (task["group"].as_str().unwrap().to_owned(), tally(&task["trials"]))).collect()
}

#[test]
fn every_tally_follows_from_the_outcomes() {
    let json = written(&machine(&run(5, 40, 1)));
    let mut all = Tally::default();
    for (case, task) in list(&json["cases"]).iter().zip(list(&json["report"]["tasks"])) {
        assert_eq!(case["id"], task["id"]);
        let outcomes = case["outcomes"].as_str().unwrap();
        let letters = |letter| outcomes.matches(letter).count() as u64;
        assert_eq!(tally(&task["trials"]), Tally::new(letters('1'), letters('0'), letters('E')));
        all = all.plus(tally(&task["trials"]));
    }
    assert_eq!(tally(&json["report"]["trials"]), all);
    assert_eq!(all.trials(), 120);
    assert!(all.not_graded > 0, "{all:?}");
}

#[test]
fn every_metric_follows_from_the_tallies() {
    let json = written(&machine(&run(5, 40, 1)));
    let tasks = tasks(&json);
    let level = Confidence::default();
    let metrics = list(&json["report"]["metrics"]);
    assert_eq!(metrics.len(), 3);
    for metric in metrics {
        let (k, m) = (count(&metric["k"]), count(&metric["m"]));
        let counts: Vec<Counts> =
            tasks.iter().map(|(_, tally)| tally.read(Reading::Fail)).collect();
        let values: Vec<(String, f64)> = tasks
            .iter()
            .zip(&counts)
            .map(|((group, _), task)| (group.clone(), m_of_k(task.n, task.c, k, m).unwrap()))
            .collect();
        let want = clustered(&values, level).unwrap();
        near(&metric["estimate"], want.mean);
        range(metric, want.effective.interval);
        range(&metric["ranges"]["new_tasks"], want.effective.interval);
        range(&metric["ranges"]["rerun"], rerun_range(&counts, k, m, level).unwrap());
        assert_eq!(metric["method"], "grouped_wilson");
        near(&metric["confidence"], level.level());
        assert_eq!((count(&metric["tasks_used"]), count(&metric["tasks_skipped"])), (30, 0));
        for (name, want) in [
            ("graded", tasks.iter().map(|(_, tally)| tally.graded()).sum::<u64>()),
            ("failed", tasks.iter().map(|(_, tally)| tally.failed).sum()),
            ("not_graded", tasks.iter().map(|(_, tally)| tally.not_graded).sum()),
        ] {
            assert_eq!(count(&metric[name]), want, "{name}");
        }
    }
}

#[test]
fn ranges_without_groups_follow_from_the_tallies_too() {
    let mut facts = run(5, 40, 1);
    facts.cases.iter_mut().for_each(|case| case.group = None);
    let json = written(&machine(&facts));
    for metric in list(&json["report"]["metrics"]) {
        let (k, m) = (count(&metric["k"]), count(&metric["m"]));
        let estimate = |task: &Value| {
            let Counts { n, c } = tally(&task["trials"]).read(Reading::Fail);
            m_of_k(n, c, k, m).unwrap()
        };
        let values: Vec<f64> = list(&json["report"]["tasks"]).iter().map(estimate).collect();
        range(metric, effective_wilson(&values, Confidence::default()).unwrap().interval);
        assert_eq!(metric["method"], "effective_wilson");
    }
}

#[test]
fn everything_else_in_the_report_follows_too() {
    let json = written(&machine(&run(5, 40, 1)));
    let report = &json["report"];
    let tasks = tasks(&json);
    let mean = |reading| {
        let shares = tasks.iter().map(|(_, tally)| tally.read(reading));
        shares.map(|task| exact(task.c) / exact(task.n)).sum::<f64>() / 30.0
    };
    for (name, reading) in
        [("exclude", Reading::Exclude), ("fail", Reading::Fail), ("best", Reading::Best)]
    {
        near(&report["readings"][name], mean(reading));
    }
    let counts: Vec<Counts> = tasks.iter().map(|(_, tally)| tally.read(Reading::Fail)).collect();
    let rerun = rerun_variance(&counts, 1, 1).unwrap().se * Confidence::default().z();
    near(&report["rerun"], rerun);
    let those = |is: fn(&Counts) -> bool| counts.iter().filter(|task| is(task)).count() as u64;
    for (name, want) in [
        ("always", those(|task| task.c == task.n)),
        ("sometimes", those(|task| 0 < task.c && task.c < task.n)),
        ("never", those(|task| task.c == 0)),
    ] {
        assert_eq!(count(&report["consistency"][name]), want, "{name}");
    }
    let rows: Vec<Vec<Option<bool>>> = list(&json["cases"])
        .iter()
        .map(|case| {
            let graded = |letter| match letter {
                '1' => Some(true),
                '0' => Some(false),
                _ => None,
            };
            case["outcomes"].as_str().unwrap().chars().map(graded).collect()
        })
        .collect();
    let drift = cochran_q(&rows, 4).drift.unwrap();
    let noted = list(&report["notes"]).iter().any(|note| note.get("drift").is_some());
    assert_eq!(noted, drift.is_shown(Confidence::default()));
}

#[test]
fn spending_and_times_follow_from_the_cases() {
    let json = written(&machine(&run(5, 40, 8)));
    for (who, case_key) in [("agents", "agent"), ("judges", "judges")] {
        let sum = |read: &dyn Fn(&Value) -> f64| -> f64 {
            list(&json["cases"]).iter().map(|case| read(&case[case_key])).sum()
        };
        let spent = &json["report"]["spending"][who];
        near(&spent["usage"]["input_tokens"], sum(&|one| number(&one["usage"]["input_tokens"])));
        near(&spent["unpriced_calls"], sum(&|one| number(&one["unpriced_calls"])));
        near(&spent["cost_usd"], sum(&|one| one["cost_usd"].as_f64().unwrap_or(0.0)));
    }
    assert!(count(&json["report"]["spending"]["judges"]["unpriced_calls"]) > 0);
    let cases = list(&json["run"]["cases"]);
    let seconds: Vec<f64> =
        cases.iter().flat_map(|case| list(&case["seconds"])).map(number).collect();
    let course = &json["run"]["course"];
    for (name, percent) in [("median", 50), ("p90", 90)] {
        let want = percentile(&seconds, percent).unwrap();
        assert!((number(&course["seconds"][name]) - want).abs() < 1e-6, "{name}");
    }
    let retries: u64 = cases.iter().map(|case| count(&case["retries"])).sum();
    assert_eq!(count(&course["retries"]), retries);
    assert!(retries > 0);
}

#[test]
fn a_comparison_follows_from_its_own_tallies() {
    let (facts, before) = (run(5, 40, 1), run(6, 20, 1));
    let [new, old] = [&facts, &before].map(|run| Report::of(run).unwrap());
    let settings = ComparisonSettings::new().tests();
    let compared = Comparison::of(&new, &old, &settings).unwrap();
    let json = written(&machine(&facts).with_comparison(compared));
    let compared = &json["comparison"];
    let level = Confidence::default();
    let pair = |task: &Value| {
        let counts = |side: &str| tally(&task[side]).read(Reading::Fail);
        let pair = Pair { first: counts("first"), second: counts("second") };
        (task["group"].as_str().unwrap().to_owned(), pair)
    };
    let pairs: Vec<_> = list(&compared["tasks"]).iter().map(pair).collect();
    let mut p_values = Vec::new();
    for metric in list(&compared["metrics"]) {
        let (k, m) = (count(&metric["k"]), count(&metric["m"]));
        let want = compare_grouped(&pairs, k, m, level).unwrap();
        let difference = want.difference.unwrap();
        near(&metric["first"], difference.first);
        near(&metric["second"], difference.second);
        near(&metric["difference"], difference.value);
        range(&metric["new_tasks"], difference.spread.unwrap().interval);
        range(&metric["rerun"], difference.rerun.unwrap());
        assert_eq!(metric["method"], "grouped_mover");
        for side in ["first", "second"] {
            let tallies = list(&compared["tasks"]).iter().map(|task| tally(&task[side]));
            let all = tallies.fold(Tally::default(), Tally::plus);
            assert_eq!(tally(&metric[format!("{side}_trials")]), all);
        }
        for (name, want) in [("better", want.better), ("worse", want.worse), ("same", want.same)] {
            assert_eq!(count(&metric[name]), want, "{name}");
        }
        let p = sign_flip(&want.by_group, 1).unwrap().value;
        near(&metric["test"]["p"]["value"], p);
        p_values.push(p);
    }
    let adjusted = holm(&p_values).unwrap();
    for (metric, holm) in list(&compared["metrics"]).iter().zip(adjusted) {
        near(&metric["test"]["holm"], holm);
    }
}

#[test]
fn two_runs_of_one_seed_are_equal_but_for_the_run() {
    let (mut first, mut second) =
        (written(&machine(&run(5, 40, 1))), written(&machine(&run(5, 40, 9))));
    assert_ne!(first["run"], second["run"]);
    for json in [&mut first, &mut second] {
        let run = json.as_object_mut().unwrap().remove("run").unwrap();
        for key in ["id", "created_at_unix_ms", "ended_at_unix_ms", "course", "seed", "labels"] {
            assert!(!run[key].is_null(), "{key}");
        }
        assert_eq!(run["end"], "complete");
    }
    assert_eq!(first, second);
    let other = written(&machine(&run(6, 40, 1)));
    assert_ne!(first["report"], other["report"]);
}

#[test]
fn the_gate_and_what_its_percentiles_are_made_of_are_there() {
    let facts = run(5, 40, 1);
    let gate: Gate = "cost.p95 <= 0.1, tokens.p50 <= 1M".parse().unwrap();
    let machine = machine(&facts).with_gate(gate.evaluate(&RunMeasurements::of(&facts)));
    let json = written(&machine);
    assert_eq!(json["gate"]["verdict"], "missed");
    let numbers = |name: &str| -> Vec<f64> {
        list(&json["cases"]).iter().flat_map(|case| list(&case[name])).map(number).collect()
    };
    for (rule, name, percent) in [(0, "costs_usd", 95), (1, "tokens", 50)] {
        let rule = &json["gate"]["rules"][rule];
        let word = if name == "tokens" { "met" } else { "missed" };
        near(
            &rule["finding"]["run"][word]["decisive"],
            percentile(&numbers(name), percent).unwrap(),
        );
    }
    assert_eq!(serde_json::from_value::<MachineReport>(json).unwrap(), machine);
}

#[test]
fn a_machine_report_is_read_from_what_it_writes() {
    let facts = run(5, 40, 1);
    let report = Report::of(&facts).unwrap();
    let compared = Comparison::of(&report, &report, &ComparisonSettings::new()).unwrap();
    let machine = machine(&facts).with_comparison(compared);
    let value = serde_json::to_value(&machine).unwrap();
    assert_eq!(serde_json::from_value::<MachineReport>(value).unwrap(), machine);
}

#[test]
fn a_stored_run_of_the_first_version_can_be_read() {
    let stored = include_str!("../data/run-1.json");
    let machine: MachineReport = serde_json::from_str(stored).unwrap();
    assert_eq!(machine.report.notes.len(), 12, "one note of every kind");
    let again = serde_json::to_value(&machine).unwrap();
    assert_eq!(again, serde_json::from_str::<Value>(stored).unwrap());
}
