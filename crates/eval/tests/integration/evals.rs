//! Evals that the tests build on, one of each kind.

use std::convert::Infallible;

use async_trait::async_trait;
use probity_eval::{Eval, Llm, PureEval};
use probity_trace::TraceSnapshot;

/// Reports how many characters an answer has.
#[derive(Clone, Debug)]
pub(crate) struct ResponseLength;

impl PureEval for ResponseLength {
    type Artifact = String;
    type Report = usize;
    type Error = Infallible;

    fn evaluate(&self, _trace: &TraceSnapshot, artifact: &String) -> Result<usize, Infallible> {
        Ok(artifact.chars().count())
    }
}

/// Reports how many words an answer has, once it has waited, and errs where there are none.
#[derive(Clone, Debug)]
pub(crate) struct SlowWords;

#[async_trait]
impl Eval for SlowWords {
    type Artifact = String;
    type Report = usize;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    async fn evaluate(
        &self,
        _llm: &Llm,
        _trace: &TraceSnapshot,
        artifact: &String,
    ) -> Result<usize, Self::Error> {
        tokio::task::yield_now().await;
        match artifact.split_whitespace().count() {
            0 => Err("no words".into()),
            words => Ok(words),
        }
    }
}

/// Brings a number of words or characters to 0..=1, with ten as the highest.
#[expect(clippy::cast_precision_loss, reason = "the answers of these tests are short")]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "an objective is given a reference")]
pub(crate) fn out_of_ten(count: &usize) -> f32 {
    (*count).min(10) as f32 / 10.0
}
