//! Turns that are answered by JSON of a given shape.

use std::{fmt, marker::PhantomData};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    collect,
    error::TurnError,
    options::{TurnOptions, turn_options},
    probed,
    result::TextTurnResult,
    stream::TurnStream,
};
use crate::{
    answer_schema::{AnswerSchema, InvalidSchema},
    llm::Llm,
    model::ModelInput,
    probe::{Probe, Probed},
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
        let (schema, mut turn) = self.start()?;
        let answer = collect::collect(&mut turn).await?;
        read(&schema, answer).inspect_err(|error| turn.reject(error))
    }

    /// Asks, shows the answer to a probe while it streams, and returns both.
    ///
    /// # Errors
    ///
    /// As [`collect`](StructuredTurn::collect), and [`TurnError::Stopped`] if the probe ended the turn before the
    /// answer was whole. The probe is lost then; lend it (`&mut probe`) to keep it.
    pub async fn collect_with<P: Probe>(
        self,
        probe: P,
    ) -> Result<Probed<StructuredTurnResult<T>, P>, TurnError> {
        let (schema, mut turn) = self.start()?;
        let Probed { result, probe, stopped, panicked } = probed::collect(&mut turn, probe).await?;
        if let Some(reason) = stopped.clone().filter(|_| !result.is_complete()) {
            let (reason, turn) = (Box::new(reason), Box::new(result));
            return Err(TurnError::Stopped { reason, turn });
        }
        let result = read(&schema, result).inspect_err(|error| turn.reject(error))?;
        Ok(Probed { result, probe, stopped, panicked })
    }

    /// Returns the answer as a stream, which asks when it is polled. [`AnswerSchema::decode`] reads the text of its
    /// [result](TurnStream::into_result).
    ///
    /// # Errors
    ///
    /// If the shape that is asked for makes no valid JSON Schema.
    pub fn stream(self) -> Result<TurnStream, InvalidSchema> {
        self.start().map(|(_, turn)| turn)
    }

    fn start(self) -> Result<(AnswerSchema, TurnStream), InvalidSchema> {
        let schema = self.schema?;
        let request = self.options.request(&self.llm, self.input, schema.output_format());
        let turn = TurnStream::new(self.llm, request, self.options.budget.as_ref());
        Ok((schema, turn))
    }
}

/// Reads the value in the answer.
fn read<T: DeserializeOwned>(
    schema: &AnswerSchema,
    turn: TextTurnResult,
) -> Result<StructuredTurnResult<T>, TurnError> {
    if let Some(reason) = turn.refusal.clone() {
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
