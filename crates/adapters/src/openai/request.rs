//! From a [`ModelRequest`] to the HTTP request of a chat completion.

use async_openai::{
    config::Config,
    error::OpenAIError,
    middleware::HttpRequestFactory,
    types::chat::{
        ChatCompletionStreamOptions, ChatCompletionTool, ChatCompletionTools,
        CreateChatCompletionRequest, FunctionObject, ResponseFormat, ResponseFormatJsonSchema,
    },
};
use http::{HeaderValue, Method, header};
use probity_eval::model::{ModelError, ModelRequest, OutputFormat, Settings, ToolDefinition};
use reqwest::{Request, Url};
use serde_json::{Map, Value};

use super::{extra_body::ExtraBody, messages, strict};
use crate::outgoing;

/// Makes the body of a request.
pub(super) fn body(model: &str, request: &ModelRequest) -> Result<Vec<u8>, ModelError> {
    let tools: Vec<_> = request.tools.iter().map(tool).collect();
    let options =
        ChatCompletionStreamOptions { include_usage: Some(true), include_obfuscation: None };
    let typed = CreateChatCompletionRequest {
        model: model.to_owned(),
        messages: messages::sent(&request.input.messages)?,
        stream: Some(true),
        stream_options: Some(options),
        response_format: response_format(&request.output),
        tools: (!tools.is_empty()).then_some(tools),
        ..CreateChatCompletionRequest::default()
    };
    let mut body = match serde_json::to_value(typed) {
        Ok(Value::Object(body)) => body,
        Ok(_) => Map::new(), // A struct is an object.
        Err(error) => return Err(unsendable(&error)),
    };
    put_settings(&mut body, &request.settings);
    if let Some(extra) = request.extensions.get::<ExtraBody>() {
        body.extend(extra.fields().clone());
    }
    serde_json::to_vec(&body).map_err(|error| unsendable(&error))
}

/// Makes the HTTP request that carries a body, as often as it is asked for.
pub(super) fn http(config: &dyn Config, body: Vec<u8>) -> Result<HttpRequestFactory, ModelError> {
    let mut url =
        Url::parse(&config.url("/chat/completions")).map_err(|error| unsendable(&error))?;
    let query = config.query();
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    let mut headers = config.headers();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = bytes::Bytes::from(body);
    Ok(HttpRequestFactory::new(move || {
        let mut request = Request::new(Method::POST, url.clone());
        *request.headers_mut() = headers.clone();
        *request.body_mut() = Some(body.clone().into());
        async move { Ok::<_, OpenAIError>(request) }
    }))
}

/// Settings go in as JSON: the typed request rounds the temperature, and calls the seed deprecated.
fn put_settings(body: &mut Map<String, Value>, settings: &Settings) {
    let seed = settings.seed.map(outgoing::seed);
    let fields = [
        ("temperature", settings.temperature.map(Value::from)),
        ("max_completion_tokens", settings.max_output_tokens.map(Value::from)),
        ("seed", seed.map(Value::from)),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    }
}

fn response_format(output: &OutputFormat) -> Option<ResponseFormat> {
    let OutputFormat::JsonSchema { name, schema } = output else {
        return None;
    };
    let strict = strict::strictly(schema);
    let json_schema = ResponseFormatJsonSchema {
        name: name.clone(),
        strict: Some(strict.is_some()),
        schema: strict.unwrap_or_else(|| schema.clone()),
        description: None,
    };
    Some(ResponseFormat::JsonSchema { json_schema })
}

fn tool(definition: &ToolDefinition) -> ChatCompletionTools {
    let description = Some(&definition.description).filter(|text| !text.is_empty());
    ChatCompletionTools::Function(ChatCompletionTool {
        function: FunctionObject {
            name: definition.name.clone(),
            description: description.cloned(),
            parameters: Some(definition.parameters.clone()),
            strict: None,
        },
    })
}

fn unsendable(error: &dyn std::error::Error) -> ModelError {
    outgoing::invalid(format!("the request could not be made: {error}"))
}

#[cfg(test)]
mod tests {
    use probity_eval::ModelInput;
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_tools_format_and_extra_fields_are_in_the_body() {
        let mut request = ModelRequest::new(ModelInput::from_user("Hi"));
        request.settings.temperature = Some(0.2);
        request.settings.max_output_tokens = Some(64);
        request.settings.seed = Some(u64::MAX);
        request.tools = vec![ToolDefinition::new("f", "", json!({"type": "object"}))];
        let schema =
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]});
        request.output = OutputFormat::JsonSchema { name: "A".to_owned(), schema };
        request.extensions.insert(ExtraBody::new().with_field("service_tier", "flex"));

        let body: Value = serde_json::from_slice(&body("m", &request).unwrap()).unwrap();
        assert_eq!(body["temperature"], json!(0.2));
        assert_eq!(body["max_completion_tokens"], json!(64));
        assert_eq!(body["seed"], json!(i64::MAX));
        assert_eq!(body["stream_options"], json!({"include_usage": true}));
        assert_eq!(
            body["tools"],
            json!([{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}])
        );
        assert_eq!(body["response_format"]["json_schema"]["strict"], json!(true));
        assert_eq!(body["service_tier"], "flex");
    }
}
