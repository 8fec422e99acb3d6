//! The agent, written with `genai`: a loop by hand, with the spans that `genai` has for tools and agents.

use ::genai::{
    Client, ModelIden, ServiceTarget,
    adapter::AdapterKind,
    chat::{ChatMessage, ChatRequest, Tool, ToolCall, ToolResponse},
    otel::agent::{AgentSpan, ExecuteToolSpan, execute_tool_span},
    resolver::{AuthData, Endpoint},
};
use probity_model_server::ModelServer;
use probity_trace::capture;
use serde_json::{Value, json};
use tracing::{Instrument as _, Span};

use crate::{expected, process};

/// With it `genai` records messages, arguments and results. It is read once in a process.
const CONTENT: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/// Asks the agent, as a program does that knows nothing of probity.
async fn ask(server: &ModelServer, span: Span) -> String {
    let target = ServiceTarget {
        endpoint: Endpoint::from_owned(format!("{}/", server.openai_url())),
        auth: AuthData::from_single("a key"),
        model: ModelIden::from_static(AdapterKind::OpenAI, expected::MODEL),
    };
    run(target).instrument(span).await
}

async fn run(target: ServiceTarget) -> String {
    let client = Client::new().unwrap();
    let mut request = ChatRequest::from_system(expected::INSTRUCTIONS)
        .append_message(ChatMessage::user(expected::QUESTION))
        .with_tools([tool()]);
    loop {
        let answer = client.exec_chat(target.clone(), request.clone(), None).await.unwrap();
        let calls: Vec<ToolCall> = answer.tool_calls().into_iter().cloned().collect();
        if calls.is_empty() {
            return answer.into_first_text().unwrap();
        }
        request = request.append_message(calls.clone());
        for call in calls {
            let span = execute_tool_span(&call);
            let result = span.in_scope(|| weather(&call.fn_arguments)).to_string();
            ExecuteToolSpan::record_result(&span, &result);
            request = request.append_message(ToolResponse::from_tool_call(&call, result));
        }
    }
}

fn tool() -> Tool {
    Tool::new(expected::TOOL).with_description("Says how the weather is in a city.").with_schema(
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}),
    )
}

fn weather(arguments: &Value) -> Value {
    assert_eq!(*arguments, expected::arguments());
    expected::result()
}

async fn serve() -> ModelServer {
    ModelServer::start(expected::script()).await.unwrap()
}

#[tokio::test]
async fn an_agent_of_genai_is_seen_whole_and_once() {
    if !process::has_variable("genai::an_agent_of_genai_is_seen_whole_and_once", CONTENT, "true") {
        return;
    }
    let server = serve().await;
    let agent = async {
        let span = AgentSpan::invoke_agent().internal().with_name("weather").start();
        ask(&server, span).await
    };
    let collected = capture(agent).await;
    assert_eq!(collected.output, expected::ANSWER);
    let genai = collected.trace.genai();
    expected::check(&genai);
    let [agent] = genai.agents() else { panic!("{genai:#?}") };
    assert_eq!(agent.name.as_deref(), Some("weather"));
}

#[tokio::test]
async fn an_agent_of_genai_without_a_span_of_its_own_is_seen_the_same() {
    if !process::has_variable(
        "genai::an_agent_of_genai_without_a_span_of_its_own_is_seen_the_same",
        CONTENT,
        "true",
    ) {
        return;
    }
    let server = serve().await;
    let collected = capture(ask(&server, Span::none())).await;
    assert_eq!(collected.output, expected::ANSWER);
    expected::check(&collected.trace.genai());
}
