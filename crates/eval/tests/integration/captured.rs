//! Evals of what was really captured: they see its spans, and records keep its trace and raw entries.

use probity_eval::{
    Eval, EvalExt as _, Llm, PureEval, PureEvalExt as _, from_async_fn, from_fn, pass_fail,
};
use probity_trace::{
    CaptureHandle, RawPayload, RawTraceSnapshot, TraceSnapshot, ValueRef, capture, capture_raw,
    capture_raw_sync, capture_sync,
};
use tracing::Instrument as _;

/// Calls tools by name, one of which may fail, and answers.
fn agent(tools: &[&str]) -> String {
    for tool in tools {
        let span = tracing::info_span!("execute_tool", tool, error = tracing::field::Empty);
        if *tool == "broken" {
            span.record("error", true);
        }
        span.in_scope(|| ());
    }
    let payload = stream_event(&format!("{} tools", tools.len()));
    CaptureHandle::current().unwrap().record_raw(payload);
    "done".to_owned()
}

fn stream_event(body: &str) -> RawPayload {
    RawPayload::StreamEvent { sequence: 0, body: body.to_owned() }
}

async fn async_agent(tools: &[&str]) -> String {
    async {
        tokio::task::yield_now().await;
        agent(tools)
    }
    .instrument(tracing::info_span!("invoke_agent"))
    .await
}

fn failed_tools(trace: &TraceSnapshot) -> usize {
    trace
        .spans("execute_tool")
        .filter(|span| span.field("error").and_then(ValueRef::as_bool) == Some(true))
        .count()
}

fn no_tool_failed() -> impl PureEval<Artifact = str, Report = usize, Error = String> + Send + Sync {
    from_fn(|trace, _: &str| match trace.span("execute_tool") {
        None => Err("no tool was called".to_owned()),
        Some(_) => Ok(failed_tools(trace)),
    })
}

fn no_tool_failed_async() -> impl Eval<Artifact = str, Report = usize, Error = String> {
    from_async_fn(|_llm, trace, _: &str| {
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(failed_tools(trace))
        })
    })
}

#[test]
fn a_pure_eval_sees_the_spans_of_the_capture() {
    let eval = no_tool_failed().scored_by(pass_fail(|failed| *failed == 0));
    let table = [(&["search"][..], true, Some(0)), (&["search", "broken"], false, Some(1))];
    for (tools, passed, report) in table {
        let record = eval.run(capture_sync(|| agent(tools)));
        assert_eq!((record.passed(), record.report().copied()), (passed, report), "{tools:?}");
        assert_eq!(record.trace.spans("execute_tool").count(), tools.len());
    }
    let record = eval.run(capture_sync(|| agent(&[])));
    assert_eq!(record.error().unwrap().to_string(), "no tool was called");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_async_eval_sees_the_spans_of_the_capture() {
    let collected = capture(async_agent(&["search", "broken"])).await;
    let eval = no_tool_failed_async().scored_by(pass_fail(|failed| *failed == 0));
    let task = tokio::spawn(async move { eval.run(&Llm::without_model(), collected).await });
    let record = task.await.unwrap();
    assert_eq!((record.passed(), record.report()), (false, Some(&1)));
    assert!(record.trace.span_exists("invoke_agent"));
}

#[tokio::test]
async fn a_raw_record_keeps_the_raw_entries() {
    let one_entry = |raw: &RawTraceSnapshot| raw.entries[0].payload == stream_event("1 tools");
    let eval = no_tool_failed().scored_by(pass_fail(|failed| *failed == 0));
    let record = eval.run(capture_raw_sync(|| agent(&["search"])));
    assert!(record.passed() && one_entry(&record.raw));

    let eval = no_tool_failed_async().scored_by(pass_fail(|failed| *failed == 0));
    let collected = capture_raw(async_agent(&["search"])).await;
    let record = eval.run(&Llm::without_model(), collected).await;
    assert!(record.passed() && one_entry(&record.raw));
    let raw = record.raw.clone();
    assert!(one_entry(&record.without_raw().into_raw(raw).raw));
}

#[test]
fn an_agent_that_failed_leaves_a_trace_to_judge() {
    let collected = capture_sync(|| {
        agent(&["search", "broken"]);
        Err::<String, _>("the tool broke")
    });
    let (error, trace) = collected.transpose().unwrap_err();
    assert_eq!(error, "the tool broke");
    assert_eq!(no_tool_failed().evaluate(&trace, ""), Ok(1));
}
