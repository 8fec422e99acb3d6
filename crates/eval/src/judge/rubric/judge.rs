//! The judge that rates an artifact by named criteria.

use std::{fmt, marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use probity_trace::TraceSnapshot;
use serde_json::Value;

use super::{
    criterion::Criterion, error::InvalidRubric, keys, prompt, read, report::RubricReport, schema,
};
use crate::{
    answer_schema::AnswerSchema,
    eval::Eval,
    judge::{
        asking::{Asking, judge_options},
        error::JudgeError,
        evaluation::{Evaluation, Told},
        exhibit::Exhibit,
    },
    llm::Llm,
    turn::TurnOptions,
    type_name::TypeName,
};

/// The name of a rubric judge that was given none.
const NAME: &str = "rubric";

/// Rates an artifact by named criteria: for each a reason and a score, and their weighted mean.
///
/// The JSON Schema of the reply is made of the criteria, so that each is answered once and no score is out of
/// range; the reason comes before the verdict, so that the judge thinks first. A reply of another shape is
/// sent back, as [`JudgeEval`](crate::JudgeEval) does.
///
/// The artifact is a text; [`showing`](Self::showing) judges anything else, and shows a task or a reference
/// answer too. All of them stand between tags, what looks like such a tag in them is defused, and the judge is
/// told that what is between tags is data. That makes instructions in an artifact less likely to move the
/// judge; it does not make it impossible.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{
///     Budget, Eval as _, Llm, RubricJudge,
///     judge::{Criterion, Exhibit},
///     scripted::ScriptedModel,
/// };
/// use probity_trace::TraceSnapshot;
///
/// struct Answered {
///     question: String,
///     answer: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let judge = RubricJudge::new([
///     Criterion::new("correct", "The answer names the capital of the country that is asked about."),
///     Criterion::new("brief", "The answer has one sentence."),
/// ])?
/// .showing(|_trace, answered: &Answered| {
///     Exhibit::new(&answered.answer).with_task(&answered.question)
/// });
///
/// let model = ScriptedModel::replies([r#"{
///     "correct": {"reason": "Oslo is the capital of Norway", "verdict": "yes"},
///     "brief": {"reason": "there are two sentences", "verdict": "no"}
/// }"#]);
/// let llm = Llm::new(Arc::new(model), Budget::unlimited());
/// let answered = Answered {
///     question: "What is the capital of Norway?".to_owned(),
///     answer: "Good question. It is Oslo.".to_owned(),
/// };
/// let report = judge.evaluate(&llm, &TraceSnapshot::default(), &answered).await?;
/// assert_eq!(report.score.value(), 0.5);
/// assert_eq!(report.criteria[1].reason, "there are two sentences");
/// # Ok(())
/// # }
/// ```
#[must_use = "evals do nothing unless evaluated"]
pub struct RubricJudge<A: ?Sized = str, F = fn(&TraceSnapshot, &str) -> Exhibit> {
    render: F,
    rubric: Arc<Rubric>,
    asking: Asking,
    options: TurnOptions,
    artifact: PhantomData<fn(&A)>,
}

judge_options!(RubricJudge<A: ?Sized, F>);

/// The criteria, each with the key under which it is answered, and what the judge is told.
#[derive(Debug)]
struct Rubric {
    criteria: Vec<(String, Criterion)>,
    instructions: String,
}

impl RubricJudge {
    /// Makes a judge of texts by these criteria.
    ///
    /// # Errors
    ///
    /// If there are no criteria, or one has no name, a name that another has, no description, a weight that
    /// is no number from 0 on, or fewer than two points; or if all weights are 0.
    pub fn new(criteria: impl IntoIterator<Item = Criterion>) -> Result<Self, InvalidRubric> {
        let criteria: Vec<_> = criteria.into_iter().collect();
        schema::check(&criteria)?;
        let keys = keys::of(criteria.iter().map(|criterion| &*criterion.name));
        let criteria: Vec<_> = keys.into_iter().zip(criteria).collect();
        let asking = Asking::new(AnswerSchema::new(NAME, schema::of(&criteria)));
        let instructions = prompt::instructions(&criteria);
        let rubric = Arc::new(Rubric { criteria, instructions });
        let options = TurnOptions::default();
        Ok(Self {
            render: |_, text| Exhibit::new(text),
            rubric,
            asking,
            options,
            artifact: PhantomData,
        })
    }
}

impl<A: ?Sized, F> RubricJudge<A, F> {
    /// Judges artifacts of another type: `render` says what the judge is shown of them.
    pub fn showing<B, G>(self, render: G) -> RubricJudge<B, G>
    where
        B: ?Sized,
        G: Fn(&TraceSnapshot, &B) -> Exhibit,
    {
        let Self { rubric, asking, options, .. } = self;
        RubricJudge { render, rubric, asking, options, artifact: PhantomData }
    }
}

#[async_trait]
impl<A, F> Eval for RubricJudge<A, F>
where
    A: ?Sized + Sync,
    F: Fn(&TraceSnapshot, &A) -> Exhibit + Send + Sync,
{
    type Artifact = A;
    type Report = RubricReport;
    type Error = JudgeError;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &A,
    ) -> Result<RubricReport, JudgeError> {
        let name = self.asking.name.as_deref().unwrap_or(NAME);
        let evaluation = Evaluation::open(ctx, name, "rubric_judge");
        let judged = evaluation.run(async {
            let Rubric { criteria, instructions } = &*self.rubric;
            let input = prompt::input(instructions, &(self.render)(trace, artifact));
            let read = |answers: &Value| read::read(criteria, answers);
            let reply = self.asking.ask(&evaluation, &self.options, input, read).await?;
            let report = RubricReport { corrections: evaluation.corrections(), ..reply.value };
            evaluation.tell(&Told {
                score: report.score,
                label: None,
                explanation: Some(report.to_string()),
                response_id: reply.turn.response_id.as_deref(),
            });
            Ok(report)
        });
        judged.await.inspect_err(|error| evaluation.fail_by(error))
    }

    fn name(&self) -> Option<&str> {
        self.asking.name.as_deref()
    }
}

impl<A: ?Sized, F: Clone> Clone for RubricJudge<A, F> {
    fn clone(&self) -> Self {
        Self {
            render: self.render.clone(),
            rubric: Arc::clone(&self.rubric),
            asking: self.asking.clone(),
            options: self.options.clone(),
            artifact: PhantomData,
        }
    }
}

impl<A: ?Sized, F> fmt::Debug for RubricJudge<A, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RubricJudge")
            .field("render", &TypeName::<F>::new())
            .field("rubric", &self.rubric)
            .field("asking", &self.asking)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
