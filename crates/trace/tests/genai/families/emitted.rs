//! One and the same run in the attributes of every family: a question, a tool call, an answer, and a
//! request that failed.

use std::time::Duration;

use probity_trace::{TraceSnapshot, Value, testing::TraceBuilder};
use serde_json::{Value as Json, json};

use super::Table;

/// Attributes of one span.
type Attributes = Vec<(&'static str, Value)>;

/// What the answers of the provider said.
fn expected() -> Json {
    let call = json!({"call": "weather", "id": "c1", "with": {"city": "Oslo"}});
    json!({
        "calls": 3, "operations": ["chat", "chat"], "provider": ["openai", "openai"],
        "request_model": ["small", "small"], "response_model": ["small-2026", "small-2026"],
        "response_id": ["r1", "r2"], "finish": ["tool_call", "stop"],
        "messages": [{"system": ["Be terse."]}, {"user": ["Weather in Oslo?"]}, {"assistant": [call]},
            {"tool": [{"id": "c1", "answer": {"t": 7}}]}, {"assistant": ["It is cold."]}],
        "input": [29, 49], "output": [11, 5], "cache_read": [8, 20], "cache_write": [3, 0],
        "reasoning": [4, 0], "first_token_ms": 250, "conversation": "conv-1",
        "agents": ["weather-bot"], "agent_of_call": "weather-bot",
        "agent_answer": [{"assistant": ["It is cold."]}],
        "tools": 1, "tool_name": "weather", "tool_id": "c1", "tool_arguments": {"city": "Oslo"},
        "tool_result": {"t": 7}, "tool_span": true,
        "error_type": "RateLimited", "error_message": "slow down",
    })
}

/// The names of the spans, and what a family records in them.
struct Emitted {
    names: [&'static str; 3],
    /// The event that tells when the first answer began, after a quarter of a second.
    first_token: Option<&'static str>,
    agent: Attributes,
    asks: Attributes,
    tool: Attributes,
    answers: Attributes,
    fails: Attributes,
}

impl Emitted {
    fn trace(self) -> TraceSnapshot {
        let [agent, chat, tool] = self.names;
        let set = |trace: TraceBuilder, attributes: Attributes| {
            attributes.into_iter().fold(trace, |trace, (key, value)| trace.field(key, value))
        };
        let spans = [(tool, self.tool), (chat, self.answers)];
        let mut trace = set(TraceBuilder::new().open(agent), self.agent);
        trace = trace.span(chat, |span| {
            let span = set(span, self.asks).wait(Duration::from_millis(250));
            let span = match self.first_token {
                Some(event) => span.event("").name(event),
                None => span,
            };
            span.wait(Duration::from_millis(750))
        });
        for (name, attributes) in spans {
            trace = trace.span(name, |span| set(span, attributes).wait(Duration::from_secs(1)));
        }
        trace
            .span(chat, |span| {
                set(span, self.fails)
                    .field("otel.status_code", "error")
                    .event("")
                    .name("exception")
                    .field("exception.type", "RateLimited")
                    .field("exception.message", "slow down")
            })
            .build()
    }
}

const TOLD: &str =
    r#"{"role":"system","content":"Be terse."},{"role":"user","content":"Weather in Oslo?"}"#;
const ASKED: &str = r#"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]}"#;
const TOOL: &str = r#"{"role":"tool","tool_call_id":"c1","content":"{\"t\":7}"}"#;

fn attributes<const N: usize>(list: [(&'static str, &str); N]) -> Attributes {
    list.into_iter().map(|(key, text)| (key, Value::from(text.to_owned()))).collect()
}

fn counts<const N: usize>(list: [(&'static str, u64); N]) -> Attributes {
    list.into_iter().map(|(key, count)| (key, Value::from(count))).collect()
}

fn conventions() -> Emitted {
    let asked = r#"{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Oslo"}}]}"#;
    let told = r#"{"role":"user","parts":[{"type":"text","content":"Weather in Oslo?"}]}"#;
    let tool =
        r#"{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"t":7}}]}"#;
    let answer = r#"{"role":"assistant","parts":[{"type":"text","content":"It is cold."}]}"#;
    let llm = |[input, output, id, reason]: [&str; 4]| {
        attributes([
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "openai"),
            ("gen_ai.request.model", "small"),
            ("gen_ai.response.model", "small-2026"),
            ("gen_ai.response.id", id),
            ("gen_ai.response.finish_reasons", reason),
            ("gen_ai.system_instructions", r#"[{"type":"text","content":"Be terse."}]"#),
            ("gen_ai.input.messages", &format!("[{input}]")),
            ("gen_ai.output.messages", &format!("[{output}]")),
        ])
    };
    let usage = |[input, output, read, write, thought]: [u64; 5]| {
        counts([
            ("gen_ai.usage.input_tokens", input),
            ("gen_ai.usage.output_tokens", output),
            ("gen_ai.usage.cache_read.input_tokens", read),
            ("gen_ai.usage.cache_write.input_tokens", write),
            ("gen_ai.usage.reasoning.output_tokens", thought),
        ])
    };
    let asks = llm([told, asked, "r1", "[\"tool_call\"]"]);
    let answers = llm([&[told, asked, tool].join(","), answer, "r2", "[\"stop\"]"]);
    let first = vec![("gen_ai.response.time_to_first_chunk", Value::from(0.25))];
    Emitted {
        names: ["invoke_agent weather-bot", "chat small", "execute_tool weather"],
        first_token: None,
        agent: attributes([
            ("gen_ai.operation.name", "invoke_agent"),
            ("gen_ai.agent.name", "weather-bot"),
            ("gen_ai.conversation.id", "conv-1"),
            ("gen_ai.output.messages", &format!("[{answer}]")),
        ]),
        asks: [asks, usage([29, 11, 8, 3, 4]), first].concat(),
        tool: attributes([
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.call.id", "c1"),
            ("gen_ai.tool.call.arguments", "{\"city\":\"Oslo\"}"),
            ("gen_ai.tool.call.result", "{\"t\":7}"),
        ]),
        answers: [answers, usage([49, 5, 20, 0, 0])].concat(),
        fails: attributes([("gen_ai.operation.name", "chat")]),
    }
}

#[expect(clippy::too_many_lines, reason = "a table of what the family records")]
fn openinference() -> Emitted {
    let input = |prefix: usize| {
        let all = attributes([
            ("llm.input_messages.0.message.role", "system"),
            ("llm.input_messages.0.message.content", "Be terse."),
            ("llm.input_messages.1.message.role", "user"),
            ("llm.input_messages.1.message.contents.0.message_content.type", "text"),
            ("llm.input_messages.1.message.contents.0.message_content.text", "Weather in Oslo?"),
            ("llm.input_messages.2.message.role", "assistant"),
            ("llm.input_messages.2.message.tool_calls.0.tool_call.id", "c1"),
            ("llm.input_messages.2.message.tool_calls.0.tool_call.function.name", "weather"),
            (
                "llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments",
                "{\"city\":\"Oslo\"}",
            ),
            ("llm.input_messages.3.message.role", "tool"),
            ("llm.input_messages.3.message.tool_call_id", "c1"),
            ("llm.input_messages.3.message.content", "{\"t\":7}"),
        ]);
        all[..prefix].to_vec()
    };
    let llm = || {
        attributes([
            ("openinference.span.kind", "LLM"),
            ("llm.system", "openai"),
            ("llm.model_name", "small-2026"),
            ("llm.invocation_parameters", "{\"model\":\"small\",\"temperature\":0.1}"),
        ])
    };
    let usage = |[prompt, completion, read, write, thought]: [u64; 5]| {
        counts([
            ("llm.token_count.prompt", prompt),
            ("llm.token_count.completion", completion),
            ("llm.token_count.total", prompt + completion),
            ("llm.token_count.prompt_details.cache_read", read),
            ("llm.token_count.prompt_details.cache_write", write),
            ("llm.token_count.completion_details.reasoning", thought),
        ])
    };
    let asks = attributes([
        ("llm.output_messages.0.message.role", "assistant"),
        ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "c1"),
        ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "weather"),
        (
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments",
            "{\"city\":\"Oslo\"}",
        ),
        ("llm.finish_reason", "tool_calls"),
        ("output.value", r#"{"id":"r1","model":"small-2026","choices":[{}]}"#),
    ]);
    let answers = attributes([
        ("llm.output_messages.0.message.role", "assistant"),
        ("llm.output_messages.0.message.content", "It is cold."),
        ("llm.finish_reason", "stop"),
        ("output.value", r#"{"id":"r2","model":"small-2026","choices":[{}]}"#),
    ]);
    Emitted {
        names: ["weather-bot", "ChatCompletion", "weather"],
        first_token: Some("First Token Stream Event"),
        agent: attributes([
            ("openinference.span.kind", "AGENT"),
            ("session.id", "conv-1"),
            ("agent.name", "weather-bot"),
            ("input.value", "Weather in Oslo?"),
            ("output.value", "It is cold."),
        ]),
        asks: [llm(), input(5), asks, usage([29, 11, 8, 3, 4])].concat(),
        tool: attributes([
            ("openinference.span.kind", "TOOL"),
            ("tool.name", "weather"),
            ("tool_call.id", "c1"),
            ("input.value", "{\"city\":\"Oslo\"}"),
            ("output.value", "{\"t\":7}"),
        ]),
        answers: [llm(), input(12), answers, usage([49, 5, 20, 0, 0])].concat(),
        fails: llm(),
    }
}

#[expect(clippy::too_many_lines, reason = "a table of what the family records")]
fn openllmetry() -> Emitted {
    let input = |prefix: usize| {
        let all = attributes([
            ("gen_ai.prompt.0.role", "system"),
            ("gen_ai.prompt.0.content", "Be terse."),
            ("gen_ai.prompt.1.role", "user"),
            ("gen_ai.prompt.1.content", "[{\"type\":\"text\",\"text\":\"Weather in Oslo?\"}]"),
            ("gen_ai.prompt.2.role", "assistant"),
            ("gen_ai.prompt.2.tool_calls.0.id", "c1"),
            ("gen_ai.prompt.2.tool_calls.0.name", "weather"),
            ("gen_ai.prompt.2.tool_calls.0.arguments", "{\"city\":\"Oslo\"}"),
            ("gen_ai.prompt.3.role", "tool"),
            ("gen_ai.prompt.3.tool_call_id", "c1"),
            ("gen_ai.prompt.3.content", "{\"t\":7}"),
        ]);
        all[..prefix].to_vec()
    };
    let llm = || {
        attributes([
            ("llm.request.type", "chat"),
            ("gen_ai.system", "OpenAI"),
            ("gen_ai.request.model", "small"),
            ("traceloop.association.properties.session_id", "conv-1"),
        ])
    };
    let response = |id: &str| {
        attributes([("gen_ai.response.model", "small-2026"), ("gen_ai.response.id", id)])
    };
    // The output is only known from the sum.
    let usage = |[input, total, read, write, thought]: [u64; 5]| {
        counts([
            ("gen_ai.usage.prompt_tokens", input),
            ("llm.usage.total_tokens", total),
            ("gen_ai.usage.cache_read_input_tokens", read),
            ("gen_ai.usage.cache_creation_input_tokens", write),
            ("llm.usage.reasoning_tokens", thought),
        ])
    };
    let asks = attributes([
        ("gen_ai.completion.0.role", "assistant"),
        ("gen_ai.completion.0.finish_reason", "tool_calls"),
        ("gen_ai.completion.0.tool_calls.0.id", "c1"),
        ("gen_ai.completion.0.tool_calls.0.name", "weather"),
        ("gen_ai.completion.0.tool_calls.0.arguments", "{\"city\":\"Oslo\"}"),
    ]);
    let answers = attributes([
        ("gen_ai.completion.0.role", "assistant"),
        ("gen_ai.completion.0.finish_reason", "stop"),
        ("gen_ai.completion.0.content", "It is cold."),
    ]);
    Emitted {
        names: ["weather-bot.agent", "openai.chat", "weather.tool"],
        first_token: Some("llm.content.completion.chunk"),
        agent: attributes([
            ("traceloop.span.kind", "agent"),
            ("traceloop.entity.name", "weather-bot"),
            ("traceloop.entity.input", "{\"args\":[\"Weather in Oslo?\"],\"kwargs\":{}}"),
            ("traceloop.entity.output", "\"It is cold.\""),
        ]),
        asks: [llm(), input(4), asks, response("r1"), usage([29, 40, 8, 3, 4])].concat(),
        tool: attributes([
            ("traceloop.span.kind", "tool"),
            ("traceloop.entity.name", "weather"),
            ("traceloop.entity.input", "{\"city\":\"Oslo\"}"),
            ("traceloop.entity.output", "{\"t\":7}"),
        ]),
        answers: [llm(), input(11), answers, response("r2"), usage([49, 54, 20, 0, 0])].concat(),
        fails: llm(),
    }
}

#[expect(clippy::too_many_lines, reason = "a table of what the family records")]
fn vercel() -> Emitted {
    let llm = || {
        attributes([
            ("ai.operationId", "ai.streamText.doStream"),
            ("ai.model.provider", "openai.responses"),
            ("ai.model.id", "small"),
            ("ai.telemetry.metadata.threadId", "conv-1"),
        ])
    };
    let usage = |[input, output, read, write, thought]: [u64; 5]| {
        counts([
            ("ai.usage.inputTokens", input),
            ("ai.usage.outputTokens", output),
            ("ai.usage.cachedInputTokens", read),
            ("ai.usage.inputTokenDetails.cacheWriteTokens", write),
            ("ai.usage.reasoningTokens", thought),
        ])
    };
    let asks = attributes([
        (
            "ai.prompt.messages",
            &format!(
                "[{}]",
                r#"{"role":"system","content":"Be terse."},{"role":"user","content":[{"type":"text","text":"Weather in Oslo?"}]}"#
            ),
        ),
        (
            "ai.response.toolCalls",
            r#"[{"toolCallId":"c1","toolName":"weather","input":"{\"city\":\"Oslo\"}"}]"#,
        ),
        ("ai.response.finishReason", "tool-calls"),
        ("ai.response.id", "r1"),
        ("ai.response.model", "small-2026"),
    ]);
    let answers = attributes([
        (
            "ai.prompt.messages",
            &format!(
                "[{}]",
                r#"{"role":"system","content":"Be terse."},{"role":"user","content":[{"type":"text","text":"Weather in Oslo?"}]},{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c1","toolName":"weather","input":{"city":"Oslo"}}]},{"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","toolName":"weather","output":{"type":"json","value":{"t":7}}}]}"#
            ),
        ),
        ("ai.response.text", "It is cold."),
        ("ai.response.finishReason", "stop"),
        ("ai.response.id", "r2"),
        ("ai.response.model", "small-2026"),
    ]);
    let first = vec![("ai.response.msToFirstChunk", Value::from(250.0))];
    let around = attributes([
        ("ai.operationId", "ai.streamText"),
        ("ai.model.provider", "openai.responses"),
        ("ai.model.id", "small"),
        ("ai.prompt", "{\"system\":\"Be terse.\",\"prompt\":\"Weather in Oslo?\"}"),
        ("ai.response.text", "It is cold."),
    ]);
    Emitted {
        names: ["ai.streamText", "ai.streamText.doStream", "ai.toolCall"],
        first_token: None,
        agent: [around, usage([78, 16, 28, 3, 4])].concat(),
        asks: [llm(), asks, usage([29, 11, 8, 3, 4]), first].concat(),
        tool: attributes([
            ("ai.operationId", "ai.toolCall"),
            ("ai.toolCall.name", "weather"),
            ("ai.toolCall.id", "c1"),
            ("ai.toolCall.args", "{\"city\":\"Oslo\"}"),
            ("ai.toolCall.result", "{\"t\":7}"),
        ]),
        answers: [llm(), answers, usage([49, 5, 20, 0, 0])].concat(),
        fails: llm(),
    }
}

#[expect(clippy::too_many_lines, reason = "a table of what the family records")]
fn pydantic_ai() -> Emitted {
    let named = |messages: &[(&str, &str)]| {
        let named = messages.iter().map(|(event, message)| {
            let mut json: Json = serde_json::from_str(message).expect("a message");
            json["event.name"] = json!(event);
            json
        });
        named.collect::<Json>().to_string()
    };
    let told = [
        ("gen_ai.system.message", r#"{"role":"system","content":"Be terse."}"#),
        ("gen_ai.user.message", r#"{"role":"user","content":"Weather in Oslo?"}"#),
    ];
    let asked = ("gen_ai.assistant.message", ASKED);
    let tool = (
        "gen_ai.tool.message",
        r#"{"role":"tool","id":"c1","name":"weather","content":"{\"t\":7}"}"#,
    );
    let choice = |message: &str| format!("{{\"index\":0,\"message\":{message}}}");
    let asks = named(&[told[0], told[1], ("gen_ai.choice", &choice(ASKED))]);
    let answer = r#"{"role":"assistant","content":"It is cold."}"#;
    let answers = named(&[told[0], told[1], asked, tool, ("gen_ai.choice", &choice(answer))]);
    let all = named(&[told[0], told[1], asked, tool, ("gen_ai.assistant.message", answer)]);
    let llm = |id: &str, reason: &str, events: &str| {
        attributes([
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.system", "openai"),
            ("gen_ai.request.model", "small"),
            ("gen_ai.response.model", "small-2026"),
            ("gen_ai.response.id", id),
            ("gen_ai.response.finish_reasons", reason),
            ("events", events),
        ])
    };
    let usage = |[input, output, read, write, thought]: [u64; 5]| {
        counts([
            ("gen_ai.usage.input_tokens", input),
            ("gen_ai.usage.output_tokens", output),
            ("gen_ai.usage.details.cache_read_tokens", read),
            ("gen_ai.usage.details.cache_write_tokens", write),
            ("gen_ai.usage.details.reasoning_tokens", thought),
        ])
    };
    let asks = llm("r1", "[\"tool_call\"]", &asks);
    let answers = llm("r2", "[\"stop\"]", &answers);
    Emitted {
        names: ["agent run", "chat small", "running tool"],
        first_token: None,
        agent: attributes([
            ("agent_name", "weather-bot"),
            ("model_name", "small"),
            ("all_messages_events", &all),
            ("final_result", "It is cold."),
        ]),
        asks: [asks, usage([29, 11, 8, 3, 4])].concat(),
        tool: attributes([
            ("gen_ai.tool.name", "weather"),
            ("gen_ai.tool.call.id", "c1"),
            ("tool_arguments", "{\"city\":\"Oslo\"}"),
            ("tool_response", "{\"t\":7}"),
        ]),
        answers: [answers, usage([49, 5, 20, 0, 0])].concat(),
        fails: attributes([("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai")]),
    }
}

fn judgment() -> Emitted {
    let llm = |messages: &str, answer: &str| {
        let request = format!("{{\"model\":\"small\",\"messages\":[{messages}]}}");
        attributes([
            ("judgment.span_kind", "llm"),
            ("judgment.llm.model", "small-2026"),
            ("gen_ai.prompt", &request),
            ("gen_ai.completion", answer),
        ])
    };
    let usage = |[uncached, output, read, write]: [u64; 4]| {
        counts([
            ("judgment.usage.non_cached_input_tokens", uncached),
            ("judgment.usage.output_tokens", output),
            ("judgment.usage.cache_read_input_tokens", read),
            ("judgment.usage.cache_creation_input_tokens", write),
        ])
    };
    let thought = |count: u64| {
        let details = format!("{{\"completion_tokens_details\":{{\"reasoning_tokens\":{count}}}}}");
        attributes([("judgment.usage.metadata", &details)])
    };
    let answer = |id: &str, message: &str, reason: &str| {
        format!(
            "{{\"id\":\"{id}\",\"model\":\"small-2026\",\"choices\":[{{\"index\":0,\"message\":{message},\"finish_reason\":\"{reason}\"}}]}}"
        )
    };
    let asks = llm(TOLD, &answer("r1", ASKED, "tool_calls"));
    let said = answer("r2", r#"{"role":"assistant","content":"It is cold."}"#, "stop");
    let answers = llm(&format!("{TOLD},{ASKED},{TOOL}"), &said);
    Emitted {
        names: ["run", "OPENAI_API_CALL", "weather"],
        first_token: None,
        agent: attributes([
            ("judgment.span_kind", "agent"),
            ("judgment.agent_instance_name", "weather-bot"),
            ("judgment.session_id", "conv-1"),
            ("judgment.input", "{\"question\":\"Weather in Oslo?\"}"),
            ("judgment.output", "It is cold."),
        ]),
        asks: [asks, usage([18, 11, 8, 3]), thought(4)].concat(),
        tool: attributes([
            ("judgment.span_kind", "tool"),
            ("judgment.input", "{\"city\":\"Oslo\"}"),
            ("judgment.output", "{\"t\":7}"),
        ]),
        answers: [answers, usage([29, 5, 20, 0]), thought(0)].concat(),
        fails: attributes([("judgment.span_kind", "llm")]),
    }
}

/// What Lunette adds to what the instrumentation of a client records.
fn lunette() -> Emitted {
    let mut emitted = openllmetry();
    emitted.names[0] = "trajectory_question-1";
    emitted.agent =
        attributes([("lunette.sample", "question-1"), ("lunette.trajectory_id", "conv-1")]);
    for span in [&mut emitted.asks, &mut emitted.answers, &mut emitted.fails] {
        span.retain(|(key, _)| !key.starts_with("traceloop."));
        span.extend(attributes([("lunette.trajectory_id", "conv-1")]));
    }
    emitted
}

#[test]
fn every_family_says_the_same_of_one_run() {
    let mut table = Table::default();
    for (family, emitted) in [
        ("emitted: OpenTelemetry", conventions()),
        ("emitted: OpenInference", openinference()),
        ("emitted: OpenLLMetry", openllmetry()),
        ("emitted: Vercel", vercel()),
        ("emitted: Pydantic-AI 1", pydantic_ai()),
        ("emitted: Judgment", judgment()),
        ("emitted: Lunette", lunette()),
    ] {
        table.add(family, &emitted.trace().genai(), &expected());
    }
    table.check();
}

#[test]
fn what_every_family_says_comes_back_from_its_json() {
    for emitted in [
        conventions(),
        openinference(),
        openllmetry(),
        vercel(),
        pydantic_ai(),
        judgment(),
        lunette(),
    ] {
        let genai = emitted.trace().genai();
        let json = serde_json::to_string(&genai).expect("JSON");
        let back: probity_trace::genai::GenAi = serde_json::from_str(&json).expect("a view");
        assert_eq!(back, genai);
    }
}
