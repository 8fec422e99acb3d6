//! The agent, written with rig.

use std::convert::Infallible;

use futures::StreamExt as _;
use probity_adapters::rig::TappedClient;
use probity_model_server::ModelServer;
use probity_trace::{RawPayload, capture, capture_raw, genai::FinishReason};
use rig_agent::prelude::{Agent, AgentBuilder, Tool};
use rig_core::{http_client::HttpClientExt, providers::openai::OpenAIConfig, tool::ToolContext};
use rig_reqwest::ReqwestClient;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::Instrument as _;

use crate::expected;

#[derive(Deserialize)]
struct Place {
    city: String,
}

/// The agent's only tool.
struct Weather;

impl Tool for Weather {
    const NAME: &'static str = expected::TOOL;
    type Args = Place;
    type Output = Value;
    type Error = Infallible;

    fn description(&self) -> String {
        "Says how the weather is in a city.".to_owned()
    }

    fn parameters(&self) -> Value {
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]})
    }

    async fn call(&self, _context: &mut ToolContext, place: Place) -> Result<Value, Infallible> {
        assert_eq!(json!({"city": place.city}), expected::arguments());
        Ok(expected::result())
    }
}

/// Makes the agent, as a program does that knows nothing of probity.
fn agent(server: &ModelServer, http: impl HttpClientExt + 'static) -> Agent {
    let client = OpenAIConfig::new("a key").with_base_url(server.openai_url()).connect(http);
    AgentBuilder::new(client.chat(expected::MODEL))
        .name("weather")
        .preamble(expected::INSTRUCTIONS)
        .record_content_telemetry(true)
        .default_max_turns(2)
        .tool(Weather)
        .build()
}

/// Asks the agent.
async fn ask(server: &ModelServer) -> String {
    let response = agent(server, client()).prompt(expected::QUESTION).await.unwrap();
    response.output().clone()
}

fn client() -> ReqwestClient {
    ReqwestClient::from(reqwest::Client::new())
}

async fn serve() -> ModelServer {
    ModelServer::start(expected::script()).await.unwrap()
}

#[tokio::test]
async fn an_agent_of_rig_is_seen_whole_and_once() {
    let server = serve().await;
    let collected = capture(ask(&server)).await;
    assert_eq!(collected.output, expected::ANSWER);
    let genai = collected.trace.genai();
    expected::check(&genai);
    let [agent] = genai.agents() else { panic!("{genai:#?}") };
    assert_eq!(agent.name.as_deref(), Some("weather"));
}

#[tokio::test]
async fn an_agent_of_rig_within_a_span_of_the_program_is_seen_the_same() {
    let server = serve().await;
    let work = tracing::info_span!("work");
    let collected = capture(ask(&server).instrument(work)).await;
    assert_eq!(collected.output, expected::ANSWER);
    expected::check(&collected.trace.genai());
}

#[tokio::test]
async fn an_agent_of_rig_that_streams_is_seen_the_same() {
    let server = serve().await;
    let collected = capture(async {
        let agent = agent(&server, client());
        let mut run = agent.prompt(expected::QUESTION).stream();
        while let Some(item) = run.next().await {
            item.unwrap();
        }
    })
    .await;
    assert!(server.requests().iter().all(|request| request.is_stream()));
    expected::check(&collected.trace.genai());
}

#[tokio::test]
async fn an_agent_of_rig_on_a_tapped_client_is_seen_with_its_traffic() {
    let server = serve().await;
    let collected = capture_raw(async {
        let agent = agent(&server, TappedClient::new(client()));
        agent.prompt(expected::QUESTION).await.unwrap().output().clone()
    })
    .await;
    let genai = collected.trace.genai();
    expected::check(&genai);
    assert_eq!(genai.llm_calls()[1].finish_reasons, [FinishReason::Stop]);

    let calls = genai.llm_calls().iter().flat_map(|call| [Some(call.span); 2]);
    let spans = collected.raw.entries.iter().map(|entry| entry.span);
    assert_eq!(spans.collect::<Vec<_>>(), calls.collect::<Vec<_>>());
    for (entries, request) in collected.raw.entries.chunks(2).zip(server.requests()) {
        let [
            RawPayload::Request { body, .. },
            RawPayload::Response { status: 200, body: Some(_), .. },
        ] = [&entries[0].payload, &entries[1].payload]
        else {
            panic!("{entries:?}")
        };
        assert_eq!(body.as_bytes(), request.bytes());
    }
}
