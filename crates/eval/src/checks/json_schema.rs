//! Checks that JSON follows a schema.

use std::{fmt, marker::PhantomData, sync::Arc};

use jsonschema::{ValidationError, Validator};
use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    error::CheckError,
    json_artifact::JsonArtifact,
    json_path::{last_name, shown},
    of_any::unbound,
    report::all_or_nothing,
    shortlist::{Shortlist, write_joined},
};
use crate::{
    answer_schema::{self, InvalidSchema},
    excerpt::Excerpt,
    pure_eval::PureEval,
};

/// Checks that the artifact follows a JSON Schema, and lists every violation with its place.
///
/// The artifact is a JSON value or a text, see [`JsonArtifact`]; a text that is no JSON fails. The
/// schema is of the draft that its `$schema` names, of 2020-12 if it names none. It may refer to itself,
/// not to a file or the network. `format` is not checked unless the draft says so.
///
/// The type of the artifact is inferred. Where nothing tells it, write `json_schema::<str>(..)`.
///
/// # Errors
///
/// Errs where the schema is not valid, or refers to what is not in it.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::json_schema};
/// use probity_trace::TraceSnapshot;
/// use serde_json::json;
///
/// let schema = json!({
///     "type": "object",
///     "properties": {"city": {"type": "string"}, "nights": {"type": "integer", "minimum": 1}},
///     "required": ["city"],
/// });
/// let booked = json_schema(&schema)?.scored();
/// let scored = booked.evaluate(&TraceSnapshot::default(), r#"{"city": "Paris", "nights": 0}"#)?;
/// assert!(!scored.passed);
/// assert_eq!(scored.report.violations.items[0].instance_path, "/nights");
/// assert_eq!(
///     scored.report.to_string(),
///     "1 violation: /nights: value is less than the minimum of 1, found 0"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn json_schema<A>(schema: &Value) -> Result<JsonSchema<A>, InvalidSchema>
where
    A: JsonArtifact + ?Sized,
{
    let validator = answer_schema::compile(schema)?;
    Ok(JsonSchema { validator: Arc::new(validator), artifact: PhantomData })
}

/// Check made by [`json_schema`].
#[must_use = "evals do nothing unless evaluated"]
pub struct JsonSchema<A: ?Sized> {
    validator: Arc<Validator>,
    artifact: PhantomData<fn(&A)>,
}

unbound!(JsonSchema { validator });

impl<A: JsonArtifact + ?Sized> PureEval for JsonSchema<A> {
    type Artifact = A;
    type Report = JsonSchemaReport;
    type Error = CheckError;

    fn evaluate(&self, _: &TraceSnapshot, artifact: &A) -> Result<JsonSchemaReport, CheckError> {
        let (not_json, violations) = match artifact.json() {
            Ok(value) => (None, self.validator.iter_errors(&value).map(Violation::of).collect()),
            Err(error) => (Some(error.to_string()), Shortlist::default()),
        };
        let passed = not_json.is_none() && violations.is_empty();
        Ok(JsonSchemaReport { passed, not_json, violations })
    }
}

/// Report of [`json_schema`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JsonSchemaReport {
    /// Whether the artifact follows the schema.
    pub passed: bool,
    /// Why the artifact is no JSON, if it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_json: Option<String>,
    /// What in the artifact does not follow the schema.
    pub violations: Shortlist<Violation>,
}

all_or_nothing!(JsonSchemaReport);

/// A place of a JSON value that does not follow a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// The place in the artifact, as a JSON Pointer (RFC 6901); empty for the whole.
    pub instance_path: String,
    /// The place in the schema that asks for something else, as a JSON Pointer.
    pub schema_path: String,
    /// What is wrong; the value itself is in `found`.
    pub reason: String,
    /// The value at the place.
    pub found: Excerpt,
}

