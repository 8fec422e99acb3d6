//! A probe on a capture sees what is recorded, and may end the run.

use std::{cell::Cell, rc::Rc};

use probity_eval::{
    CaptureProbeExt as _, Price, Prices, Probe, StopReason,
    probe::{forbidden_tools, no_progress, repeated_calls, spend_limit},
};
use probity_trace::{
    SpanNode, SpanRef, TraceEvent, capture,
    genai::{LlmCall, ToolCall},
};
use tracing::{Span, info_span};

/// Opens and closes the span of a model call.
fn model_call(input_tokens: u64, output_tokens: u64) {
    info_span!(
        "chat",
        gen_ai.operation.name = "chat",
        gen_ai.request.model = "small",
        gen_ai.usage.input_tokens = input_tokens,
        gen_ai.usage.output_tokens = output_tokens,
    )
    .in_scope(|| ());
}

fn tool(name: &str) -> Span {
    info_span!(
        "execute_tool",
        gen_ai.operation.name = "execute_tool",
        gen_ai.tool.name = name,
        gen_ai.tool.call.arguments = r#"{"n":1}"#,
        gen_ai.tool.call.result = "same",
    )
}

/// Sets a flag when it is dropped.
struct OnDrop(Rc<Cell<bool>>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// Counts the calls of its hooks.
#[derive(Debug, Default)]
struct Counts {
    events: usize,
    closed: usize,
    tools: Vec<String>,
    models: usize,
}

impl Probe for Counts {
    fn on_trace_event(&mut self, _event: &TraceEvent) {
        self.events += 1;
    }

    fn on_span_closed(&mut self, _span: &SpanNode) {
        self.closed += 1;
    }

    fn on_tool_call(&mut self, call: &ToolCall) {
        self.tools.push(call.name.clone());
    }

    fn on_turn_finished(&mut self, _call: &LlmCall) {
        self.models += 1;
    }
}

#[tokio::test]
async fn all_hooks_see_what_the_capture_records_and_the_probe_is_handed_back() {
    let agent = async {
        model_call(1, 1);
        tool("search").in_scope(|| tracing::info!("found"));
        7
    };
    let collected = capture(agent).probe(Counts::default()).await;
    assert_eq!(collected.output, Ok(7));
    assert_eq!(collected.stopped, None);
    let counts = collected.probe;
    assert_eq!((counts.events, counts.closed, counts.models), (5, 2, 1));
    assert_eq!(counts.tools, ["search"]);
}

#[tokio::test]
async fn a_probe_that_stops_drops_the_agent_and_keeps_the_trace_the_span_and_what_was_spent() {
    let dropped = Rc::new(Cell::new(false));
    let guard = OnDrop(Rc::clone(&dropped));
    let agent = async {
        let _guard = guard;
        model_call(30, 12);
        tool("delete").in_scope(|| ());
        tokio::task::yield_now().await;
        model_call(1_000, 1_000);
        unreachable!("the agent goes on after it was stopped")
    };
    let collected = capture(agent).probe(forbidden_tools(["delete"])).await;
    let reason = collected.output.map(|(): ()| ()).unwrap_err();

    assert!(dropped.get());
    assert_eq!(reason.probe.as_deref(), Some("forbidden_tools"));
    assert_eq!(reason.span, collected.trace.span("execute_tool").map(SpanRef::id));
    assert_eq!((reason.usage.total_tokens(), reason.model_calls), (Some(42), 1));
    assert_eq!(collected.trace.len(), 2);
}

#[tokio::test]
async fn an_output_that_is_there_is_kept_and_the_reason_is_told_beside_it() {
    let agent = async {
        tool("delete").in_scope(|| ());
        "done"
    };
    let collected = capture(agent).probe(forbidden_tools(["delete"])).await;
    assert_eq!(collected.output, Ok("done"));
    assert_eq!(collected.stopped.unwrap().reason, "`delete` was called");
}

#[tokio::test]
async fn a_tool_whose_name_is_recorded_late_is_seen_when_it_is() {
    let agent = async {
        let span = info_span!("execute_tool", gen_ai.tool.name = tracing::field::Empty);
        span.record("gen_ai.tool.name", tracing::field::debug("delete"));
        let _entered = span.enter();
        std::future::pending::<()>().await;
    };
    let collected = capture(agent).probe(forbidden_tools(["delete"])).await;
    assert!(collected.output.is_err());
}

#[tokio::test]
async fn a_probe_that_panics_is_reported_and_the_agent_goes_on() {
    struct Broken;
    impl Probe for Broken {
        fn on_trace_event(&mut self, _event: &TraceEvent) {
            panic!("out of cheese");
        }
    }
    let agent = async {
        model_call(1, 1);
        tokio::task::yield_now().await;
        model_call(1, 1);
        5
    };
    let collected = capture(agent).probe(Broken).await;
    assert_eq!(collected.output, Ok(5));
    assert_eq!(collected.panicked.as_deref(), Some("out of cheese"));
    assert_eq!(collected.trace.spans("chat").count(), 2);
}

#[tokio::test]
async fn of_two_probes_the_one_that_stops_is_named() {
    let agent = async {
        loop {
            tool("poll").in_scope(|| ());
            tokio::task::yield_now().await;
        }
    };
    let probes = (Counts::default(), repeated_calls(2));
    let collected = capture(agent).probe(probes).await;
    let reason: StopReason = collected.output.map(|(): ()| ()).unwrap_err();
    assert_eq!(
        reason.to_string(),
        r#"stopped by repeated_calls: `poll({"n":1})` was called 3 times"#
    );
    assert_eq!(collected.probe.0.tools.len(), 3);
}

#[tokio::test]
async fn a_borrowed_probe_with_state_that_is_not_send_can_watch() {
    struct Shared(Rc<Cell<u32>>);
    impl Probe for Shared {
        fn on_span_closed(&mut self, _span: &SpanNode) {
            self.0.set(self.0.get() + 1);
        }
    }
    let seen = Rc::new(Cell::new(0));
    let mut probe = Shared(Rc::clone(&seen));
    let collected = capture(async { model_call(1, 1) }).probe(&mut probe).await;
    assert!(collected.output.is_ok());
    assert_eq!(seen.get(), 1);
}

#[tokio::test]
async fn a_run_that_learns_nothing_new_is_stopped() {
    let agent = async {
        loop {
            tool("status").in_scope(|| ());
            tokio::task::yield_now().await;
        }
    };
    let collected = capture(agent).probe(no_progress(3)).await;
    let reason: StopReason = collected.output.map(|(): ()| ()).unwrap_err();
    assert_eq!(reason.reason, "3 tool calls in a row told nothing new");
    assert_eq!(collected.trace.spans("execute_tool").count(), 4);
}

#[tokio::test]
async fn each_limit_of_spending_ends_a_run_that_passes_it() {
    #[track_caller]
    fn check(reason: Result<(), StopReason>, expected: &str) {
        assert_eq!(reason.unwrap_err().reason, expected);
    }
    async fn agent() {
        loop {
            model_call(600, 0);
            tool("look").in_scope(|| ());
            tokio::task::yield_now().await;
        }
    }
    let prices = Prices::new().with("small", Price::new(1_000.0, 0.0)).unwrap();
    let limits = [
        (spend_limit().max_tokens(1_000), "1200 tokens were used, of 1000 allowed"),
        (spend_limit().max_model_calls(2), "3 model calls were made, of 2 allowed"),
        (spend_limit().max_tool_calls(0), "1 tool calls were made, of 0 allowed"),
        (spend_limit().max_cost_usd(1.0, prices), "1.200000 US dollars were spent, of 1 allowed"),
    ];
    for (limit, expected) in limits {
        check(capture(agent()).probe(limit).await.output, expected);
    }
}

#[tokio::test]
async fn calls_without_a_known_price_are_counted() {
    let agent = async { model_call(600, 0) };
    let limit = spend_limit().max_cost_usd(1.0, Prices::new());
    let collected = capture(agent).probe(limit).await;
    assert!(collected.output.is_ok());
    assert_eq!(collected.probe.unpriced_calls(), 1);
}
