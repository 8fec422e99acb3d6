//! Attributes that nobody should send, in all dialects: no panic, memory in proportion to what was sent,
//! and a view that comes back from its JSON.
//!
//! It runs briefly unless `PROBITY_FUZZ_SECONDS` says for how long. Each case is made from its number
//! alone, so that one that fails can be looked at again: `PROBITY_FUZZ_FROM` is the number of the first.

use std::{
    alloc::System,
    time::{Duration, Instant},
};

use probity_trace::{
    TraceSnapshot, Value,
    genai::{AgentCall, GenAi, LlmCall, ToolCall},
    testing::TraceBuilder,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many cases are tried if no time is set.
const CASES: u64 = 300;

/// The memory that a view may take in all while it is made: a part for the bytes of the attributes, and
/// a part for anything.
const BYTES_FOR_EACH: usize = 200;
const BYTES_FOR_ALL: usize = 1 << 20;

/// `SplitMix64`, by Sebastiano Vigna (public domain).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("it is less than the end")
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// What makes a span a call, in each dialect.
const SPANS: &[&[(&str, &str)]] = &[
    &[("gen_ai.operation.name", "chat")],
    &[("gen_ai.operation.name", "execute_tool")],
    &[("gen_ai.operation.name", "invoke_agent")],
    &[("gen_ai.operation.name", "embeddings")],
    &[("openinference.span.kind", "LLM")],
    &[("openinference.span.kind", "TOOL")],
    &[("openinference.span.kind", "AGENT")],
    &[("llm.request.type", "chat")],
    &[("traceloop.span.kind", "tool")],
    &[("traceloop.span.kind", "agent")],
    &[("ai.operationId", "ai.generateText")],
    &[("ai.operationId", "ai.streamText.doStream")],
    &[("ai.operationId", "ai.toolCall")],
    &[("judgment.span_kind", "llm")],
    &[("judgment.span_kind", "tool")],
    &[("judgment.span_kind", "agent")],
    &[("agent_name", "a"), ("model_name", "m")],
    &[("gen_ai.system", "openai"), ("gen_ai.request.model", "m")],
    &[("gen_ai.tool.name", "t")],
    &[],
];

const KEYS: &[&str] = &[
    "agent.name",
    "agent_name",
    "ai.model.id",
    "ai.model.provider",
    "ai.operationId",
    "ai.prompt",
    "ai.prompt.messages",
    "ai.response.finishReason",
    "ai.response.id",
    "ai.response.msToFirstChunk",
    "ai.response.object",
    "ai.response.reasoning",
    "ai.response.text",
    "ai.response.toolCalls",
    "ai.telemetry.metadata.threadId",
    "ai.toolCall.args",
    "ai.toolCall.id",
    "ai.toolCall.name",
    "ai.toolCall.result",
    "ai.usage.cachedInputTokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.totalTokens",
    "all_messages_events",
    "error.type",
    "events",
    "exception.message",
    "final_result",
    "gen_ai.agent.name",
    "gen_ai.completion",
    "gen_ai.conversation.id",
    "gen_ai.input.messages",
    "gen_ai.operation.name",
    "gen_ai.output.messages",
    "gen_ai.prompt",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.response.finish_reasons",
    "gen_ai.response.id",
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.system_instructions",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.id",
    "gen_ai.tool.call.result",
    "gen_ai.tool.name",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.details.reasoning_tokens",
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.output_tokens",
    "input.value",
    "judgment.input",
    "judgment.llm.model",
    "judgment.output",
    "judgment.session_id",
    "judgment.span_kind",
    "judgment.usage.metadata",
    "judgment.usage.non_cached_input_tokens",
    "judgment.usage.output_tokens",
    "llm.finish_reason",
    "llm.invocation_parameters",
    "llm.model_name",
    "llm.request.type",
    "llm.token_count.prompt",
    "llm.token_count.total",
    "llm.usage.total_tokens",
    "lunette.trajectory_id",
    "openinference.span.kind",
    "otel.status_code",
    "output.value",
    "probity.attempts",
    "pydantic_ai.all_messages",
    "request_data",
    "response_data",
    "session.id",
    "tool_arguments",
    "tool_response",
    "traceloop.entity.input",
    "traceloop.entity.name",
    "traceloop.entity.output",
    "traceloop.span.kind",
];

const INDEXED: &[&str] = &[
    "gen_ai.prompt",
    "gen_ai.completion",
    "llm.input_messages",
    "llm.output_messages",
    "llm.choices",
];

const STEPS: &[&str] = &[
    "role",
    "content",
    "contents",
    "message",
    "message_content",
    "type",
    "text",
    "tool_calls",
    "tool_call",
    "tool_call_id",
    "function",
    "id",
    "name",
    "arguments",
    "reasoning",
    "finish_reason",
    "0",
    "1",
    "18446744073709551615",
    "99999999999999999999",
    "00",
    "",
    "é",
];

const EVENTS: &[&str] = &[
    "gen_ai.user.message",
    "gen_ai.choice",
    "gen_ai.content.prompt",
    "gen_ai.client.inference.operation.details",
    "exception",
    "llm.content.completion.chunk",
];

/// What emitters send when they mean well.
const TEXTS: &[&str] = &[
    "",
    "user",
    "assistant",
    "tool",
    "stop",
    "hello",
    "17",
    "null",
    "[]",
    "{}",
    "\"a\"",
    "[\"stop\"]",
    r#"[{"role":"user","parts":[{"type":"text","content":"hi"}]}]"#,
    r#"[{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"t","arguments":{"a":1}}]}]"#,
    r#"[{"role":"tool","parts":[{"type":"tool_call_response","id":"c","response":{"a":1}}]}]"#,
    r#"[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"ok"}]}]"#,
    r#"{"model":"m","system":"s","messages":[{"role":"user","content":"hi"}]}"#,
    r#"{"model":"m","instructions":"s","input":[{"type":"function_call_output","call_id":"c","output":"1"}]}"#,
    r#"{"id":"r","model":"m","choices":[{"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":29,"prompt_tokens_details":{"cached_tokens":8}}}"#,
    r#"{"id":"r","model":"m","status":"completed","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok"}]}]}"#,
    r#"{"id":"r","role":"assistant","content":[{"type":"thinking","thinking":"hm"}],"stop_reason":"end_turn","usage":{"input_tokens":21,"cache_read_input_tokens":7}}"#,
    r#"[{"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","content":"ok"}},{"event.name":"gen_ai.user.message","role":"user","content":"hi"}]"#,
    r#"[{"toolCallId":"c","toolName":"t","input":"{\"a\":1}"}]"#,
    r#"[{"role":"tool","content":[{"type":"tool-result","toolCallId":"c","toolName":"t","output":{"type":"json","value":{"a":1}}}]}]"#,
    r#"{"args":["a"],"kwargs":{"b":[1,2,{"c":null}]}}"#,
];

/// Pieces that break what they are put into.
const BROKEN: &[&str] = &[
    "\\ud800",
    "\\u00",
    "\\x41",
    "\\",
    "\"",
    "\u{0}",
    "\u{7f}",
    "\u{fffd}",
    "\u{202e}",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "1e999",
    "-1e-999",
    "99999999999999999999999999999999",
    "-0",
    "NaN",
    "nul",
];

fn number(random: &mut Random) -> Value {
    match random.below(9) {
        0 => Value::from(u64::MAX),
        1 => Value::from(i64::MIN),
        2 => Value::from(u128::MAX),
        3 => Value::from(i128::MIN),
        4 => Value::from(f64::from_bits(random.next())),
        5 => Value::from(random.one_in(2)),
        6 => Value::from(1_u64 << 53),
        7 => Value::from(f64::NAN),
        _ => Value::from(random.below(100) as u64),
    }
}

/// Spoils a text in a few places.
fn spoiled(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(3) {
        let mut at = random.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        match random.below(4) {
            0 => text.truncate(at),
            1 => text.insert_str(at, random.pick(BROKEN)),
            2 => {
                let tail = text.split_off(at);
                text.extend(tail.chars().skip(1));
            }
            _ => {
                let other = random.pick(TEXTS);
                text.insert_str(at, other);
            }
        }
    }
    text
}

/// Makes a text that is far too large, or nested far too deep.
fn huge(random: &mut Random) -> String {
    let count = random.below(10_000);
    let calls = |count: usize| {
        let call = |number: usize| format!(r#"{{"type":"tool_call","id":"c{number}","name":"t"}}"#);
        (0..count).map(call).collect::<Vec<_>>().join(",")
    };
    match random.below(6) {
        0 => "x".repeat(random.below(10 << 20)),
        1 => "[".repeat(random.below(1 << 20)),
        2 => format!(r#"[{{"role":"assistant","parts":[{}]}}]"#, calls(count)),
        3 => format!("[{}]", r#"{"role":"user","content":"hi"},"#.repeat(count)),
        4 => format!("{{\"a\":{}1{}}}", "{\"a\":".repeat(count), "}".repeat(count)),
        _ => "\\\"é\u{1F600}".repeat(random.below(1 << 18)),
    }
}

fn value(random: &mut Random) -> Value {
    match random.below(400) {
        0 => Value::from(huge(random)),
        1..=79 => number(random),
        80..=119 => Value::Debug(random.pick(TEXTS).to_owned()),
        120..=259 => {
            let text = random.pick(TEXTS);
            Value::from(spoiled(text, random))
        }
        _ => Value::from(random.pick(TEXTS).to_owned()),
    }
}

fn key(random: &mut Random) -> String {
    if !random.one_in(4) {
        return random.pick(KEYS).to_owned();
    }
    let mut key = format!("{}.{}", random.pick(INDEXED), random.below(4));
    for _ in 0..random.below(8) {
        key.push('.');
        key.push_str(random.pick(STEPS));
    }
    key
}

/// Makes a trace, and tells how many bytes its attributes take.
fn trace(random: &mut Random) -> (TraceSnapshot, usize) {
    let (mut trace, mut size) = (TraceBuilder::new(), 0);
    for _ in 0..=random.below(8) {
        trace = if random.one_in(3) { trace.close() } else { trace };
        trace = trace.open(random.pick(&["chat", "OPENAI_API_CALL", "invoke_agent a", "llm_turn"]));
        trace = if random.one_in(8) { trace.target("probity::x") } else { trace };
        for (key, text) in random.pick(SPANS) {
            trace = trace.field(key, *text);
        }
        for _ in 0..random.below(14) {
            let (key, value) = (key(random), value(random));
            size += key.len() + value.to_string().len();
            trace = trace.field(&key, value);
            trace = if random.one_in(20) { trace.cut() } else { trace };
            if random.one_in(12) {
                trace = trace.event("said").name(random.pick(EVENTS));
            }
        }
    }
    (trace.build(), size)
}

/// Reads a trace in every way, and returns the memory that the view took in all.
fn check(number: u64, trace: &TraceSnapshot, size: usize) -> usize {
    // What is read lazily once is not what the view takes.
    let is_called = trace.has_llm_calls();
    let region = Region::new(ALLOCATOR);
    let genai = trace.genai();
    let taken = region.change().bytes_allocated;
    assert!(
        taken <= BYTES_FOR_ALL + size * BYTES_FOR_EACH,
        "case {number}: {taken} bytes for {size} bytes of attributes"
    );
    assert!(is_called || genai.llm_calls().is_empty(), "case {number}");
    let json = serde_json::to_string(&genai).expect("JSON");
    let back: GenAi =
        serde_json::from_str(&json).unwrap_or_else(|it| panic!("case {number}: {it}"));
    assert_eq!(back, genai, "case {number}");
    for unreadable in genai.unreadable() {
        let reason = &unreadable.reason;
        assert!(reason.len() < 300 && !reason.contains('\n'), "case {number}: {reason}");
        let span = trace.all_spans().find(|span| span.id() == unreadable.span).expect("a span");
        let has = span.field(&unreadable.key).is_some() || span.events().len() > 0;
        assert!(has, "case {number}: {unreadable:?}");
    }
    let _ = genai.conversations();
    for span in trace.all_spans() {
        let node = span.to_node();
        let _ =
            (LlmCall::from_span(&node), ToolCall::from_span(&node), AgentCall::from_span(&node));
    }
    taken
}

#[test]
fn no_attributes_panic_and_all_views_are_bounded() {
    let setting = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let time = setting("PROBITY_FUZZ_SECONDS").map(Duration::from_secs);
    let first = setting("PROBITY_FUZZ_FROM").unwrap_or(0);
    let started = Instant::now();
    let (mut cases, mut largest, mut told, mut most) = (0_u64, 0, 0, 0);
    while time.map_or(cases < CASES, |time| started.elapsed() < time) {
        let number = first.wrapping_add(cases);
        let (trace, size) = trace(&mut Random(2_026_u64.wrapping_add(number.wrapping_mul(7_919))));
        let taken = check(number, &trace, size);
        told += trace.genai().unreadable().len();
        largest = largest.max(size);
        most = most.max(taken);
        cases += 1;
    }
    println!(
        "{cases} cases from {first} in {:?}: no panic; the largest had {largest} bytes of attributes; a view took \
         {most} bytes at most; {told} attributes were told as unreadable{}",
        started.elapsed(),
        resident().map_or(String::new(), |peak| format!("; the process was {peak} at its largest")),
    );
    assert!(told > 0, "hostile attributes that all can be read are not hostile");
}

/// Returns the most memory that the process had, where the system says it.
fn resident() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
