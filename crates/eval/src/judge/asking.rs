//! Asks a judge, and sends back a reply that does not have the shape that was asked for.

use std::fmt;

use probity_trace::genai::FinishReason;
use serde_json::Value;

use super::{
    correction::{self, Wrong},
    error::JudgeError,
    evaluation::Evaluation,
};
use crate::{
    answer_schema::{AnswerSchema, InvalidAnswer, InvalidSchema},
    excerpt::Excerpt,
    model::ModelInput,
    turn::{StructuredTurn, StructuredTurnResult, TextTurnResult, TurnError, TurnOptions},
};

/// How often a reply is sent back unless the judge says otherwise.
const DEFAULT_CORRECTIONS: u32 = 2;

/// What every judge has: a name, the shape of the reply, and how often a wrong one is sent back.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) name: Option<String>,
    pub(super) max_corrections: u32,
    schema: Result<AnswerSchema, InvalidSchema>,
}

/// A reply that could be read.
pub(super) struct Reply<T> {
    pub(super) value: T,
    pub(super) turn: TextTurnResult,
}

impl Asking {
    pub(super) fn new(schema: Result<AnswerSchema, InvalidSchema>) -> Self {
        Self { name: None, max_corrections: DEFAULT_CORRECTIONS, schema }
    }

    /// Asks until `read` can read the reply, or the corrections are used up. What `read` says is wrong is told
    /// to the judge.
    pub(super) async fn ask<T>(
        &self,
        evaluation: &Evaluation<'_>,
        options: &TurnOptions,
        mut input: ModelInput,
        read: impl Fn(&Value) -> Result<T, InvalidAnswer>,
    ) -> Result<Reply<T>, JudgeError> {
        evaluation.add_corrections(0);
        let mut tries = 1;
        loop {
            let turn = StructuredTurn::new(evaluation.llm, input.clone(), self.schema.clone());
            let (wrong, turn) = match turn.with_options(options.clone()).collect().await {
                Ok(answer) => match checked(answer, &read) {
                    Ok(reply) => return Ok(reply),
                    Err(wrong) => wrong,
                },
                Err(TurnError::Invalid { invalid, turn }) => (invalid, turn),
                Err(error) => return Err(error.into()),
            };
            if let Some(reason) = refusal(&turn) {
                return Err(JudgeError::Refused { reason });
            }
            let Wrong { reason, content_free } = Wrong::of(&wrong, &turn);
            if tries > self.max_corrections {
                let last_reply = Excerpt::of(&turn.text);
                return Err(JudgeError::Unparsed { tries, reason, content_free, last_reply });
            }
            evaluation.add_corrections(1);
            let told = if evaluation.captures_content() { &reason } else { &content_free };
            tell_of_correction(tries, self.max_corrections, told);
            if let Ok(schema) = &self.schema {
                correction::extend(&mut input, &turn.text, &reason, schema.schema());
            }
            tries += 1;
        }
    }
}

/// Reads an answer that follows the schema.
fn checked<T>(
    answer: StructuredTurnResult<Value>,
    read: impl Fn(&Value) -> Result<T, InvalidAnswer>,
) -> Result<Reply<T>, (InvalidAnswer, Box<TextTurnResult>)> {
    let StructuredTurnResult { value, turn } = answer;
    match read(&value) {
        Ok(value) => Ok(Reply { value, turn }),
        Err(wrong) => Err((wrong, Box::new(turn))),
    }
}

/// Returns why a reply that cannot be used is a refusal, which no correction would change.
fn refusal(turn: &TextTurnResult) -> Option<Excerpt> {
    if let Some(words) = &turn.refusal {
        return Some(Excerpt::of(words));
    }
    let filtered = turn.finish_reason == Some(FinishReason::ContentFilter);
    filtered.then(|| Excerpt::of("the provider's filter ended the reply"))
}

fn tell_of_correction(tries: u32, max: u32, reason: &str) {
    tracing::warn!(
        correction = tries,
        max_corrections = max,
        error = reason,
        "a judge's reply cannot be used and is sent back"
    );
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking")
            .field("name", &self.name)
            .field("max_corrections", &self.max_corrections)
            .field("schema", &self.schema)
            .finish()
    }
}

/// Gives a judge with the fields `asking: Asking` and `options: TurnOptions` the methods that all judges
/// have.
macro_rules! judge_options {
    ($name:ident $(<$($parameter:ident $(: ?$relaxed:ident)?),*>)?) => {
        crate::turn::turn_options!($name $(<$($parameter $(: ?$relaxed)?),*>)?);

        impl$(<$($parameter $(: ?$relaxed)?),*>)? $name$(<$($parameter),*>)? {
            /// Gives the judge a name: that of its spans, and the one under which lists of evals report it.
            pub fn named(mut self, name: impl Into<String>) -> Self {
                self.asking.name = Some(name.into());
                self
            }

            /// Sets how often a reply that does not have the right shape is sent back with what is wrong
            /// with it; 2 unless set.
            pub fn max_corrections(mut self, corrections: u32) -> Self {
                self.asking.max_corrections = corrections;
                self
            }
        }
    };
}

pub(super) use judge_options;
