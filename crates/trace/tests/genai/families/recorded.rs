//! The recorded traffic of the real clients, where it is there: the same calls, messages and tokens as
//! the answers of the provider behind it.

use probity_trace::TraceSnapshot;
use serde_json::{Value, json};

use super::{
    Table,
    otlp::{Raw, fixture, snapshot, spans, traces},
};

/// What the answers of the provider said, for calls of the same kind: as many as there are identifiers.
fn said(provider: &str, models: [&str; 2], ids: &[&str], tokens: [Option<u64>; 5]) -> Value {
    let all = |value: Value| Value::Array(vec![value; ids.len()]);
    let [input, output, cache_read, cache_write, reasoning] = tokens.map(|it| all(json!(it)));
    json!({
        "calls": ids.len(), "operations": all(json!("chat")), "provider": all(json!(provider)),
        "request_model": all(json!(models[0])), "response_model": all(json!(models[1])),
        "response_id": ids, "input": input, "output": output, "cache_read": cache_read,
        "cache_write": cache_write, "reasoning": reasoning,
    })
}

fn openai(ids: &[&str]) -> Value {
    let tokens = [Some(29), Some(11), Some(8), None, Some(4)];
    said("openai", ["gpt-4o-mini", "gpt-4o-mini-2024-08-06"], ids, tokens)
}

fn responses() -> Value {
    let tokens = [Some(36), Some(20), Some(10), None, Some(12)];
    said("openai", ["gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"], &["resp_fake1"], tokens)
}

fn anthropic(ids: &[&str]) -> Value {
    let tokens = [Some(33), Some(9), Some(7), Some(5), None];
    said("anthropic", ["claude-haiku-4-5", "claude-haiku-4-5"], ids, tokens)
}

/// Adds fields to what was said.
fn with(mut said: Value, more: Value) -> Value {
    let (Some(all), Value::Object(more)) = (said.as_object_mut(), more) else { panic!("objects") };
    all.extend(more);
    said
}

/// A conversation of one question, answered at once.
fn sunny(question: &str) -> Value {
    json!({"messages": [{"user": [question]}, {"assistant": ["It is sunny."]}], "finish": ["stop"]})
}

/// A conversation in which the model asks for the weather in Boston.
fn tool_use(system: Option<&str>, question: &str, id: &str, answer: &Value) -> Value {
    let call = json!({"call": "get_weather", "id": id, "with": {"city": "Boston"}});
    let mut messages: Vec<Value> =
        system.map(|text| json!({"system": [text]})).into_iter().collect();
    messages.extend([
        json!({"user": [question]}),
        json!({"assistant": [call]}),
        json!({"tool": [{"id": id, "answer": answer}]}),
        json!({"assistant": ["It is sunny."]}),
    ]);
    json!({
        "messages": messages, "finish": ["tool_call", "stop"], "tools": 1,
        "tool_name": "get_weather", "tool_id": id, "tool_arguments": {"city": "Boston"},
        "tool_result": answer,
    })
}

#[test]
fn openinference() {
    let Some(fixture) = fixture("otlp__openinference-openai.json") else { return };
    let traces = traces(&fixture);
    let call = json!({"call": "get_weather", "id": "call_fake_1", "with": {"city": "Boston"}});
    let messages = json!([{"system": ["s"]}, {"user": ["hi"]}, {"assistant": [call]}]);
    let mut table = Table::default();
    let expected = json!({"messages": messages, "finish": ["tool_call"]});
    table.add(
        "recorded: OpenInference",
        &traces[0].genai(),
        &with(openai(&["chatcmpl-fake1"]), expected),
    );
    table.check();
}

