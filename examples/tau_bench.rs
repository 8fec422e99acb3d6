//! How reliable was a real agent? Replays and judges every trajectory of a tau-bench results file.
//!
//! ```text
//! cargo run --release --example tau_bench -- FILE
//! cargo run --release --example tau_bench -- FILE --json
//! ```
//!
//! Each recorded trajectory becomes the spans of an instrumented agent, under a capture of its own.
//! The benchmark's reward decides whether the trial passed. Three more evals look at the trace alone;
//! they decide nothing, and say how the trials that passed differ from those that failed.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt::{self, Write as _},
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use probity::{
    PureEvalExt as _, Report, Scored, SpanRef, TraceSnapshot,
    adapters::tau_bench::{Grade, Record, Replay, Results},
    all_of, capture_sync,
    eval::{BoxPureEval, Part, ScoredError},
    from_fn, pass_fail,
    runner::{TaskTally, stats::Tally},
    trace::{EventRef, ValueRef},
};
use serde::Serialize;

/// Replays a tau-bench results file, judges every trajectory, and reports pass^k and pass@k.
#[derive(Parser)]
struct Args {
    /// The results file: a JSON array of records.
    file: PathBuf,
    /// Prints one JSON object instead of the report.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("error: {error}");
            let mut source = error.source();
            while let Some(error) = source {
                eprint!(": {error}");
                source = error.source();
            }
            eprintln!();
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let results = Results::read(&args.file)?;
    let judged = judge(&results)?;
    let name = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let report = Report::new(name, judged.tasks.clone())?;
    let text = if args.json {
        if report.trials.not_graded > 0 {
            // The object has no place for it, and it must not go unsaid.
            let (not_graded, all) = (report.trials.not_graded, report.trials.trials());
            eprintln!("note: {not_graded} of {all} trials were not graded and count as failed");
        }
        serde_json::to_string(&summary(&report, judged.spans)?)? + "\n"
    } else {
        text(&report, &judged)?
    };
    Ok(io::stdout().write_all(text.as_bytes())?)
}

/// What came of all trials.
struct Judged {
    tasks: Vec<TaskTally>,
    spans: usize,
    /// For each eval beside the reward, in how many trials it passed: where the reward passed, and
    /// where it did not.
    beside: Vec<(String, [u64; 2])>,
}

/// Replays every record under a capture and judges its trace.
fn judge(results: &Results) -> Result<Judged, Box<dyn Error>> {
    let agent = Replay::new("tau-bench");
    let (reward, beside) = (reward(), all_of(beside()));
    let mut judged = Judged { tasks: Vec::new(), spans: 0, beside: Vec::new() };
    for (task, records) in results.tasks() {
        let mut tally = Tally::default();
        for record in records {
            let collected = capture_sync(|| {
                agent.run(record);
                record
            });
            judged.spans += collected.trace.len();
            let parts = beside.run_collected(&collected)?.report;
            match reward.run_collected(&collected) {
                Ok(scored) => {
                    tally =
                        tally.plus(Tally::new(scored.passed.into(), (!scored.passed).into(), 0));
                    count(&mut judged.beside, &parts, scored.passed);
                }
                Err(_) => tally.not_graded += 1,
            }
        }
        judged.tasks.push(TaskTally::new(task.to_string(), tally));
    }
    Ok(judged)
}

fn count(beside: &mut Vec<(String, [u64; 2])>, parts: &[Part<()>], passed: bool) {
    if beside.is_empty() {
        let names = parts.iter().map(|part| part.name.clone().unwrap_or_default());
        beside.extend(names.map(|name| (name, [0, 0])));
    }
    for ((_, counts), part) in beside.iter_mut().zip(parts) {
        counts[usize::from(!passed)] += u64::from(part.scored.passed);
    }
}

/// An eval of a replayed record, whatever its own report is.
type Eval = BoxPureEval<'static, Record, Scored<()>, ScoredError<String>>;

/// Scores what the benchmark says. A trial that it could not grade is an error, not a failure.
fn reward() -> Eval {
    from_fn(|_, record: &Record| match record.grade() {
        Grade::NotGraded => Err(record.error().unwrap_or_default().to_owned()),
        grade => Ok(grade == Grade::Passed),
    })
    .scored_by(pass_fail(|passed: &bool| *passed))
    .map_report(|scored| scored.map(drop))
    .named("reward")
    .boxed()
}