impl Violation {
    #[expect(clippy::needless_pass_by_value, reason = "so that it can be passed to `map`")]
    fn of(error: ValidationError<'_>) -> Self {
        let instance_path = error.instance_path().to_string();
        Self {
            found: Excerpt::of_named_json(&last_name(&instance_path), error.instance()),
            schema_path: error.schema_path().to_string(),
            // Without the value, which may hold secrets.
            reason: Excerpt::of(&error.masked().to_string()).to_string(),
            instance_path,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, found {}", shown(&self.instance_path), self.reason, self.found)
    }
}

impl fmt::Display for JsonSchemaReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(reason) = &self.not_json {
            return write!(f, "expected JSON, found none: {reason}");
        }
        match self.violations.total() {
            0 => return f.write_str("no violations"),
            1 => f.write_str("1 violation: ")?,
            total => write!(f, "{total} violations: ")?,
        }
        write_joined(f, &self.violations, "; ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::evaluate;

    fn places() -> JsonSchema<str> {
        let place = json!({"type": "object", "required": ["name"],
                           "properties": {"name": {"type": "string"}, "api_key": {"type": "integer"}}});
        json_schema(&json!({"type": "array", "items": place, "maxItems": 3})).unwrap()
    }

    #[track_caller]
    fn check(artifact: &str, paths: &[&str]) {
        let report = evaluate(&places(), artifact).unwrap();
        let found: Vec<_> =
            report.violations.items.iter().map(|violation| &*violation.instance_path).collect();
        assert_eq!(found, paths, "{report}");
        assert_eq!(report.passed, paths.is_empty());
    }

    #[test]
    fn every_violation_is_listed_with_its_place() {
        check(r#"[{"name": "Paris"}, {"name": "Lyon"}]"#, &[]);
        check("[]", &[]);
        check("{}", &[""]);
        check(r#"[{"name": 1}, {}, {"name": "été"}]"#, &["/0/name", "/1"]);
        check("[1, 2, 3, 4]", &["", "/0", "/1", "/2", "/3"]);
    }

    #[test]
    fn many_violations_are_cut_and_counted() {
        let numbers: Value = (0..30).collect();
        let report = evaluate(&places(), &numbers.to_string()).unwrap();
        assert_eq!((report.violations.items.len(), report.violations.total()), (20, 31));
        assert!(report.to_string().starts_with("31 violations: the root: "), "{report}");
        assert!(report.to_string().ends_with("; and 11 more"), "{report}");
    }

    #[test]
    fn a_text_that_is_no_json_fails_and_the_report_says_why() {
        for text in ["", "Paris", "[}"] {
            let report = evaluate(&places(), text).unwrap();
            assert!(!report.passed && report.not_json.is_some(), "{report}");
        }
    }

    #[test]
    fn values_of_secret_names_are_masked() {
        let report = evaluate(&places(), r#"[{"name": "a", "api_key": "k1"}]"#).unwrap();
        assert!(report.to_string().contains("/0/api_key") && !report.to_string().contains("k1"));
        let report = evaluate(&places(), r#"[[{"api_key": "k1"}]]"#).unwrap();
        assert!(!report.passed && !report.to_string().contains("k1"), "{report}");
    }

    #[test]
    fn an_invalid_schema_is_an_error_of_the_constructor() {
        let schemas = [
            (json!({"type": "no such type"}), "/type"),
            (json!({"minimum": "three"}), "/minimum"),
            (json!({"pattern": "("}), "("),
            (json!(3), "3"),
            (json!({"$ref": "#/$defs/none"}), "none"),
            (json!({"$ref": "http://127.0.0.1:9/schema.json"}), "127.0.0.1"),
            (json!({"$ref": "file:///schema.json"}), "schema.json"),
        ];
        for (schema, expected) in schemas {
            let error = json_schema::<str>(&schema).unwrap_err().to_string();
            assert!(error.starts_with("not a valid JSON Schema: "), "{error}");
            assert!(error.contains(expected), "{schema}: {error}");
        }
    }

    #[test]
    fn json_brings_a_report_back() {
        for text in ["", "[]", "[1]"] {
            let report = evaluate(&places(), text).unwrap();
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<JsonSchemaReport>(&json).unwrap(), report);
        }
    }
}
