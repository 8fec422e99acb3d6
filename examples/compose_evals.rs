//! Builds evals from small ones: reports, scores, names, lists, and what is not graded.
//!
//! ```text
//! cargo run --example compose_evals
//! ```

use std::{convert::Infallible, error::Error};

use probity::{
    Collected, EvalExt as _, Llm, PureEvalExt as _, all_of, capture_sync, eval::any_of, from_fn,
    maximize, minimize, pass_fail,
};

/// What the agent under test made.
struct Quote {
    text: String,
    price: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let good = run_agent("39.50", 2);
    let dear = run_agent("412.00", 7);
    let broken = run_agent("a few euros", 2);

    // A leaf looks at the trace and the artifact and reports whatever it likes. This one judges a
    // `str`; `contramap_artifact` makes it judge the part of a `Quote` that it can.
    let price = from_fn(|_, text: &str| text.parse::<f32>());
    let price = price.contramap_artifact(|quote: &Quote| quote.price.as_str());

    // An objective turns the report into a score in 0..=1. The range says what 0 and 1 are.
    let cheap = (&price).scored_by(minimize(|euros: &f32| *euros).within(0.0..=200.0));
    for (name, run) in [("good", &good), ("dear", &dear)] {
        let scored = cheap.run_collected(run)?;
        println!("{name}: {} euros score {:.2}", scored.report, scored.score);
    }

    // What cannot be judged is an error. It is not a score of 0: the agent may be right, and the
    // eval not able to read it.
    if let Err(error) = cheap.run_collected(&broken) {
        println!("broken: not graded, {error}");
    }

    // Where it is the agent's fault, say so: `or_else` makes a report of the error.
    let strict = (&price).or_else(|_| Ok::<_, Infallible>(f32::INFINITY));
    let strict = strict.scored_by(minimize(|euros: &f32| *euros).within(0.0..=200.0));
    println!("broken: score {:.2} where that is a bad price", strict.run_collected(&broken)?.score);

    // Two evals at once, with one report.
    let calls = from_fn(|trace, _: &Quote| Ok(trace.spans("execute_tool").count()));
    let both = (&price).combine(&calls, |euros, calls| (euros, calls));
    let (euros, calls_made) = both.run_collected(&good)?;
    println!("good: {euros} euros after {calls_made} tool calls");

    // A list of scored evals is an eval again. Their reports must be of one type: here of none.
    let few = calls.scored_by(pass_fail(|calls: &usize| *calls <= 3));
    let few = few.map_report(|scored| scored.map(drop)).named("few calls");
    let cheap = cheap.map_report(|scored| scored.map(drop)).named("cheap");
    let all = all_of([(&cheap).boxed(), (&few).boxed()]);
    let any = any_of([(&cheap).boxed(), (&few).boxed()]);
    for (name, run) in [("good", &good), ("dear", &dear)] {
        let (all, any) = (all.run_collected(run)?, any.run_collected(run)?);
        println!("{name}: all {}, any {}", all.passed, any.passed);
        for part in all.report {
            let name = part.name.unwrap_or_default();
            println!("  {name:<10} {:.2}", part.scored.score);
        }
    }

    // An async eval may wait, for a judge say. `lift` makes a pure one async, to stand beside it.
    let polite = from_fn(|_, quote: &Quote| Ok::<_, String>(quote.text.contains("please")));
    let polite = polite.lift().scored_by(maximize(|polite: &bool| *polite));
    let record = polite.run(&Llm::without_model(), good).await;
    println!("polite: passed {}, judged {} spans", record.passed(), record.trace.len());
    Ok(())
}

/// Stands in for an agent that calls a tool some times and names a price.
fn run_agent(price: &str, calls: u32) -> Collected<Quote> {
    capture_sync(|| {
        for call in 0..calls {
            tracing::info_span!("execute_tool", call).in_scope(|| ());
        }
        Quote {
            text: format!("It is {price}. Say yes, please, and I book it."),
            price: price.to_owned(),
        }
    })
}
