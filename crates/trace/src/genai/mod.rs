//! What a trace says about model calls, tool calls and agents, whoever emitted it.
//!
//! ```
//! use probity_trace::{genai::Usage, testing::TraceBuilder};
//! use serde_json::json;
//!
//! let said = json!([{"role": "user", "parts": [{"type": "text", "content": "Weather in Oslo?"}]}]);
//! let trace = TraceBuilder::new()
//!     .span("invoke_agent", |agent| {
//!         agent
//!             .field("gen_ai.operation.name", "invoke_agent")
//!             .field("gen_ai.agent.name", "weather-bot")
//!             .span("chat", |chat| {
//!                 chat.field("gen_ai.operation.name", "chat")
//!                     .field("gen_ai.request.model", "small")
//!                     .field("gen_ai.usage.input_tokens", 29)
//!                     .field("gen_ai.usage.output_tokens", 11)
//!                     .field("gen_ai.input.messages", said.to_string())
//!             })
//!             .span("execute_tool", |tool| {
//!                 tool.field("gen_ai.operation.name", "execute_tool")
//!                     .field("gen_ai.tool.name", "weather")
//!                     .field("gen_ai.tool.call.arguments", r#"{"city":"Oslo"}"#)
//!             })
//!     })
//!     .build();
//!
//! let genai = trace.genai();
//! assert_eq!(genai.usage(), Usage::new(29, 11));
//! assert_eq!(genai.llm_calls()[0].agent.as_deref(), Some("weather-bot"));
//! assert_eq!(genai.tool_calls()[0].arguments, Some(json!({"city": "Oslo"})));
//! assert_eq!(genai.messages()[0].content(), "Weather in Oslo?");
//! assert!(genai.unreadable().is_empty());
//! ```
//!
//! [`TraceSnapshot::genai`](crate::TraceSnapshot::genai) makes the view of a finished trace;
//! [`LlmCall::from_span`], [`ToolCall::from_span`] and [`AgentCall::from_span`] read one span while a
//! program runs, and [`LiveCalls`] tells the calls as they end. All read the same keys in the same way.
//!
//! # What is read
//!
//! The attributes of the OpenTelemetry GenAI conventions under their current and their older names,
//! what the libraries rig (0.44) and genai (0.7) and the turns of probity record, and these dialects:
//!
//! - OpenInference: `openinference.span.kind`, `llm.*`, messages of which each piece is an attribute
//!   (`llm.input_messages.0.message.role`), `input.value` and `output.value`, `tool.*`, `tool_call.*`,
//!   `session.id`.
//! - OpenLLMetry (Traceloop): `llm.request.type`, `gen_ai.prompt.0.*` and `gen_ai.completion.0.*`,
//!   `llm.usage.*`, `traceloop.span.kind`, `traceloop.entity.*`, `traceloop.association.properties.*`.
//! - Vercel's AI SDK: `ai.operationId`, `ai.model.*`, `ai.prompt`, `ai.prompt.messages`,
//!   `ai.response.*`, `ai.usage.*`, `ai.toolCall.*`, `ai.telemetry.metadata.*` for conversations.
//! - Pydantic-AI (logfire): `events`, `all_messages_events`, `pydantic_ai.all_messages`,
//!   `final_result`, `agent_name`, `tool_arguments`, `tool_response`, `gen_ai.usage.details.*`,
//!   `request_data`, `response_data`.
//! - Judgment: `judgment.span_kind`, `judgment.input` and `judgment.output`, `judgment.llm.*`,
//!   `judgment.usage.*`, `judgment.session_id`, `judgment.agent_*`.
//! - Lunette: `lunette.trajectory_id`, which is the conversation of what lies in the trajectory if
//!   nothing else names one; the calls themselves are those of OpenLLMetry.
//!
//! Content is read where the emitter was told to record it: from attributes, from the events of the
//! conventions that carry content, and as JSON in the current form of messages, in those of `OpenAI`,
//! Anthropic and Vercel, or as the whole request and answer of a provider. From these come, too, the
//! models, the identifier of the answer and the tokens where no attribute says them. What has the shape
//! of a secret is masked.
//!
//! Not read, since the view has no place for them: parameters of requests, definitions of tools, prices,
//! users and tags, and the sums that runs of agents record (`gen_ai.aggregated_usage.*`).
//!
//! A span is a call by its `gen_ai.operation.name`: of a model for `chat`, `text_completion`,
//! `generate_content`, `embeddings`, `rerank`, `transcription`, `image_generation` and
//! `audio_generation`, of a tool for `execute_tool`, a run of an agent for `invoke_agent`; or else by
//! what a dialect calls it, in the order above. A span of which no name is known is a model call if it
//! names a provider and a model. One that names no operation is a tool call if it names a tool, and a
//! run of an agent if it names one and has the model, the messages or the result of its run. A span
//! `llm_turn` of a target that begins with `probity` is a model call.
//!
//! # What counts once
//!
//! - A model call within another of the same task is the request; the one around it repeats it, adds up
//!   its tokens and does not count. If there is one within, it gets what only the outer one recorded. If there
//!   are several, the last that recorded no tokens gets those of the outer one which the others did not use.
//!   The last within gets the error, too, if it tells neither an answer nor an error;
//!   [`GenAi::unreadable`] has the error of a call around one that was answered.
//! - So does the call of Vercel's AI SDK around the requests that it sends (`ai.generateText` around
//!   `ai.generateText.doGenerate`).
//! - A model call beside another with the same answer (`gen_ai.response.id`), that began before it and
//!   ended after it, is the same call: an application wraps a client which traces its requests itself.
//!   A wrapper that does not record the identifier of the answer, as Judgment's does not for streams,
//!   is the same call if it names the same model and the same tokens.
//! - A turn (`llm_turn`) counts in place of what lies in it. These are its attempts: they raise
//!   [`LlmCall::attempts`] and fill what the turn did not record, from the last attempt that succeeded;
//!   tokens are those of all attempts if the turn recorded none.
//! - What a tool asks of a model is a call of its own, whatever the tool lies in, unless both spans name
//!   the same answer (`gen_ai.response.id`).
//! - Tokens on the span of an agent are sums, and are not counted.
//! - A tool call that messages show, with the answer of the tool, is there once, whether a span
//!   describes it too or not. They are joined by the identifier of the call, in order where one is used
//!   again, and without one by name and arguments, or else by name where the arguments of either are not known
//!   or no other call of this name is left and the answers are no others; the span's own words go first.
//!   What a model asked for and no tool answered is no call unless a span describes one.
//! - A span of a tool call right within another of the same identifier, or where one has none of the same
//!   name and with the same arguments, if both tell them, is the same call.
//!
//! # Who and where
//!
//! The conversation is that of the span or else of the nearest span around it which names one
//! (`gen_ai.conversation.id` or `session.id`); the agent is the one that the span names, or else the
//! nearest run around it. Dialects have other keys for both. How calls make up conversations is said at [`GenAi::conversations`].
//!
//! # How values are read
//!
//! - The first key of an attribute that can be read counts: current names go before older ones.
//! - Counts are whole numbers from 0 to 2^53, as numbers or digits. The parts of a whole cannot be more
//!   than it: where more tokens came from a cache than were sent, or more were spent on reasoning than
//!   were answered, the whole was recorded without them; they are added, and
//!   [`GenAi::unreadable`] says so.
//!   Where only what no cache had to do with was counted (`judgment.usage.non_cached_input_tokens`, the
//!   answers of Anthropic), what was read from a cache and written to one is added.
//! - Of input and output one may come from their sum, if the other is known.
//! - A model that is named without saying which (`llm.model_name`, `judgment.llm.model`) is the one that
//!   answered, or the one that was asked for if the call failed without an answer.
//! - Well-known providers have their names in the conventions, whatever their case and the part of them
//!   that was asked (`openai.chat`); others stay as they are.
//! - Identifiers that were recorded through `Debug` lose their quotes and `Some`.
//! - Arguments and results are JSON where their text is JSON and nothing is lost by it.
//! - What a model thought, that it refused and what it said aloud is read, too, where a message has it beside
//!   its content; a refusal is a text.
//! - An answer of a tool is a message of its own, of the role [`Role::Tool`], whoever was said to have
//!   sent it. Instructions that the messages begin with are not repeated.
//! - Reasons to stop come from the messages of the answer where the span has none.
//! - A call failed if it has an `error.type`, if its `otel.status_code` is `error`, or if the status is
//!   not `ok` and there is an `otel.status_description` or an exception, on the span or as an event in
//!   it. A tool call failed, too, if rig says that its outcome was no success. Without a type the error
//!   is of the type `_OTHER`.
//!
//! Whatever cannot be read is in [`GenAi::unreadable`], and so is what a limit of the capture cut.
//! Reading takes time in proportion to the size of the trace.

mod aliases;
mod answer;
mod asked;
mod bodies;
mod call;
mod conversation;
mod events;
mod failure;
mod fingerprint;
mod finish;
mod indexed;
mod json;
mod kind;
mod live;
mod message;
mod messages;
mod nesting;
mod of_trace;
mod parts;
mod places;
mod provider;
mod provider_usage;
mod read;
mod reader;
mod same_tool;
mod signs;
mod threads;
mod tips;
mod tokens;
mod tools;
mod twins;
mod usage;
mod values;
mod view;

pub use call::{AgentCall, CallError, LlmCall, ToolCall};
pub use conversation::Conversation;
pub use finish::FinishReason;
pub use live::{EndedCall, LiveCalls};
pub use message::{Message, Part, Role};
pub use read::tool_name;
pub use usage::Usage;
pub use view::{GenAi, Unreadable};
