//! What the server replies to the clients: the model of a request names the reply.

use probity_model_server::{
    Answer, Failure, FailureKind, Fault, Raw, Received, Reply, Script, ToolCall, Usage,
};
use serde_json::json;

/// A text whose characters have one to four bytes.
pub(crate) const TEXT: &str = "Es ist schön in 東京 ☀️🙂.";

pub(crate) fn script() -> Script {
    Script::from_fn(|received, _| reply(received))
}

fn reply(received: &Received) -> Reply {
    let answer =
        |answer: Answer| answer.with_text(TEXT).with_id("id-of-the-text").with_usage(usage());
    let text = || answer(Answer::new());
    let broken = |fault| Reply::text("aaaabbbbcccc").with_fault_after(2, fault);
    match received.model().unwrap_or_default() {
        "text" => Reply::from(text()).with_request_id("request-of-the-text"),
        "cut" => Reply::from(text()).with_chunk_size(1),
        "tools" => tools().into(),
        "reasoning" => answer(Answer::new().with_reasoning("The sky is blue.")).into(),
        "refusal" => Answer::refusal("I must not.").into(),
        "bad-request" => Failure::new(FailureKind::BadRequest).with_message("Not so.").into(),
        "unauthorized" => Failure::new(FailureKind::Authentication).into(),
        "limited" => Failure::new(FailureKind::RateLimited).with_retry_after(7).into(),
        "limited-once" => match received.header("x-stainless-retry-count") {
            Some("0") => Failure::new(FailureKind::RateLimited).with_retry_after_ms(5).into(),
            _ => text().into(),
        },
        "broken" => Failure::new(FailureKind::Server).into(),
        "reset-head" => Reply::reset(),
        "html" => Raw::html("<html>Log in</html>").into(),
        "not-json" => Raw::json("{\"choices\": ").into(),
        "empty-body" => Raw::empty().into(),
        "error" => broken(Fault::Error(Failure::new(FailureKind::Overloaded))),
        "reset" => broken(Fault::Reset),
        "hangup" => broken(Fault::Hangup),
        model => Failure::new(FailureKind::NotFound).with_message(model).into(),
    }
}

fn usage() -> Usage {
    Usage::new(21, 11).with_cache_read(8).with_cache_write(5).with_reasoning(4)
}

fn tools() -> Answer {
    let call = |city: &str| ToolCall::new("get_weather", &json!({ "city": city })).with_id(city);
    Answer::text("Let me look.").with_tool_call(call("Oslo")).with_tool_call(call("東京"))
}
