//! Baseline files: what they hold, how they are read and written, and what differs from them.

use std::{error::Error as _, fs, path::PathBuf};

use probity_eval_runner::{
    baseline::{Baseline, BaselineError, Written},
    facts::{CaseFacts, RunFacts, TrialFacts},
    gate::{Gate, GateVerdict, RunMeasurements},
    store::{OutcomeKind, Shard},
    suite::Fingerprint,
};
use probity_trace::genai::Usage;
use proptest::prelude::*;
use serde_json::json;

use crate::gate_runs::{case, run};

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("baselines").join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A run of two cases with a cost, a group and fingerprints.
fn support() -> RunFacts {
    let mut refund = CaseFacts::new("refund").with_group("money");
    refund.fingerprint = Some(Fingerprint::of(&json!("refund")).unwrap());
    for index in 0..3 {
        let mut trial = TrialFacts::new(index, OutcomeKind::Passed);
        trial.spent.usage = Usage::new(100, 7);
        trial.spent.cost_usd = Some(0.1);
        refund.add(&trial);
    }
    let mut facts = RunFacts::new("support", 3, vec![refund, case("a \"quoted\" name", (1, 2, 0))]);
    facts.agent = Some(Fingerprint::of(&json!({})).unwrap());
    facts.seed = 7;
    facts
}

const SUPPORT: &str = r#"{
  "format": "probity-baseline/1",
  "suite": "support",
  "agent": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  "trials": 3,
  "seed": 7,
  "cases": {
    "refund": {"passed":3,"failed":0,"not_graded":0,"input_tokens":300,"output_tokens":21,"cost_usd":0.3,"group":"money","fingerprint":"FINGERPRINT"},
    "a \"quoted\" name": {"passed":1,"failed":2,"not_graded":0}
  }
}
"#;

fn support_text() -> String {
    SUPPORT.replace("FINGERPRINT", Fingerprint::of(&json!("refund")).unwrap().as_str())
}

#[test]
fn the_file_has_a_line_for_each_case_and_neither_times_nor_identifiers() {
    let path = folder("text").join("baseline.json");
    let baseline = Baseline::of(&support()).unwrap();
    assert_eq!(baseline.write(&path).unwrap(), Written::Created);
    assert_eq!(fs::read_to_string(&path).unwrap(), support_text());
    assert_eq!(Baseline::read(&path).unwrap(), baseline);
}

#[test]
fn a_file_that_would_not_change_is_not_touched() {
    let folder = folder("unchanged");
    let path = folder.join("baseline.json");
    let baseline = Baseline::of(&support()).unwrap();
    baseline.write(&path).unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(baseline.write(&path).unwrap(), Written::Unchanged);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);

    let checked_out = support_text().replace('\n', "\r\n");
    fs::remove_file(&path).unwrap();
    fs::write(&path, &checked_out).unwrap();
    assert_eq!(baseline.write(&path).unwrap(), Written::Unchanged);
    assert_eq!(fs::read_to_string(&path).unwrap(), checked_out);

    let other = Baseline::of(&run(3, &[3])).unwrap();
    assert_eq!(other.write(&path).unwrap(), Written::Changed);
    assert_eq!(Baseline::read(&path).unwrap(), other);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside the file");
}

