//! Runs a suite from a program of one's own: keeps it in a store, goes on with it, and holds it to a gate.
//!
//! ```text
//! cargo run --example reliability_run
//! ```
//!
//! A cargo target with `probity::main!` does the same from the command line; see `docs/first-benchmark.md`.

use std::{
    env,
    error::Error,
    fs,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use probity::{
    Answer, Case, PureEvalExt as _, Runner, Suite, Trial, TrialError, from_fn,
    runner::{
        gate::{Gate, RunMeasurements},
        runner::Resume,
        store,
    },
};

/// How often the agent was called.
static CALLS: AtomicU32 = AtomicU32::new(0);

/// The agent: adds two numbers, and is wrong one time in twenty.
async fn add(a: u32, b: u32) -> Result<u32, TrialError> {
    CALLS.fetch_add(1, Ordering::Relaxed);
    tokio::task::yield_now().await; // A real agent takes its time here.
    let trial = Trial::current().ok_or("no trial is running")?;
    Ok(a + b + u32::from(trial.seed() % 20 == 0))
}

fn suite() -> Suite<(u32, u32), u32, u32> {
    let case = |a: u32| Case::new(format!("{a} + 7"), (a, 7)).with_expected(a + 7);
    let right = from_fn(|_, answer: &Answer<(u32, u32), u32, u32>| {
        let expected = answer.case.expected.ok_or("the case does not say what is expected")?;
        Ok::<bool, &str>(answer.artifact == expected)
    });
    Suite::new("additions", (0..12).map(case))
        .agent("1", |case: Arc<Case<(u32, u32), u32>>| async move {
            add(case.input.0, case.input.1).await
        })
        .eval("right", right.scored().lift())
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let file = env::temp_dir().join(format!("probity-example-{}.db", std::process::id()));
    let store = store::open(&file.to_string_lossy()).await?;
    let runner = Runner::new().seed(1).store(Arc::clone(&store));

    // Each trial is in the store before it counts as finished: kill the process, and nothing of it is lost.
    let run = runner.clone().trials(5).run(suite()).await?;
    println!(
        "{} trials, {} calls of the agent",
        run.tally().trials(),
        CALLS.load(Ordering::Relaxed)
    );

    // The same run with more trials: only the missing ones are run, as after a crash.
    let run = runner.trials(40).resume(Resume::Latest).run(suite()).await?;
    println!(
        "{} trials, {} calls of the agent",
        run.tally().trials(),
        CALLS.load(Ordering::Relaxed)
    );

    // What the run came to, without its traces: what reports and gates are made of.
    let facts = run.facts().await?;
    println!("\n{}", run.report()?);
    let gate: Gate = "pass@1 >= 0.8, each: estimate(pass@1) >= 0.75, not_graded <= 1%".parse()?;
    let verdict = gate.evaluate(&RunMeasurements::of(&facts));
    println!("\n{verdict}");

    drop((run, store));
    fs::remove_file(file)?;
    Ok(verdict.verdict().exit_code().into())
}
