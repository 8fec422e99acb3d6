//! The examples, run as a newcomer runs them.

use std::{
    env,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

/// Runs an example and returns what it printed and its exit code.
fn run(example: &str, arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = built(root, example).unwrap_or_else(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet", "--offline", "--example", example, "--"]);
        cargo
    });
    command.current_dir(root).args(arguments);
    command.output().expect("the example can be started")
}

/// Returns the example as `cargo test` has built it beside this test; `None` where it did not, as with
/// `--test examples`, or where its source has changed since.
fn built(root: &Path, example: &str) -> Option<Command> {
    let test = env::current_exe().ok()?;
    let folder = test.parent()?.parent()?.join("examples");
    let binary = folder.join(format!("{example}{}", env::consts::EXE_SUFFIX));
    let changed = |path: &Path| path.metadata().ok()?.modified().ok();
    let source = root.join("examples").join(format!("{example}.rs"));
    (changed(&binary)? > changed(&source)?).then(|| Command::new(binary))
}

/// Returns what an example prints that must succeed.
#[track_caller]
fn stdout(example: &str, arguments: &[&str]) -> String {
    let output = run(example, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example} failed:\n{errors}");
    String::from_utf8(output.stdout).expect("the output is text")
}

#[track_caller]
fn check_lines(text: &str, expected: &[&str]) {
    for line in expected {
        assert!(
            text.lines().any(|printed| printed.trim() == *line),
            "no line {line:?} in:\n{text}"
        );
    }
}

#[test]
fn the_quickstart_prints_a_trace_a_verdict_and_a_report() {
    let text = stdout("quickstart", &[]);
    let (trace, rest) = text.split_once("The agent answers: I booked: FR 842.").expect("an answer");
    for part in ["invoke_agent", "─ chat", "─ execute_tool", "error.type=\"unavailable\""] {
        assert!(trace.contains(part), "no {part} in:\n{trace}");
    }
    check_lines(
        rest,
        &[
            "passed  searched before it booked",
            "FAILED  the booking went through",
            "passed  it is the cheapest flight",
            "travel agent   1 task × 20 trials   20 graded",
        ],
    );
    assert!(rest.contains("pass^4") && rest.contains("pass@4"), "{rest}");
}

#[test]
fn the_quickstart_reports_the_same_every_time() {
    let report = || {
        let text = stdout("quickstart", &[]);
        let (_, rest) = text.split_once("The same task").expect("a report");
        let (report, _) = rest.split_once("Every trial").expect("a trial that failed");
        report.to_owned()
    };
    assert_eq!(report(), report());
}

#[test]
fn what_could_not_be_graded_is_told_from_what_failed() {
    check_lines(
        &stdout("compose_evals", &[]),
        &[
            "good: 39.5 euros score 0.80",
            "dear: 412 euros score 0.00",
            "broken: not graded, invalid float literal",
            "dear: all false, any false",
        ],
    );
}

#[test]
fn tasks_and_threads_stay_in_the_capture_unless_detached() {
    check_lines(
        &stdout("captures_and_tasks", &[]),
        &[
            "inline       captured, below agent",
            "spawned      captured, below agent",
            "instrumented captured, below agent",
            "detached     not captured",
            "blocking     captured, below agent",
            "thread       captured, below agent",
        ],
    );
}

#[test]
fn an_observer_ends_an_agent_that_goes_in_circles() {
    check_lines(
        &stdout("watch_live", &[]),
        &[
            "< execute_tool",
            "execute_tool 2",
            "an observer ended the capture: more than 5 tool calls",
            "the observer saw 6 tool calls",
        ],
    );
}

#[test]
fn a_run_that_goes_on_calls_the_agent_for_the_missing_trials_alone() {
    check_lines(
        &stdout("reliability_run", &[]),
        &[
            "60 trials, 60 calls of the agent",
            "480 trials, 480 calls of the agent",
            "additions   12 tasks × 40 trials   480 graded",
            "gate met",
        ],
    );
}

const SAMPLE: &str = "crates/adapters/tests/fixtures/tau-bench/airline.gpt-4o.4records.json";

#[test]
fn tau_bench_prints_one_json_object() {
    let text = stdout("tau_bench", &[SAMPLE, "--json"]);
    assert_eq!(text.lines().count(), 1);
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    let half = json!({"1": 0.5});
    assert_eq!(
        summary,
        json!({"cases": 4, "trials": 1, "pass_hat": half, "pass_at": half, "sometimes": 0, "spans": 33})
    );
}

#[test]
fn tau_bench_gives_the_published_rates_of_gpt_4o() {
    let file = "../shared/data/tau-bench/gpt-4o-airline.json";
    if !Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists() {
        println!("skipped: {file} is missing");
        return;
    }
    let text = stdout("tau_bench", &[file, "--json"]);
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    let rates = |numerators: [f64; 4]| {
        json!({
            "1": numerators[0] / 200.0,
            "2": numerators[1] / 300.0,
            "3": numerators[2] / 200.0,
            "4": numerators[3] / 50.0,
        })
    };
    assert_eq!(summary["pass_hat"], rates([84.0, 82.0, 44.0, 10.0]));
    assert_eq!(summary["pass_at"], rates([84.0, 170.0, 132.0, 36.0]));
    assert_eq!((&summary["cases"], &summary["trials"]), (&json!(50), &json!(4)));
    assert_eq!((&summary["sometimes"], &summary["spans"]), (&json!(26), &json!(3818)));

    let text = stdout("tau_bench", &[file]);
    for (k, pass_hat) in (1..).zip(["42.0%", "27.3%", "22.0%", "20.0%"]) {
        let row = format!("  {k}   {pass_hat:>6}  ");
        let line = text.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| {
            panic!("no row {row:?} in:\n{text}");
        });
        assert_eq!(line.matches(" – ").count(), 2, "two ranges in {line:?}");
    }
    check_lines(
        &text,
        &[
            "gpt-4o-airline   50 tasks × 4 trials   200 graded",
            "10 tasks always pass, 26 sometimes, 14 never",
            "26 tasks sometimes pass: they make all k pass less often as k grows.",
        ],
    );
}

#[test]
fn tau_bench_refuses_what_it_cannot_use_with_a_reason_and_code_2() {
    #[track_caller]
    fn check(arguments: &[&str], reasons: &[&str]) {
        let output = run("tau_bench", arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(output.stdout.is_empty());
        for reason in reasons {
            assert!(errors.contains(reason), "{arguments:?} says no {reason:?}: {errors}");
        }
    }
    check(&[], &["required arguments were not provided", "<FILE>", "Usage"]);
    check(&["missing.json"], &["error: cannot read missing.json: "]);
    check(&["README.md"], &["README.md is not a results file", "line 1 column"]);
    check(&[SAMPLE, "--xml"], &["unexpected argument '--xml'"]);
}
