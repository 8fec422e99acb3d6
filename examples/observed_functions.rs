//! Makes spans of plain functions with one attribute, and trajectories of what was said on each sample of a task.
//!
//! ```text
//! cargo run --example observed_functions
//! ```

use std::error::Error;

use probity::{
    SpanRef, Tracer, capture, observe,
    trace::{NestedTrajectory, set_session_id},
    trajectory,
};
use serde_json::json;

/// A tool: its arguments and its result, or its error, are recorded.
#[observe(tool, skip(api_key))]
fn stock(article: &str, api_key: &str) -> Result<u32, String> {
    match article {
        "lamp" if !api_key.is_empty() => Ok(3),
        _ => Err(format!("no article is called {article:?}")),
    }
}

/// A model call, as far as the trace knows: it is given messages, and returns one.
#[observe(llm)]
async fn ask(question: String) -> String {
    format!("About {question}: let me look.")
}

#[observe(agent, name = "shopkeeper")]
async fn answer(article: &str) -> String {
    set_session_id("counter-1");
    let thought = ask(article.to_owned()).await;
    match stock(article, "secret") {
        Ok(count) => format!("{thought} We have {count}."),
        Err(reason) => format!("{thought} {reason}."),
    }
}

/// A sample of the task, with everything that is said in it.
#[trajectory(tracer = tracer, sample = article, metadata(desk = 1))]
async fn serve(tracer: &Tracer, article: &str) -> Result<String, NestedTrajectory> {
    Ok(answer(article).await)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let collected = capture(answer("lamp")).await;
    println!("{}", collected.trace);

    let view = collected.trace.genai();
    for call in view.tool_calls() {
        let (given, returned) = (json!(call.arguments), json!(call.result));
        println!("{} was called with {given} and returned {returned}", call.name);
    }
    assert_eq!(view.tool_calls()[0].arguments, Some(json!({"article": "lamp"})));
    let session = collected.trace.all_spans().last().and_then(SpanRef::session_id);
    println!("the last span belongs to the session {}\n", session.unwrap_or("none"));

    let tracer = Tracer::new("shop", "none");
    for article in ["lamp", "desk"] {
        serve(&tracer, article).await?;
    }
    let run = tracer.finish();
    println!("{}", serde_json::to_string_pretty(&run)?);
    Ok(())
}