#[test]
fn vercel() {
    let Some(fixture) = fixture("otlp__vercel-ai-sdk.json") else { return };
    let traces = traces(&fixture);
    assert_eq!(traces.len(), 3, "three calls of the SDK");
    let mut table = Table::default();
    let thread = json!({"conversation": "thread-u1"});
    let text = with(openai(&["chatcmpl-fake1"]), sunny("Summarize"));
    table.add("recorded: Vercel generate", &traces[0].genai(), &with(text, thread.clone()));
    let tools = tool_use(None, "Weather", "call_fake_1", &json!({"t": 72}));
    let tools = with(openai(&["chatcmpl-fake1"; 2]), tools);
    let tools = with(with(tools, thread.clone()), json!({"tool_span": true}));
    table.add("recorded: Vercel generate", &traces[1].genai(), &tools);
    let stream = with(openai(&["chatcmpl-fake2"]), sunny("Stream"));
    let stream = with(with(stream, thread), json!({"first_token_ms": 18}));
    table.add("recorded: Vercel stream", &traces[2].genai(), &stream);
    table.check();
}

#[test]
fn pydantic_ai() {
    let mut table = Table::default();
    for (version, file) in [
        ("1.10 v1", "otlp__pydantic-ai-1.10.0-v1.json"),
        ("1.10 v2", "otlp__pydantic-ai-1.10.0-v2.json"),
        ("1.10 v3", "otlp__pydantic-ai-1.10.0-v3.json"),
        ("2.68", "otlp__pydantic-ai-2.68.0-vNone.json"),
    ] {
        let Some(fixture) = fixture(file) else { return };
        let [trace] = traces(&fixture).try_into().expect("one trace");
        let trace: TraceSnapshot = trace;
        let tools = tool_use(Some("be terse"), "Weather?", "call_fake_1", &json!("72F"));
        let run = json!({
            "agents": ["weather_agent"], "agent_of_call": "weather_agent", "tool_span": true,
            "agent_answer": [{"assistant": ["It is sunny."]}],
            "conversation": "01a1f83a-daf5-7122-95f7-3ffdc01a66cd",
        });
        let expected = with(with(openai(&["chatcmpl-fake1"; 2]), tools), run);
        table.add(&format!("recorded: Pydantic-AI {version}"), &trace.genai(), &expected);
    }
    table.check();
}

#[test]
fn judgment() {
    let mut table = Table::default();
    for (client, file) in [
        ("py 0.32", "judgeval-py-0.32.2__observe-wrap-openai.json"),
        ("py 1.6", "judgeval-py-1.6.0__observe-wrap-openai.json"),
        ("js 1.2", "judgeval-js-1.2.1__observe-openai.json"),
    ] {
        let Some(fixture) = fixture(file) else { return };
        let expected = with(openai(&["chatcmpl-fake1"]), sunny("capital?"));
        let input = json!({"q": "capital?", "opts": {"a": [1, 2]}});
        let tool = json!({"tools": 1, "tool_name": "format_task", "tool_arguments": input,
                          "tool_result": input, "tool_span": true});
        // The JS client marks functions as spans, whatever they are.
        let tool = if client.starts_with("js") { json!({"tools": 0}) } else { tool };
        let name = format!("recorded: Judgment, {client}");
        table.add(&name, &traces(&fixture)[0].genai(), &with(expected, tool));
    }
    table.check();
}

