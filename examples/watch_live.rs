//! Watches a capture while it runs, and ends an agent that goes in circles.
//!
//! ```text
//! cargo run --example watch_live
//! ```

use std::ops::ControlFlow;

use probity::{
    TraceEvent, capture,
    trace::{Observer, SpanNode},
};
use tracing::Instrument as _;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // A listener gets each event as it is recorded, on the thread that recorded it. It only looks.
    println!("Listening to events:");
    capture(agent(2))
        .listen_events(|event| match event {
            TraceEvent::SpanOpened(span) => println!("  > {}", span.name),
            TraceEvent::Event(event) => println!("  . {}", event.message().unwrap_or_default()),
            TraceEvent::SpanClosed(span) => println!("  < {}", span.name),
            _ => {}
        })
        .await;

    // For completed spans with all their fields there is a listener of its own.
    println!("\nListening to spans:");
    capture(agent(2))
        .listen_spans(|span: SpanNode| {
            let calls = span.field("call").map(ToString::to_string);
            println!("  {} {}", span.name, calls.unwrap_or_default());
        })
        .await;

    // An observer runs on the capture's own task, may keep state without a lock, and may end the
    // agent: after the poll in which it saw enough, so this detects and does not prevent.
    println!("\nObserving an agent that never stops:");
    let observed = capture(agent(u32::MAX)).observe(CallLimit { calls: 0, limit: 5 }).await;
    if let Err(stopped) = observed.output {
        println!("  {stopped}");
    }
    println!("  the observer saw {} tool calls", observed.observer.calls);
    println!("  the trace up to then has {} spans", observed.trace.len());
}

/// Ends the capture at too many tool calls.
struct CallLimit {
    calls: u32,
    limit: u32,
}

impl Observer for CallLimit {
    fn observe(&mut self, event: TraceEvent) -> ControlFlow<String> {
        if let TraceEvent::SpanOpened(span) = event
            && span.name == "execute_tool"
        {
            self.calls += 1;
            if self.calls > self.limit {
                return ControlFlow::Break(format!("more than {} tool calls", self.limit));
            }
        }
        ControlFlow::Continue(())
    }
}

/// Stands in for an agent that calls the same tool again and again.
async fn agent(calls: u32) {
    for call in 1..=calls {
        let work = async {
            tokio::task::yield_now().await;
            tracing::info!("nothing found, trying again");
        };
        work.instrument(tracing::info_span!("execute_tool", call)).await;
    }
}
