//! The judge that compares two artifacts.

use std::{fmt, marker::PhantomData};

use async_trait::async_trait;
use probity_trace::TraceSnapshot;
use serde_json::Value;
use tracing::Instrument as _;

use super::{
    prompt,
    report::{Ballot, PairwiseReport},
};
use crate::{
    answer_schema::{AnswerSchema, InvalidAnswer},
    eval::Eval,
    judge::{
        asking::{Asking, judge_options},
        error::JudgeError,
        evaluation::{Evaluation, Told},
        exhibit::{Exhibit, Pair},
    },
    llm::Llm,
    model::ModelInput,
    self_scoring::SelfScoring as _,
    turn::TurnOptions,
    type_name::TypeName,
};

/// The name of a pairwise judge that was given none.
const NAME: &str = "pairwise";

/// Says which of two artifacts is better, asked in both orders.
///
/// What wins in both orders wins. A tie in both is a tie, and so is every disagreement between them, which
/// [`PairwiseReport::disagreed`] marks: a judge that goes by the order and not by the artifacts is seen.
///
/// Both orders are asked at the same time, and both cost. If one of them gives no verdict, there is none; where
/// neither does, the error is that of the order in which the first is shown first.
///
/// The artifact is a [`Pair`] of texts; [`showing`](Self::showing) judges anything else that holds two, and shows
/// a task or a reference answer too. As with [`RubricJudge`](crate::RubricJudge) all of them stand between
/// tags, and what looks like such a tag in them is defused.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{
///     Budget, Eval as _, Llm, PairwiseJudge,
///     judge::{Pair, Position, Preference},
///     scripted::ScriptedModel,
/// };
/// use probity_trace::TraceSnapshot;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::JudgeError> {
/// let judge = PairwiseJudge::new("Which answer is easier to follow?");
///
/// // A model that prefers what it is shown first, whatever that is.
/// let model = ScriptedModel::replies([
///     r#"{"reason": "the first one is short", "winner": "answer_1"}"#,
///     r#"{"reason": "the first one is thorough", "winner": "answer_1"}"#,
/// ]);
/// let llm = Llm::new(Arc::new(model), Budget::unlimited());
/// let pair = Pair::new("Oslo.".to_owned(), "It is Oslo, the capital of Norway.".to_owned());
/// let report = judge.evaluate(&llm, &TraceSnapshot::default(), &pair).await?;
/// assert_eq!((report.winner, report.disagreed), (Preference::Tie, true));
/// assert_eq!(report.favored_position(), Some(Position::First));
/// # Ok(())
/// # }
/// ```
#[must_use = "evals do nothing unless evaluated"]
pub struct PairwiseJudge<
    A: ?Sized = Pair<String>,
    F = fn(&TraceSnapshot, &Pair<String>) -> Exhibit<Pair<String>>,
> {
    render: F,
    instructions: String,
    asking: Asking,
    options: TurnOptions,
    artifact: PhantomData<fn(&A)>,
}

judge_options!(PairwiseJudge<A: ?Sized, F>);

impl PairwiseJudge {
    /// Makes a judge of pairs of texts that asks this: "Which answer is easier to follow?"
    pub fn new(question: impl AsRef<str>) -> Self {
        Self {
            render: |_, pair| Exhibit::pair(&*pair.first, &*pair.second),
            instructions: prompt::instructions(question.as_ref()),
            asking: Asking::new(AnswerSchema::new(NAME, prompt::schema())),
            options: TurnOptions::default(),
            artifact: PhantomData,
        }
    }
}

impl<A: ?Sized, F> PairwiseJudge<A, F> {
    /// Judges artifacts of another type: `render` says what the judge is shown of them.
    pub fn showing<B, G>(self, render: G) -> PairwiseJudge<B, G>
    where
        B: ?Sized,
        G: Fn(&TraceSnapshot, &B) -> Exhibit<Pair<String>>,
    {
        let Self { instructions, asking, options, .. } = self;
        PairwiseJudge { render, instructions, asking, options, artifact: PhantomData }
    }
}

impl<A: ?Sized, F: Sync> PairwiseJudge<A, F> {
    /// Asks in one order, in a span of its own, so that the two can be told apart.
    async fn ask(
        &self,
        evaluation: &Evaluation<'_>,
        order: &'static str,
        input: ModelInput,
        read: fn(&Value) -> Result<Ballot, InvalidAnswer>,
    ) -> Result<Ballot, JudgeError> {
        let span = tracing::info_span!("pairwise_order", probity.judge.order = order);
        let asked = self.asking.ask(evaluation, &self.options, input, read);
        asked.instrument(span).await.map(|reply| reply.value)
    }
}

#[async_trait]
impl<A, F> Eval for PairwiseJudge<A, F>
where
    A: ?Sized + Sync,
    F: Fn(&TraceSnapshot, &A) -> Exhibit<Pair<String>> + Send + Sync,
{
    type Artifact = A;
    type Report = PairwiseReport;
    type Error = JudgeError;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &A,
    ) -> Result<PairwiseReport, JudgeError> {
        let name = self.asking.name.as_deref().unwrap_or(NAME);
        let evaluation = Evaluation::open(ctx, name, "pairwise_judge");
        let judged = evaluation.run(async {
            let exhibit = (self.render)(trace, artifact);
            let [in_order, swapped] = prompt::inputs(&self.instructions, &exhibit);
            let (in_order, swapped) = futures::join!(
                self.ask(&evaluation, "in_order", in_order, prompt::read),
                self.ask(&evaluation, "swapped", swapped, prompt::read_swapped),
            );
            let report = PairwiseReport::new(in_order?, swapped?, evaluation.corrections());
            evaluation.tell(&Told {
                score: report.score(),
                label: Some(report.winner.as_str()),
                explanation: Some(report.to_string()),
                response_id: None,
            });
            Ok(report)
        });
        judged.await.inspect_err(|error| evaluation.fail_by(error))
    }

    fn name(&self) -> Option<&str> {
        self.asking.name.as_deref()
    }
}

impl<A: ?Sized, F: Clone> Clone for PairwiseJudge<A, F> {
    fn clone(&self) -> Self {
        Self {
            render: self.render.clone(),
            instructions: self.instructions.clone(),
            asking: self.asking.clone(),
            options: self.options.clone(),
            artifact: PhantomData,
        }
    }
}

impl<A: ?Sized, F> fmt::Debug for PairwiseJudge<A, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PairwiseJudge")
            .field("render", &TypeName::<F>::new())
            .field("instructions", &self.instructions)
            .field("asking", &self.asking)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