#[test]
fn judgment_streams_and_errors() {
    let mut table = Table::default();
    let error = json!({"calls": 1, "error_type": "openai.BadRequestError",
        "error_message": "Error code: 400 - Invalid value for 'temperature'."});
    let said = json!({"messages": [{"user": ["hi"]},
        {"assistant": [{"thought": "thought about weather"}, "It is sunny."]}], "finish": ["stop"]});
    for (client, file, with_anthropic) in [
        ("py 0.32", "judgeval-py-0.32.2__openai-stream-tools-responses.json", false),
        ("py 1.6", "judgeval-py-1.6.0__openai-anthropic-streams-errors.json", true),
    ] {
        let Some(fixture) = fixture(file) else { return };
        let traces = traces(&fixture);
        let mut views = traces.iter().map(TraceSnapshot::genai);
        let mut next = || views.next().expect("a trace");
        let of = |what: &str| format!("recorded: Judgment {what}, {client}");
        // Of a stream the wrapper records the model that was asked for as the one that answered, and
        // of an answer without a count of what a cache was given, none as 0.
        let model = json!({"response_model": ["gpt-4o-mini"]});
        let stream = with(with(openai(&["chatcmpl-fake2"]), sunny("s")), model);
        table.add(&of("stream"), &next(), &stream);
        let none = json!({"cache_write": [0]});
        table.add(&of("responses"), &next(), &with(with(responses(), said.clone()), none));
        let model = json!({"response_model": ["gpt-4.1-mini"]});
        table.add(&of("stream"), &next(), &with(with(responses(), sunny("hi")), model));
        if with_anthropic {
            let message = with(anthropic(&["msg_fake"]), sunny("hi"));
            table.add(&of("anthropic"), &next(), &message);
            table.add(&of("stream"), &next(), &message);
        }
        table.add(&of("error"), &next(), &error);
    }
    table.check();
}

#[test]
fn judgment_around_a_client_that_traces_itself() {
    let Some(fixture) = fixture("judgeval-py-0.32.2__anthropic.json") else { return };
    let mut spans: Vec<Raw> = spans(&fixture).into_iter().map(|(_, span)| span).collect();
    spans.sort_by_key(|span| span.started);
    // Each was its own trace, since nothing was observed around them; put into one, as they would be.
    let stream = spans.split_off(2);
    let genai = snapshot(spans).genai();
    let mut table = Table::default();
    let expected = with(anthropic(&["msg_fake"]), sunny("hi"));
    table.add("recorded: Judgment twice", &genai, &expected);
    // The wrapper does not know the identifier of a stream.
    table.add("recorded: Judgment twice, streams", &snapshot(stream).genai(), &expected);
    table.check();
}

#[test]
fn judgment_metadata_sessions_and_agents() {
    let mut table = Table::default();
    let Some(metadata) = fixture("judgeval-py-1.6.0__record-llm-metadata.json") else { return };
    let expected = json!({"calls": 1, "provider": ["openai"], "response_model": ["my-model-v2"],
        "messages": [{"user": ["{\"p\":\"p\"}"]}, {"assistant": ["x"]}],
        "input": [13], "output": [5], "cache_read": [2], "cache_write": [1]});
    table.add("recorded: Judgment metadata", &traces(&metadata)[0].genai(), &expected);
    for file in
        ["judgeval-py-0.32.2__session-customer-attrs.json", "judgeval-js-1.2.1__session-attrs.json"]
    {
        let Some(fixture) = fixture(file) else { return };
        let genai = traces(&fixture)[0].genai();
        table.add("recorded: Judgment session", &genai, &json!({"conversation": "sess-1"}));
    }
    let Some(agents) = fixture("judgeval-py-0.32.2__agent-generator.json") else { return };
    let expected =
        json!({"agents": ["agent-A", "agent-B"], "agent_answer": [{"assistant": ["1"]}]});
    table.add("recorded: Judgment agents", &traces(&agents)[0].genai(), &expected);
    table.check();
}

