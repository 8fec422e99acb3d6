//! Fields of a request that only some models understand.

use serde_json::{Map, Value};

/// Fields that are put into the body of every request, in place of what is there.
///
/// An extension of the [`Llm`](probity_eval::Llm) or of one turn, for what only some models
/// understand, such as `reasoning_effort` or `service_tier`.
///
/// # Examples
///
/// ```
/// use probity_adapters::openai::ExtraBody;
/// use probity_eval::Llm;
///
/// let effort = ExtraBody::new().with_field("reasoning_effort", "low");
/// let llm = Llm::without_model().with_extension(effort);
/// # drop(llm);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtraBody {
    fields: Map<String, Value>,
}

impl ExtraBody {
    /// Has no field yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    #[must_use]
    pub fn with_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    pub(super) fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }
}
