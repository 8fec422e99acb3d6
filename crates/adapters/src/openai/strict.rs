//! Which JSON Schemas can be kept to the letter by the provider.
//!
//! Source of the rules: "Structured model outputs", section "Supported schemas", of OpenAI's platform
//! documentation.

use serde_json::{Map, Value, json};

/// Keywords that the strict mode knows and that hold no schema.
const PLAIN: [&str; 16] = [
    "$ref",
    "$schema",
    "const",
    "description",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maximum",
    "minItems",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "title",
    "type",
];

/// Formats that the strict mode knows.
const FORMATS: [&str; 9] =
    ["date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"];

/// Returns the schema in the form that the strict mode takes; `None` if it cannot have that form.
///
/// What an answer may be is at most narrowed: objects get no fields that the schema does not name.
/// Formats that the mode does not know are left out, since the answer is checked anyway.
pub(super) fn strictly(schema: &Value) -> Option<Value> {
    let is_object = schema.get("type").and_then(Value::as_str) == Some("object");
    if is_object { strict(schema) } else { None }
}

fn strict(schema: &Value) -> Option<Value> {
    let schema = schema.as_object()?;
    let mut strict_schema = Map::new();
    for (key, value) in schema {
        let (key, value) = match key.as_str() {
            "properties" | "$defs" | "definitions" => (key.as_str(), each(value)?),
            "items" => ("items", strict(value)?),
            // An answer that matches exactly one matches any.
            "anyOf" | "oneOf" => ("anyOf", all(value)?),
            "additionalProperties" if *value == json!(false) => continue,
            "format" if !value.as_str().is_some_and(|format| FORMATS.contains(&format)) => continue,
            "format" => ("format", value.clone()),
            plain if PLAIN.contains(&plain) => (plain, value.clone()),
            _ => return None,
        };
        strict_schema.insert(key.to_owned(), value);
    }
    if is_object(schema) {
        if !requires_all(schema) {
            return None;
        }
        strict_schema.insert("additionalProperties".to_owned(), json!(false));
    }
    let says_something = ["type", "$ref", "anyOf", "enum", "const"];
    let says = says_something.iter().any(|key| strict_schema.contains_key(*key));
    says.then_some(Value::Object(strict_schema))
}

fn each(schemas: &Value) -> Option<Value> {
    let schemas = schemas.as_object()?;
    schemas.iter().map(|(name, schema)| Some((name.clone(), strict(schema)?))).collect()
}

fn all(schemas: &Value) -> Option<Value> {
    schemas.as_array()?.iter().map(strict).collect()
}

fn is_object(schema: &Map<String, Value>) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == "object",
        Some(Value::Array(names)) => names.contains(&json!("object")),
        _ => false,
    }
}

fn requires_all(schema: &Map<String, Value>) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &String| {
        required.is_some_and(|required| required.iter().any(|required| required == name))
    };
    // An object without properties could only be empty.
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| properties.keys().all(is_required))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_whose_fields_are_all_required_is_closed_and_loses_unknown_formats() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Verdict",
            "type": "object",
            "properties": {
                "score": {"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255},
                "when": {"type": "string", "format": "date"},
                "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
                "note": {"type": ["string", "null"]},
            },
            "required": ["score", "when", "parts", "note"],
            "$defs": {"Part": {"oneOf": [{"type": "string", "const": "a"}, {"type": "null"}]}},
        });
        let strict = strictly(&schema).unwrap();
        assert_eq!(strict["additionalProperties"], json!(false));
        assert_eq!(
            strict["properties"]["score"],
            json!({"type": "integer", "minimum": 0, "maximum": 255})
        );
        assert_eq!(strict["properties"]["when"]["format"], "date");
        assert_eq!(strict["$defs"]["Part"]["anyOf"][1]["type"], "null");
    }

    #[test]
    fn what_the_mode_cannot_keep_to_is_left_as_it_is() {
        let optional = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
        let any = json!({"type": "object", "properties": {"a": {}}, "required": ["a"]});
        let anything = json!({"type": "object", "properties": {"a": true}, "required": ["a"]});
        let list = json!({"type": "array", "items": {"type": "string"}});
        let unknown = json!({"type": "object", "properties": {}, "patternProperties": {}});
        for schema in [optional, map, any, anything, list, unknown, json!(true)] {
            assert_eq!(strictly(&schema), None, "{schema}");
        }
    }
}
