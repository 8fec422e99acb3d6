//! Replaying a recorded conversation as the spans of an instrumented agent.

mod conversation;
mod messages;
mod spans;

use self::conversation::Conversation;
use super::{info::Info, record::Record};

/// Emits, for a record, the spans and events that an instrumented agent would have emitted.
///
/// They follow the OpenTelemetry GenAI conventions. The root is an `invoke_agent` span with the
/// agent's name, the system instructions and a conversation identifier `tau-bench/<task>/<trial>`.
/// Below it, in the order of the conversation, are:
///
/// * a `chat` span for each message of the model, with all messages before it but the system
///   instructions (`gen_ai.input.messages`) and the message itself (`gen_ai.output.messages`), both
///   as JSON, and an event `gen_ai.user.message` for each message of the customer that it answers;
/// * an `execute_tool` span for each tool result, with the tool's name, the call's identifier, its
///   arguments and its result, and `error.type = "tool_error"` where the result starts with `Error:`.
///
/// Customer messages that the model did not answer are events of the root. A record that was not graded
/// gives a root with `error.type` and an error event.
/// The file has no times and no token counts, so the spans' times are those of the replay, and there
/// is no usage.
///
/// # Examples
///
/// ```
/// use probity_adapters::tau_bench::{Replay, Results};
///
/// let results = Results::from_json(
///     r#"[{
///         "task_id": 7, "trial": 0, "reward": 0.0, "info": {"reward_info": null},
///         "traj": [
///             {"role": "user", "content": "Add it up."},
///             {"role": "assistant", "content": null, "tool_calls": [{
///                 "id": "call_1", "type": "function",
///                 "function": {"name": "calculate", "arguments": "{\"expression\": \"1 +\"}"}
///             }]},
///             {"role": "tool", "tool_call_id": "call_1", "name": "calculate",
///              "content": "Error: invalid expression"}
///         ]
///     }]"#,
/// )?;
/// let agent = Replay::new("airline").with_provider("openai").with_model("gpt-4o");
///
/// let trace = probity_trace::capture_sync(|| agent.run(&results.records()[0])).trace;
///
/// let tool = trace.span("execute_tool").unwrap();
/// assert_eq!(tool.field("gen_ai.tool.call.id"), Some("call_1".into()));
/// assert_eq!(tool.field("error.type"), Some("tool_error".into()));
/// assert_eq!(tool.parent(), trace.span("invoke_agent"));
/// # Ok::<(), probity_adapters::tau_bench::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    agent: String,
    provider: Option<String>,
    model: Option<String>,
}

impl Replay {
    /// Makes a replay under the name that the agent has in the spans.
    #[must_use]
    pub fn new(agent: impl Into<String>) -> Self {
        Self { agent: agent.into(), provider: None, model: None }
    }

    /// Sets who serves the model, such as `openai`. The file does not say.
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<String>) -> Self {
        self.provider = Some(provider.into());
        self
    }

    /// Sets the model, such as `gpt-4o`. The file does not say.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// Emits the spans and events of one record, and returns what the agent said last.
    pub fn run<'a>(&self, record: &'a Record) -> Option<&'a str> {
        let conversation_id = format!("tau-bench/{}/{}", record.task, record.trial);
        let root = spans::invoke_agent(self, &conversation_id, &record.messages);
        root.in_scope(|| {
            if let Info::Raised { error, .. } = &record.info {
                spans::raised(&root, error);
            }
            let mut conversation = Conversation::new(self, &conversation_id);
            for message in &record.messages {
                conversation.play(message);
            }
            conversation.finish()
        })
    }
}
