//! Turns a request into one of rig.

use probity_eval::model::{ModelError, ModelRequest, OutputFormat, ToolDefinition};
use rig_core::{
    completion::{self, CompletionRequest, OnUnsupported},
    schemars::Schema,
};
use serde_json::Value;

use super::messages::{messages, tool_name};
use crate::outgoing::{invalid, seed};

/// Turns a request into one of rig.
///
/// A seed is left out, with rig's warning, where the provider has none.
///
/// # Errors
///
/// If a message, a tool or the schema cannot be put into rig's words.
pub(super) fn completion_request(request: &ModelRequest) -> Result<CompletionRequest, ModelError> {
    let settings = &request.settings;
    let tools = request.tools.iter().map(tool).collect::<Result<_, _>>()?;
    let mut completion = CompletionRequest::from(messages(&request.input.messages)?)
        .temperature(settings.temperature)
        .max_tokens(settings.max_output_tokens)
        .tools(tools);
    if let OutputFormat::JsonSchema { name, schema } = &request.output {
        completion = completion.output_schema(named_schema(name, schema)?);
    }
    if let Some(wanted) = settings.seed {
        completion = completion.seed(seed(wanted)).on_unsupported(OnUnsupported::Ignore);
    }
    Ok(completion)
}

fn tool(tool: &ToolDefinition) -> Result<completion::ToolDefinition, ModelError> {
    let name = tool_name(&tool.name)?;
    Ok(completion::ToolDefinition::new(name, &*tool.description, tool.parameters.clone()))
}

/// Returns a schema whose title is `name`: rig sends the title as the name of the format.
fn named_schema(name: &str, schema: &Value) -> Result<Schema, ModelError> {
    let mut schema = schema.clone();
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("title".to_owned(), name.into());
    }
    Schema::try_from(schema)
        .map_err(|error| invalid(format!("the answer's schema is none: {error}")))
}

#[cfg(test)]
mod tests {
    use probity_eval::ModelInput;
    use serde_json::json;

    use super::*;

    fn request() -> ModelRequest {
        ModelRequest::new(ModelInput::from_user("Which city?"))
    }

    #[test]
    fn settings_that_are_not_set_are_left_to_the_provider() {
        let completion = completion_request(&request()).unwrap();
        assert_eq!((completion.temperature, completion.max_tokens), (None, None));
        assert!(completion.options.is_default());
        assert!(completion.output_schema.is_none() && completion.tools.is_empty());
    }

    #[test]
    fn the_format_has_the_name_that_was_asked_for() {
        let mut request = request();
        let schema = json!({"title": "Vec<City>", "type": "object"});
        request.output = OutputFormat::JsonSchema { name: "cities".into(), schema };
        let schema = completion_request(&request).unwrap().output_schema.unwrap();
        assert_eq!(schema.get("title"), Some(&json!("cities")));
    }

    #[test]
    fn what_is_no_schema_or_no_tool_is_refused() {
        let mut request = request();
        request.output = OutputFormat::JsonSchema { name: "city".into(), schema: json!("string") };
        let error = completion_request(&request).unwrap_err();
        assert!(error.message().starts_with("the answer's schema is none"), "{error}");
        request.output = OutputFormat::Text;
        request.tools.push(ToolDefinition::new("", "nothing", json!({})));
        let error = completion_request(&request).unwrap_err();
        assert_eq!(error.message(), "a tool name cannot be empty");
    }
}
