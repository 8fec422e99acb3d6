//! From a [`ModelRequest`] to what `genai` is given.

use ::genai::chat::{ChatOptions, ChatRequest, JsonSpec, Tool};
use probity_eval::model::{ModelError, ModelRequest, OutputFormat, ToolDefinition};

use super::messages;
use crate::outgoing;

/// Makes the messages and tools of a request.
pub(super) fn chat(request: &ModelRequest) -> Result<ChatRequest, ModelError> {
    let chat = ChatRequest::from_messages(messages::sent(&request.input.messages)?);
    let tools: Vec<Tool> = request.tools.iter().map(tool).collect();
    Ok(if tools.is_empty() { chat } else { chat.with_tools(tools) })
}

/// Puts the settings and the shape of a request into `options`.
pub(super) fn options(mut options: ChatOptions, request: &ModelRequest) -> ChatOptions {
    let settings = &request.settings;
    options.temperature = settings.temperature.or(options.temperature);
    options.seed = settings.seed.map(outgoing::seed).or(options.seed);
    // Four billion tokens are no limit.
    let max_tokens = settings.max_output_tokens.map(|max| u32::try_from(max).unwrap_or(u32::MAX));
    options.max_tokens = max_tokens.or(options.max_tokens);
    if let OutputFormat::JsonSchema { name, schema } = &request.output {
        options = options.with_response_format(JsonSpec::new(name, schema.clone()));
    }
    // Calls are captured so that their pieces are told from each other; texts come in pieces anyway.
    options.with_capture_usage(true).with_capture_tool_calls(true)
}

fn tool(definition: &ToolDefinition) -> Tool {
    let tool = Tool::new(definition.name.as_str()).with_schema(definition.parameters.clone());
    if definition.description.is_empty() {
        tool
    } else {
        tool.with_description(definition.description.as_str())
    }
}