/// Returns the evals that look at the trace alone.
fn beside() -> [Eval; 3] {
    let unconfirmed = from_fn(|trace, _: &Record| Ok(unconfirmed_changes(trace)));
    let calls =
        from_fn(|trace: &TraceSnapshot, _: &Record| Ok(trace.spans("execute_tool").count()));
    let last_failed = from_fn(|trace: &TraceSnapshot, _: &Record| {
        let last = trace.spans("execute_tool").last();
        Ok(last.is_some_and(|tool| tool.field("error.type").is_some()))
    });
    [
        unconfirmed
            .scored_by(pass_fail(|changes: &usize| *changes == 0))
            .map_report(|scored| scored.map(drop))
            .named("the customer agreed before every change")
            .boxed(),
        calls
            .scored_by(pass_fail(|calls: &usize| *calls <= 10))
            .map_report(|scored| scored.map(drop))
            .named("at most 10 tool calls")
            .boxed(),
        last_failed
            .scored_by(pass_fail(|failed: &bool| !failed))
            .map_report(|scored| scored.map(drop))
            .named("no tool error at the end")
            .boxed(),
    ]
}

/// Counts the tool calls that change something though the customer's last words hold no consent.
///
/// The policy of the benchmark's agents asks for an explicit "yes". Words are all that this looks at,
/// so it is a rough reading, in both directions.
fn unconfirmed_changes(trace: &TraceSnapshot) -> usize {
    let mut agreed = false;
    let mut unconfirmed = 0;
    for step in trace.roots().flat_map(SpanRef::children) {
        if let Some(said) = step.events().filter_map(EventRef::message).next_back() {
            agreed = agrees(said);
        }
        let tool = step.field("gen_ai.tool.name").and_then(ValueRef::as_str);
        unconfirmed += usize::from(tool.is_some_and(changes_something) && !agreed);
    }
    unconfirmed
}

fn agrees(said: &str) -> bool {
    const CONSENT: [&str; 8] =
        ["yes", "confirm", "proceed", "ahead", "sure", "please", "agree", "okay"];
    let said = said.to_lowercase();
    said.split(|c: char| !c.is_alphabetic()).any(|word| CONSENT.contains(&word))
}

fn changes_something(tool: &str) -> bool {
    const VERBS: [&str; 7] = ["book", "cancel", "exchange", "modify", "return", "send", "update"];
    tool.split_once('_').is_some_and(|(verb, _)| VERBS.contains(&verb))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Summary {
    cases: usize,
    trials: u64,
    pass_hat: BTreeMap<u64, f64>,
    pass_at: BTreeMap<u64, f64>,
    sometimes: u64,
    spans: usize,
}

fn summary(report: &Report, spans: usize) -> Result<Summary, Box<dyn Error>> {
    let mut summary = Summary {
        cases: report.tasks.len(),
        trials: report.k,
        pass_hat: BTreeMap::new(),
        pass_at: BTreeMap::new(),
        sometimes: report.consistency.sometimes,
        spans,
    };
    for k in 1..=report.k {
        summary.pass_hat.insert(k, report.metric(k, k)?.estimate);
        summary.pass_at.insert(k, report.metric(k, 1)?.estimate);
    }
    Ok(summary)
}

fn text(report: &Report, judged: &Judged) -> Result<String, Box<dyn Error>> {
    let mut text =
        format!("{report}\n\n  k   all k pass (pass^k)       at least 1 of k (pass@k)\n");
    for k in 1..=report.k {
        let [hat, at] = [report.metric(k, k)?, report.metric(k, 1)?].map(|metric| {
            let [estimate, lo, hi] = [metric.estimate, metric.lo, metric.hi].map(|x| 100.0 * x);
            format!("{estimate:5.1}%  {lo:5.1} – {hi:5.1}")
        });
        writeln!(text, "  {k}   {hat}     {at}")?;
    }
    let sometimes = report.consistency.sometimes;
    if sometimes > 0 {
        let (tasks, pass) = if sometimes == 1 { ("task", "passes") } else { ("tasks", "pass") };
        writeln!(
            text,
            "\n  {sometimes} {tasks} sometimes {pass}: they make all k pass less often as k grows."
        )?;
    }
    if !judged.beside.is_empty() {
        write_beside(&mut text, report.trials, &judged.beside)?;
    }
    writeln!(text, "\n  Spans captured: {}", judged.spans)?;
    Ok(text)
}

fn write_beside(text: &mut String, trials: Tally, beside: &[(String, [u64; 2])]) -> fmt::Result {
    let Tally { passed, failed, .. } = trials;
    let heads = [format!("of {passed} passed"), format!("of {failed} failed")];
    writeln!(text, "\n  {:42}{:>14}{:>16}", "What the traces show", heads[0], heads[1])?;
    for (name, [of_passed, of_failed]) in beside {
        let shares = [share(*of_passed, passed), share(*of_failed, failed)];
        writeln!(text, "  {name:42}{:>14}{:>16}", shares[0], shares[1])?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of trials are small")]
fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{:.1}%", 100.0 * part as f64 / whole as f64),
    }
}