/// Makes the traces of the spans that Lunette collected: a trajectory each, one span after the other in
/// the first.
fn trajectories(fixture: &Value) -> Vec<TraceSnapshot> {
    let of_span = |(number, span): (usize, &Value), last: usize| {
        let number = number as u64;
        let is_root = number == 0;
        let code = span["status"].as_str().expect("a status");
        let events = span["events"].as_array().into_iter().flatten().map(|event| {
            let attributes = event["attributes"].as_object().cloned().unwrap_or_default();
            (event["name"].as_str().unwrap_or_default().to_owned(), 2 + 10 * number, attributes)
        });
        Raw {
            id: format!("{:016x}", number + 1),
            parent: (!is_root).then(|| format!("{:016x}", 1)),
            name: span["name"].as_str().expect("a name").to_owned(),
            started: 1 + 10 * number,
            ended: if is_root { 10 * last as u64 + 20 } else { 5 + 10 * number },
            attributes: span["attributes"].as_object().expect("attributes").clone(),
            events: events.collect(),
            status: Some((code.trim_start_matches("StatusCode.").to_ascii_lowercase(), None)),
        }
    };
    let lists = fixture["trajectories"].as_array().expect("trajectories").iter();
    let lists = lists.map(|list| list.as_array().expect("spans"));
    lists
        .map(|list| {
            snapshot(list.iter().enumerate().map(|span| of_span(span, list.len())).collect())
        })
        .collect()
}

#[test]
fn lunette_with_openllmetry() {
    let mut table = Table::default();
    for (age, file) in
        [("0.49", "lunette__old__otel-spans.json"), ("0.62", "lunette__current__otel-spans.json")]
    {
        let Some(fixture) = fixture(file) else { return };
        let traces = trajectories(&fixture);
        let of = |what: &str| format!("recorded: OpenLLMetry{what}, {age}");
        let trajectory = |number: usize| {
            let id = &fixture["trajectories"][number][0]["attributes"]["lunette.trajectory_id"];
            json!({"conversation": id})
        };
        let said = json!({"messages": [{"system": ["You are a helpful assistant."]},
            {"user": ["What is 2 + 2?"]}, {"assistant": ["It is sunny."]}], "finish": ["stop"]});
        let said = with(openai(&["chatcmpl-fake1"]), said);
        table.add(&of(""), &traces[0].genai(), &with(said, trajectory(0)));
        let tools = tool_use(None, "Weather in Boston?", "call_fake_1", &json!({"t": 72}));
        let tools = with(with(openai(&["chatcmpl-fake1"; 2]), tools), trajectory(1));
        table.add(&of(""), &traces[1].genai(), &tools);
        let stream = with(openai(&["chatcmpl-fake2"]), sunny("stream"));
        table.add(&of(" stream"), &traces[2].genai(), &stream);
        let mut answer = [json!({"thought": "thought about weather"}), json!("It is sunny.")];
        if age == "0.62" {
            // This version records the reasoning after what came of it, and the tokens of a stream of
            // Anthropic's as the sum of what its beginning and its end say.
            answer.reverse();
        }
        let thought = json!({"messages": [{"system": ["be terse"]}, {"user": ["hi"]},
            {"assistant": answer}], "finish": ["stop"]});
        table.add(&of(" responses"), &traces[3].genai(), &with(responses(), thought));
        let call = json!({"call": "get_weather", "id": "toolu_fake", "with": {"city": "Boston"}});
        let messages = json!([{"system": ["Be terse"]}, {"user": ["Weather in Boston?"]},
            {"assistant": ["Let me look.", call]},
            {"tool": [{"id": "toolu_fake", "answer": "72F"}]}, {"assistant": ["It is sunny."]}]);
        let expected = json!({"messages": messages, "finish": ["tool_call", "stop"], "tools": 1,
            "tool_arguments": {"city": "Boston"}, "tool_result": "72F"});
        let expected = with(anthropic(&["msg_fake"; 2]), expected);
        table.add(&of(" anthropic"), &traces[4].genai(), &expected);
        let mut stream = with(anthropic(&["msg_fake"]), sunny("hi"));
        if age == "0.62" {
            stream["output"] = json!([10]);
        }
        table.add(&of(" anthropic stream"), &traces[5].genai(), &stream);
        let error = json!({"calls": 1, "error_type": "BadRequestError"});
        table.add(&of(" error"), &traces[6].genai(), &error);
        table.add(&of(" nothing"), &traces[7].genai(), &json!({"calls": 0}));
    }
    table.check();
}
