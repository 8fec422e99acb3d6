//! Turns that are answered by JSON of a given shape.

use std::{fmt, marker::PhantomData};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    collect,
    error::TurnError,
    options::{TurnOptions, turn_options},
    result::TextTurnResult,
    stream::TurnStream,
};
use crate::{
    answer_schema::{AnswerSchema, InvalidSchema},
    llm::Llm,
    model::ModelInput,
};

/// A turn that is answered by JSON of the shape of `T`.
///
/// Made by [`Session::structured_turn`](crate::Session::structured_turn) and
/// [`Llm::structured`](crate::Llm::structured). The provider is sent the JSON Schema of `T`, and the answer
/// is checked against it, whatever the provider promises.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{Budget, Llm, schemars, scripted::ScriptedModel};
/// use serde::Deserialize;
///
/// #[derive(Deserialize, schemars::JsonSchema)]
/// #[schemars(crate = "probity_eval::schemars")]
/// struct City {
///     name: String,
///     inhabitants: u32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::TurnError> {
/// let model = ScriptedModel::replies([r#"{"name": "Oslo", "inhabitants": 700000}"#]);
/// let llm = Llm::new(Arc::new(model), Budget::unlimited());
/// let answer = llm.structured::<City>("Which city?").collect().await?;
/// assert_eq!((&*answer.value.name, answer.value.inhabitants), ("Oslo", 700_000));
/// # Ok(())
/// # }
/// ```
#[must_use = "turns do nothing unless finished"]
pub struct StructuredTurn<T> {
    llm: Llm,
    input: ModelInput,
    schema: Result<AnswerSchema, InvalidSchema>,
    options: TurnOptions,
    answers: PhantomData<fn() -> T>,
}

turn_options!(StructuredTurn<T>);

/// The value of a structured turn, and the facts about the turn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StructuredTurnResult<T> {
    /// The answer.
    pub value: T,
    /// The turn.
    pub turn: TextTurnResult,
}

impl<T: DeserializeOwned> StructuredTurn<T> {
    pub(crate) fn new(
        llm: &Llm,
        input: ModelInput,
        schema: Result<AnswerSchema, InvalidSchema>,
    ) -> Self {
        let options = TurnOptions::default();
        Self { llm: llm.clone(), input, schema, options, answers: PhantomData }
    }

    /// Sets everything that was said about the turn at once.
    pub(crate) fn with_options(mut self, options: TurnOptions) -> Self {
        self.options = options;
        self
    }

    /// Asks, and returns the answer.
    ///
    /// # Errors
    ///
    /// As [`TextTurn::collect`](crate::TextTurn::collect), and if the model refuses or its answer does not
    /// have the shape that was asked for.
    pub async fn collect(self) -> Result<StructuredTurnResult<T>, TurnError> {
        let schema = self.schema?;
        let output = schema.output_format();
        let request = self.options.request(&self.llm, self.input, output);
        let mut turn = TurnStream::new(self.llm, request, self.options.budget);
        let answer = collect::collect(&mut turn).await?;
        read(&schema, answer).inspect_err(|error| turn.reject(error))
    }
}

/// Reads the value in the answer.
fn read<T: DeserializeOwned>(
    schema: &AnswerSchema,
    turn: TextTurnResult,
) -> Result<StructuredTurnResult<T>, TurnError> {
    if let Some(reason) = turn.refusal.clone().filter(|_| turn.text.is_empty()) {
        return Err(TurnError::Refused { reason, turn: Box::new(turn) });
    }
    match schema.decode(&turn.text) {
        Ok(value) => Ok(StructuredTurnResult { value, turn }),
        Err(invalid) => Err(TurnError::Invalid { invalid, turn: Box::new(turn) }),
    }
}

impl<T> fmt::Debug for StructuredTurn<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StructuredTurn")
            .field("llm", &self.llm)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl Llm {
    /// Asks for an answer of the shape of `T`.
    pub fn structured<T: DeserializeOwned + JsonSchema>(
        &self,
        input: impl Into<ModelInput>,
    ) -> StructuredTurn<T> {
        StructuredTurn::new(self, input.into(), AnswerSchema::of::<T>())
    }
}
