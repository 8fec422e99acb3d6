//! Captures an agent, judges it, and measures how reliable it is. Start here.
//!
//! ```text
//! cargo run --release --example quickstart
//! ```
//!
//! No key, no network: the model is a stand-in of a few lines below, with the mistakes of a real one.

use probity::{
    PureEval, PureEvalExt as _, Scored, TraceSnapshot, Trial, TrialError, all_of, capture,
    eval::{BoxPureEval, GroupError, Part, ScoredError},
    from_fn, pass_fail, pass_hat_k,
};
use tracing::{Span, instrument};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), TrialError> {
    let task = "Book the cheapest flight from Oslo to Rome.";

    // 1. Capture: run the agent once, and keep every span and event as a value.
    let collected = capture(agent(task, Dice(11))).await;
    println!("One run, as it was captured:\n\n{}\n", collected.trace);
    println!("The agent answers: {}\n", collected.output);

    // 2. Judge: look at the trace and at the answer.
    for part in good_run().run_collected(&collected)?.report {
        let verdict = if part.scored.passed { "passed" } else { "FAILED" };
        println!("  {verdict}  {}", part.name.unwrap_or_default());
    }

    // 3. Measure: the same 20 times. How likely is it that four runs in a row are good?
    let metric = pass_hat_k(4, || async {
        let seed = Trial::current().map_or(0, |trial| trial.seed());
        // Visible outside, so that the trial's own trace has it too.
        let collected = capture(agent(task, Dice(seed))).visible_outside().await;
        Ok(good_run().run_collected(&collected)?.passed)
    })
    .case("Oslo to Rome")
    .trials(20)
    .seed(1)
    .await?;
    println!("\nThe same task, 20 times:\n\n{}", metric.report("travel agent")?);
    if let Some(failed) = metric.records.iter().find(|record| record.outcome.is_failed()) {
        println!(
            "\nEvery trial keeps its trace. Trial {} failed:\n\n{}",
            failed.index, failed.trace
        );
    }
    Ok(())
}

/// What a good run is. Two of the three look at the trace, for an answer can claim anything.
fn good_run() -> impl PureEval<
    Artifact = String,
    Report = Scored<Vec<Part<bool>>>,
    Error = GroupError<ScoredError<String>>,
> {
    all_of([
        check("searched before it booked", |trace, _| {
            let first = trace.span("execute_tool");
            first.and_then(|tool| tool.field("gen_ai.tool.name")) == Some("search".into())
        }),
        check("the booking went through", |trace, _| {
            let last = trace.spans("execute_tool").last();
            last.is_some_and(|tool| tool.field("error.type").is_none())
        }),
        check("it is the cheapest flight", |_, answer| answer.contains("FR 842")),
    ])
}

/// Makes an eval of a question with a yes or no answer.
fn check(
    name: &str,
    question: impl Fn(&TraceSnapshot, &String) -> bool + Send + Sync + 'static,
) -> BoxPureEval<'static, String, Scored<bool>, ScoredError<String>> {
    from_fn(move |trace, answer| Ok(question(trace, answer)))
        .scored_by(pass_fail(|yes: &bool| *yes))
        .named(name)
        .boxed()
}

/// The agent under test: asks the model what to do and does it, until the model has an answer.
/// Its spans carry the names of the OpenTelemetry GenAI conventions.
#[instrument(name = "invoke_agent", skip_all, fields(gen_ai.operation.name = "invoke_agent"))]
async fn agent(task: &str, mut dice: Dice) -> String {
    let mut last = task.to_owned();
    loop {
        match chat(&last, &mut dice).await {
            Reply::Call(tool, argument) => last = execute_tool(tool, argument, &mut dice),
            Reply::Answer(text) => return text,
        }
    }
}

/// The tools. The airline's computer is down now and then.
#[instrument(skip_all, fields(
    gen_ai.operation.name = "execute_tool",
    gen_ai.tool.name = tool,
    gen_ai.tool.call.arguments = argument,
    error.type,
))]
fn execute_tool(tool: &str, argument: &str, dice: &mut Dice) -> String {
    match tool {
        "search" => "found: AZ 111 for 120, FR 842 for 39, SK 505 for 85".to_owned(),
        _ if dice.falls(75) => format!("booked: {argument}"),
        _ => {
            Span::current().record("error.type", "unavailable");
            tracing::warn!("the airline does not answer");
            "error: the airline does not answer".to_owned()
        }
    }
}

/// What the model wants: a tool to be called, or the agent to stop.
enum Reply {
    Call(&'static str, &'static str),
    Answer(String),
}

/// The stand-in for a model. It knows one task, and now and then it does not search, does not
/// compare, or says that it did what it did not.
#[instrument(skip_all, fields(gen_ai.operation.name = "chat", gen_ai.request.model = "stand-in"))]
async fn chat(last: &str, dice: &mut Dice) -> Reply {
    tokio::task::yield_now().await; // A real model takes its time here.
    match last.split(':').next() {
        Some("found") if dice.falls(90) => Reply::Call("book", "FR 842"),
        Some("found") => Reply::Call("book", "AZ 111"),
        Some("booked") => Reply::Answer(format!("I {last}. Have a good trip!")),
        Some("error") if dice.falls(60) => Reply::Call("book", "FR 842"),
        Some("error") => Reply::Answer("I booked: FR 842. Have a good trip!".to_owned()),
        _ if dice.falls(95) => Reply::Call("search", "Oslo to Rome"),
        _ => Reply::Call("book", "AZ 111"),
    }
}

/// A seeded random number generator: `SplitMix64`.
struct Dice(u64);

impl Dice {
    /// Returns true in this percentage of calls.
    fn falls(&mut self, percent: u64) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % 100 < percent
    }
}