#[test]
fn conflicts_of_a_merge_are_replaced_and_other_files_are_not() {
    let path = folder("replaced").join("baseline.json");
    let baseline = Baseline::of(&support()).unwrap();
    let conflict = support_text().replace("  \"trials\": 3,", "<<<<<<< HEAD\n  \"trials\": 3,");
    fs::write(&path, conflict).unwrap();
    assert_eq!(baseline.write(&path).unwrap(), Written::Changed);
    for other in
        ["[package]\nname = \"x\"\n", "{\"name\": \"x\"}", "{\"format\": \"probity-report/1\"}"]
    {
        fs::write(&path, other).unwrap();
        let error = baseline.write(&path).unwrap_err();
        assert!(matches!(error, BaselineError::OtherFile { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
    }
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(baseline.write(&path), Err(BaselineError::OtherFile { .. })));
    let newer = support_text().replace("baseline/1", "baseline/2");
    fs::write(&path, &newer).unwrap();
    assert!(matches!(baseline.write(&path), Err(BaselineError::Newer { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

/// Reads the file of the support run with a change, and returns what is said after the file's name.
#[track_caller]
fn refused(from: &str, to: &str) -> String {
    let path = folder(&format!("refused-{}", to.len())).join("baseline.json");
    assert!(support_text().contains(from), "{from}");
    fs::write(&path, support_text().replace(from, to)).unwrap();
    let error = Baseline::read(&path).expect_err(to).to_string();
    let (_, said) = error.split_once("baseline.json ").expect("the name of the file");
    said.to_owned()
}

#[test]
fn what_is_wrong_is_said_with_its_field_and_line() {
    let path = folder("missing").join("baseline.json");
    let missing = Baseline::read(&path).unwrap_err();
    assert_eq!(missing.to_string(), format!("the baseline file {} does not exist", path.display()));
    assert_eq!(
        refused("baseline/1", "baseline/12"),
        "has the format \"probity-baseline/12\", and this probity knows \"probity-baseline/1\"; use a newer probity"
    );
    assert_eq!(
        refused("\"passed\":1", "\"passed\":\"one\""),
        "cannot be read: cases.a \"quoted\" name.passed: invalid type: string \"one\", expected u64 at line 9 column 40"
    );
    assert_eq!(
        refused("a \\\"quoted\\\" name", "refund"),
        "cannot be read: cases.refund: the case is there twice at line 9 column 15"
    );
    assert_eq!(
        refused("\"seed\": 7", "\"seeds\": 7777"),
        "cannot be read: seeds: unknown field `seeds`, expected one of `format`, `suite`, `agent`, `agent_version`, `evals`, \
         `trials`, `seed`, `cases` at line 6 column 9"
    );
    assert_eq!(
        refused("\"trials\": 3", "\"trials\": 4    "),
        "cannot be read: cases.refund: it has 3 trials, and each case has 4"
    );
    assert!(
        refused("\"suite\": \"support\",", "\"suite\": \"support\"")
            .starts_with("cannot be read: expected `,` or `}` at line 4")
    );
    assert!(refused("probity-baseline/1", "snapshot").starts_with("is no baseline file"));
}

#[test]
fn a_run_that_would_be_easy_to_beat_is_no_baseline() {
    let mut facts = run(20, &[20, 20]);
    facts.cases.push(case("half", (10, 0, 0)));
    assert_eq!(
        Baseline::of(&facts).unwrap_err().to_string(),
        "the run is no baseline, it is incomplete: 10 trials were not run"
    );
    let outage = RunFacts::new("suite", 4, vec![case("a", (3, 0, 1))]);
    assert_eq!(
        Baseline::of(&outage).unwrap_err().to_string(),
        "the run is no baseline, it is incomplete: 1 of 4 trials were not graded (25.0%, more than 5%)"
    );
    let mut shard = RunFacts::new("suite", 2, vec![case("a", (1, 0, 0)), case("b", (1, 0, 0))]);
    shard.shard = Shard::new(1, 2);
    assert_eq!(
        Baseline::of(&shard).unwrap_err().to_string(),
        "the run is no baseline: case \"a\": it has 1 trials, and each case has 2"
    );
    let twice = RunFacts::new("suite", 1, vec![case("a", (1, 0, 0)), case("a", (1, 0, 0))]);
    assert!(Baseline::of(&twice).unwrap_err().to_string().contains("there twice"));
}

#[test]
fn a_file_that_cannot_be_written_says_why_and_leaves_nothing() {
    let folder = folder("nowhere");
    let baseline = Baseline::of(&support()).unwrap();
    let error = baseline.write(folder.join("no").join("baseline.json")).unwrap_err();
    assert!(
        matches!(error, BaselineError::Unwritable { .. }) && error.source().is_some(),
        "{error}"
    );
    assert!(matches!(baseline.write(&folder), Err(BaselineError::Unwritable { .. })));
    assert!(matches!(Baseline::read(&folder), Err(BaselineError::Unreadable { .. })));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_run_is_held_against_a_file_as_against_a_run() {
    let path = folder("compared").join("baseline.json");
    let before = support();
    Baseline::of(&before).unwrap().write(&path).unwrap();
    let baseline = Baseline::read(&path).unwrap();
    let evaluate = |gate: &str, baseline: &RunFacts| {
        let gate: Gate = gate.parse().unwrap();
        gate.evaluate(&RunMeasurements::of(&before).baseline(baseline))
    };
    for gate in [
        "pass@1 >= baseline - 0.9, these: pass^2 >= baseline",
        "each: estimate(2of3) >= baseline",
        "each: estimate(pass@1) >= baseline, not_graded <= baseline",
    ] {
        assert_eq!(evaluate(gate, baseline.facts()), evaluate(gate, &before), "{gate}");
    }
    // The sum of three times 0.1 is not 0.3 to the last digit, and equal all the same.
    assert_eq!(
        evaluate("cost <= baseline, tokens <= baseline", baseline.facts()).verdict(),
        GateVerdict::Met
    );
    let text = evaluate("cost.p95 <= baseline", baseline.facts()).to_string();
    assert!(
        text.contains("of the baseline: of single trials nothing is known, as in a baseline file"),
        "{text}"
    );
}

#[test]
fn drift_says_what_differs() {
    let baseline = Baseline::of(&run(5, &[5, 3, 4, 5])).unwrap();
    assert_eq!(
        baseline.drift(&run(5, &[5, 3, 4, 5])).to_string(),
        "nothing differs from the baseline"
    );
    let mut now = run(5, &[2, 3, 5]);
    now.cases.extend([case("new", (5, 0, 0)), case("other", (1, 0, 4))]);
    (now.suite, now.seed) = ("suite".to_owned(), 3);
    now.cases[0].spent.cost_usd = Some(0.25);
    now.cases[0].spent.usage = Usage::new(90, 10);
    let drift = baseline.drift(&now);
    assert_eq!(
        drift.to_string(),
        "the seed was 0 and is 3, 2 cases are new, 1 case is gone\n\
         took 0 tokens and an unknown cost, now 100 tokens and $0.2500\n\
         case 0 passed 5 of 5 and now 2 of 5\n\
         case 2 passed 4 of 5 and now 5 of 5"
    );
    assert_eq!(
        (drift.new, drift.gone),
        (vec!["new".to_owned(), "other".to_owned()], vec!["case 3".to_owned()])
    );

    let mut changed = run(5, &[5, 3, 4, 5]);
    let mut before = changed.clone();
    let print = |text: &str| Some(Fingerprint::of(&json!(text)).unwrap());
    (before.cases[1].fingerprint, changed.cases[1].fingerprint) = (print("then"), print("now"));
    (before.agent, changed.agent) = (print("then"), print("now"));
    (before.evals, changed.evals) = (print("then"), None);
    let drift = Baseline::of(&before).unwrap().drift(&changed);
    assert_eq!(drift.to_string(), "the agent is another, 1 case is changed");
    let all: Vec<usize> = vec![5; 13];
    let drift = Baseline::of(&run(5, &all)).unwrap().drift(&run(5, &[4; 13]));
    assert!(drift.to_string().ends_with("\nand 3 cases more came to something else"), "{drift}");
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn what_is_written_is_read_again_and_writes_the_same(
        cases in prop::collection::btree_map(
            "\\PC{1,12}",
            (0..=6_usize, prop::option::of(0.0..5_000.0_f64), prop::option::of("\\PC{0,5}"), prop::option::of(0..9_u32)),
            1..6,
        ),
        seed in any::<u64>(),
    ) {
        let cases = cases.into_iter().map(|(id, (passed, cost, group, calls))| {
            let mut case = case(&id, (passed, 6 - passed, 0));
            (case.spent.cost_usd, case.group) = (cost, group);
            case.spent.unpriced_calls = calls.unwrap_or_default();
            case.spent.usage.input_tokens = calls.map(u64::from);
            case
        });
        let mut facts = RunFacts::new("suite", 6, cases.collect());
        facts.seed = seed;
        let path = folder("laws").join("baseline.json");
        let baseline = Baseline::of(&facts).unwrap();
        prop_assert_eq!(baseline.write(&path).unwrap(), Written::Created);
        let read = Baseline::read(&path).unwrap();
        prop_assert_eq!(&read, &baseline);
        prop_assert_eq!(read.write(&path).unwrap(), Written::Unchanged);
        prop_assert!(read.drift(&facts).is_none());
        prop_assert_eq!(Baseline::of(read.facts()).unwrap(), read);
    }
}
