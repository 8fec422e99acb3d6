//! What the tests build on: a verdict, a judge that gives it, and models that answer by a script.

use std::{fmt, sync::Arc};

use probity_eval::{
    Budget, EvalExt as _, JudgeEval, Llm, ModelInput, RetryPolicy, RubricJudge,
    combinators::SelfScored, judge::Criterion, schemars, scripted::ScriptedModel,
};
use probity_trace::{TraceSnapshot, genai::Message};
use serde::{Deserialize, Serialize};

/// What the judge of these tests finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(crate = "probity_eval::schemars")]
pub(crate) struct Verdict {
    pub(crate) score: f32,
    pub(crate) explanation: String,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.score, self.explanation)
    }
}

pub(crate) const GOOD: &str = r#"{"score": 0.75, "explanation": "kind"}"#;

pub(crate) type Render = fn(&TraceSnapshot, &str) -> ModelInput;

pub(crate) fn judge() -> JudgeEval<str, Verdict, Render> {
    JudgeEval::new(|_, answer| ModelInput::from_user(format!("Rate this: {answer}")))
}

/// A judge of one question, scored, for panels.
pub(crate) fn polite() -> SelfScored<RubricJudge> {
    RubricJudge::new([Criterion::new("polite", "The answer thanks the user.")]).unwrap().scored()
}

/// What a judge of [`polite`] replies.
pub(crate) fn polite_reply(verdict: &str) -> String {
    format!(r#"{{"polite": {{"reason": "because", "verdict": "{verdict}"}}}}"#)
}

/// A context that asks this model once for each call, without limits.
pub(crate) fn llm(model: &ScriptedModel) -> Llm {
    Llm::new(Arc::new(model.clone()), Budget::unlimited()).with_retry(RetryPolicy::never())
}

pub(crate) fn trace() -> TraceSnapshot {
    TraceSnapshot::default()
}

/// The messages of one of the requests that a model got.
pub(crate) fn messages(model: &ScriptedModel, request: usize) -> Vec<Message> {
    model.requests()[request].input.messages.clone()
}

/// The text of the last message of a request.
pub(crate) fn last_text(model: &ScriptedModel, request: usize) -> String {
    messages(model, request).last().unwrap().content()
}
