//! Watches an answer while it streams, ends it when it rambles, and prints the time to its first token.
//!
//! ```text
//! cargo run --example live_probe
//! ```

use std::{error::Error, sync::Arc, time::Duration};

use probity::{
    CaptureProbeExt as _, Llm, Probe, Session, StopReason, capture,
    eval::{
        Budget,
        probe::forbidden_tools,
        scripted::{Reply, ScriptedModel},
    },
    trace::genai::LlmCall,
};

/// Ends an answer after so many sentences. What it counted is its report.
#[derive(Debug, Default)]
struct AtMostSentences {
    allowed: usize,
    sentences: usize,
    time_to_first_token: Option<Duration>,
}

impl Probe for AtMostSentences {
    fn on_text_delta(&mut self, delta: &str) {
        self.sentences += delta.matches('.').count();
    }

    fn on_turn_finished(&mut self, call: &LlmCall) {
        self.time_to_first_token = call.time_to_first_token;
    }

    fn stop(&self) -> Option<StopReason> {
        let rambles = self.sentences > self.allowed;
        rambles.then(|| StopReason::new(format!("more than {} sentences", self.allowed)))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    watch_a_turn().await?;
    watch_a_whole_run().await;
    Ok(())
}

/// A probe on one turn: it sees each piece of the answer, and what was said so far is kept.
async fn watch_a_turn() -> Result<(), Box<dyn Error>> {
    let rambling = "The capital of France is Paris. Paris lies on the Seine. The Seine is a river. \
                    Rivers carry water. Water is wet. That reminds me of a story.";
    let reply = Reply::text(rambling)
        .with_delay(Duration::from_millis(30))
        .with_delay_between(Duration::from_millis(2));
    let llm = Llm::new(Arc::new(ScriptedModel::replies([reply])), Budget::unlimited());

    let mut session = Session::new();
    session.push_user("What is the capital of France?");
    let probe = AtMostSentences { allowed: 2, ..AtMostSentences::default() };
    let answer = session.text_turn(&llm).collect_with(probe).await?;

    println!("answer, as far as it came: {}", answer.text);
    if let Some(reason) = &answer.stopped {
        println!("{reason}");
    }
    if let Some(time) = answer.probe.time_to_first_token {
        println!("first token after {time:.1?}, {} sentences", answer.probe.sentences);
    }
    println!("of {} characters {} were generated", rambling.len(), answer.text.len());
    Ok(())
}

/// A probe on a capture: it sees the spans of any instrumented agent, and ends the whole run.
async fn watch_a_whole_run() {
    let agent = async {
        let tool = tracing::info_span!(
            "execute_tool",
            gen_ai.operation.name = "execute_tool",
            gen_ai.tool.name = "delete_account",
        );
        let _entered = tool.enter();
        // It never comes to this: the run is ended when the agent waits next.
        tokio::time::sleep(Duration::from_mins(1)).await;
        "deleted"
    };
    let collected = capture(agent).probe(forbidden_tools(["delete_account"])).await;
    match collected.output {
        Ok(output) => println!("\nthe agent came to its end: {output}"),
        Err(reason) => println!("\n{reason}\n{}", collected.trace),
    }
}
