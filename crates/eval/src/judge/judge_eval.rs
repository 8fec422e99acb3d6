//! The judge of any typed verdict.

use std::{fmt, marker::PhantomData};

use async_trait::async_trait;
use probity_trace::TraceSnapshot;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    asking::{Asking, judge_options},
    error::JudgeError,
    evaluation::{Evaluation, Told},
};
use crate::{
    answer_schema::{self, AnswerSchema, InvalidAnswer, InvalidSchema},
    eval::Eval,
    llm::Llm,
    model::ModelInput,
    score::Score,
    turn::TurnOptions,
    type_name::{TypeName, short_name},
};

/// Asks a model about a trace and an artifact, and gives the answer as a report of type `R`.
///
/// A closure makes the question. The model is sent the JSON Schema of `R`, and its reply is checked against
/// it. A reply that does not have this shape is sent back together with what is wrong with it, up to
/// [`max_corrections`](Self::max_corrections) times; then the artifact is not graded
/// ([`JudgeError::Unparsed`]), and never failed for it. So is a reply that answers a key twice.
///
/// The model is that of the context. Temperature, tokens, seed, budget and extensions are set as on a turn.
/// What the artifact says reaches the judge as it is: [`RubricJudge`](crate::RubricJudge) shows how to keep
/// it apart from the question.
///
/// The evaluation is a span `evaluation` around the turns, with the number of corrections in
/// `probity.judge.corrections`. If the reply has a number `score` in 0..=1 at its top, an event
/// `gen_ai.evaluation.result` tells it.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{
///     Budget, EvalExt as _, JudgeEval, Llm, ModelInput, maximize, schemars, scripted::ScriptedModel,
/// };
/// use probity_trace::{Collected, TraceSnapshot};
/// use serde::Deserialize;
///
/// #[derive(Deserialize, schemars::JsonSchema)]
/// #[schemars(crate = "probity_eval::schemars")]
/// struct Tone {
///     explanation: String,
///     score: f32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let judge = JudgeEval::<str, Tone, _>::new(|_trace, answer| {
///     ModelInput::from_user(format!("Rate the tone of this answer from 0 to 1:\n\n{answer}"))
/// })
/// .max_output_tokens(256)
/// .named("tone");
///
/// let model = ScriptedModel::replies([
///     "Very nice!", // No JSON: sent back.
///     r#"{"explanation": "friendly", "score": 0.9}"#,
/// ]);
/// let llm = Llm::new(Arc::new(model), Budget::unlimited());
/// let answer = Collected::new("Sure, with pleasure!".to_owned(), TraceSnapshot::default());
/// let record = judge.scored_by(maximize(|tone: &Tone| tone.score)).run(&llm, answer).await;
/// assert!(record.passed());
/// # }
/// ```
#[must_use = "evals do nothing unless evaluated"]
pub struct JudgeEval<A: ?Sized, R, F> {
    render: F,
    asking: Asking,
    options: TurnOptions,
    types: PhantomData<fn(&A) -> R>,
}

judge_options!(JudgeEval<A: ?Sized, R, F>);

impl<A, R, F> JudgeEval<A, R, F>
where
    A: ?Sized,
    R: DeserializeOwned,
    F: Fn(&TraceSnapshot, &A) -> ModelInput,
{
    /// Makes a judge that asks what `render` makes of the trace and the artifact, and answers with an `R`.
    pub fn new(render: F) -> Self
    where
        R: JsonSchema,
    {
        Self::of(AnswerSchema::of::<R>(), render)
    }

    /// Makes a judge that is sent a JSON Schema of your own, such as one of another version of `schemars`.
    ///
    /// The schema should say what makes an `R`; a reply that follows it and makes none is sent back too.
    ///
    /// # Errors
    ///
    /// If `schema` is not a valid JSON Schema.
    pub fn with_schema(schema: Value, render: F) -> Result<Self, InvalidSchema> {
        Ok(Self::of(Ok(AnswerSchema::new(short_name::<R>(), schema)?), render))
    }

    fn of(schema: Result<AnswerSchema, InvalidSchema>, render: F) -> Self {
        let (asking, options) = (Asking::new(schema), TurnOptions::default());
        Self { render, asking, options, types: PhantomData }
    }
}

impl<A, R, F> JudgeEval<A, R, F>
where
    A: ?Sized + Sync,
    R: DeserializeOwned + Send,
    F: Fn(&TraceSnapshot, &A) -> ModelInput + Send + Sync,
{
    /// Judges one trace and one artifact: [`Eval::evaluate`], here so that the trait need not be imported.
    ///
    /// # Errors
    ///
    /// If the judge gives no verdict; the artifact is not graded then.
    pub async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &A,
    ) -> Result<R, JudgeError> {
        let name = self.asking.name.as_deref().unwrap_or(short_name::<R>());
        let evaluation = Evaluation::open(ctx, name, "judge");
        let judged = evaluation.run(async {
            let input = (self.render)(trace, artifact);
            let reply = self.asking.ask(&evaluation, &self.options, input, read).await?;
            let (report, told) = reply.value;
            if let Some((score, explanation)) = told {
                let response_id = reply.turn.response_id.as_deref();
                evaluation.tell(&Told { score, label: None, explanation, response_id });
            }
            Ok(report)
        });
        judged.await.inspect_err(|error| evaluation.fail_by(error))
    }
}

/// A score and an explanation, if the reply has a score.
type Noted = Option<(Score, Option<String>)>;

/// Makes the report, and notes what an event shall tell.
fn read<R: DeserializeOwned>(reply: &Value) -> Result<(R, Noted), InvalidAnswer> {
    let noted = note(reply);
    answer_schema::read(reply).map(|report| (report, noted))
}

fn note(reply: &Value) -> Noted {
    let score = reply.get("score")?.as_f64().filter(|score| (0.0..=1.0).contains(score))?;
    let explanation = reply.get("explanation").or_else(|| reply.get("reason"));
    let explanation = explanation.and_then(Value::as_str).map(str::to_owned);
    Some((Score::from_f64_clamped(score), explanation))
}

#[async_trait]
impl<A, R, F> Eval for JudgeEval<A, R, F>
where
    A: ?Sized + Sync,
    R: DeserializeOwned + Send,
    F: Fn(&TraceSnapshot, &A) -> ModelInput + Send + Sync,
{
    type Artifact = A;
    type Report = R;
    type Error = JudgeError;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &A,
    ) -> Result<R, JudgeError> {
        self.evaluate(ctx, trace, artifact).await
    }

    fn name(&self) -> Option<&str> {
        self.asking.name.as_deref()
    }
}

impl<A: ?Sized, R, F: Clone> Clone for JudgeEval<A, R, F> {
    fn clone(&self) -> Self {
        Self {
            render: self.render.clone(),
            asking: self.asking.clone(),
            options: self.options.clone(),
            types: PhantomData,
        }
    }
}

impl<A: ?Sized, R, F> fmt::Debug for JudgeEval<A, R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JudgeEval")
            .field("render", &TypeName::<F>::new())
            .field("asking", &self.asking)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
