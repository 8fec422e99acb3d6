//! Several judges that come to one verdict.

use std::{collections::HashSet, error::Error, sync::Arc};

use async_trait::async_trait;
use futures::future::join_all;
use probity_trace::TraceSnapshot;
use tracing::Instrument as _;

use super::{
    error::PanelError,
    member::Member,
    report::{MemberReport, MemberVerdict, PanelReport},
    rule::PanelRule,
};
use crate::{
    eval::Eval,
    excerpt::Excerpt,
    judge::evaluation::{Evaluation, Told},
    llm::Llm,
    scored::Scored,
};

/// The name of a panel that was given none.
const NAME: &str = "panel";

type BoxError = Box<dyn Error + Send + Sync>;

/// What a member found, and its error if it did not grade.
type Asked<R> = (MemberReport<R>, Option<Arc<dyn Error + Send + Sync>>);

/// Asks several judges, and comes to one verdict.
///
/// The members are scored evals of one type; [`in_words`](crate::EvalExt::in_words) and
/// [`boxed`](crate::EvalExt::boxed) make different ones alike, as for [`all_of`](crate::all_of). All
/// judge at the same time, each with a model of its own or with that of the context, and all cost.
///
/// A member that errs has not graded: it is counted and shown, and has no vote. There is a verdict if more
/// than half of the members graded, or as many as [`with_quorum`](Self::with_quorum) says; otherwise the
/// artifact is not graded ([`PanelError::NoQuorum`], which keeps the errors of the members).
///
/// | made by | passes where, of the members that graded | score |
/// |---|---|---|
/// | [`majority`](Self::majority) | more than half pass; a tie does not pass, and is marked | the share that passes |
/// | [`mean`](Self::mean) | the mean of the scores is 0.5 or more | that mean |
/// | [`unanimous`](Self::unanimous) | all pass | the lowest |
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{
///     Budget, Eval as _, EvalExt as _, Llm, Panel, RubricJudge,
///     judge::{Criterion, Member},
///     scripted::ScriptedModel,
/// };
/// use probity_trace::TraceSnapshot;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let says = |verdict: &str| {
///     let reply = format!(r#"{{"polite": {{"reason": "-", "verdict": "{verdict}"}}}}"#);
///     Llm::new(Arc::new(ScriptedModel::replies([reply])), Budget::unlimited())
/// };
/// let judge = RubricJudge::new([Criterion::new("polite", "The answer thanks the user.")])?.scored();
/// let panel = Panel::majority([
///     Member::new("small", judge.clone()).with_llm(says("no")),
///     Member::new("medium", judge.clone()).with_llm(says("yes")),
///     Member::new("large", judge).with_llm(says("yes")),
/// ]);
///
/// let llm = Llm::without_model();
/// let report = panel.evaluate(&llm, &TraceSnapshot::default(), "Thank you!").await?;
/// assert!(report.passed);
/// assert_eq!(report.member("small").unwrap().scored().unwrap().score.value(), 0.0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Panel<E> {
    name: Option<String>,
    rule: PanelRule,
    members: Vec<Member<E>>,
    quorum: Option<usize>,
}

impl<E> Panel<E> {
    /// Makes a panel of which more than half must pass an artifact.
    pub fn majority(members: impl IntoIterator<Item = Member<E>>) -> Self {
        Self::of(PanelRule::Majority, members)
    }

    /// Makes a panel that scores the mean of its members' scores.
    pub fn mean(members: impl IntoIterator<Item = Member<E>>) -> Self {
        Self::of(PanelRule::Mean, members)
    }

    /// Makes a panel of which all must pass an artifact.
    pub fn unanimous(members: impl IntoIterator<Item = Member<E>>) -> Self {
        Self::of(PanelRule::Unanimous, members)
    }

    fn of(rule: PanelRule, members: impl IntoIterator<Item = Member<E>>) -> Self {
        Self { name: None, rule, members: members.into_iter().collect(), quorum: None }
    }

    /// Sets how many members must grade for a verdict; more than half unless set.
    ///
    /// A quorum of 0 or of more members than there are makes every verdict an error.
    pub fn with_quorum(self, members: usize) -> Self {
        Self { quorum: Some(members), ..self }
    }

    /// Gives the panel a name: that of its span, and the one under which lists of evals report it.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Checks the panel before any member is asked, and returns the quorum.
    fn check(&self) -> Result<usize, PanelError> {
        let members = self.members.len();
        if members == 0 {
            return Err(PanelError::Empty);
        }
        let mut names = HashSet::new();
        if let Some(again) = self.members.iter().find(|member| !names.insert(&member.name)) {
            return Err(PanelError::RepeatedName { name: again.name.clone() });
        }
        let quorum = self.quorum.unwrap_or(members / 2 + 1);
        if (1..=members).contains(&quorum) {
            Ok(quorum)
        } else {
            Err(PanelError::InvalidQuorum { quorum, members })
        }
    }

    fn verdict<R>(
        &self,
        quorum: usize,
        asked: Vec<Asked<R>>,
    ) -> Result<PanelReport<R>, PanelError> {
        let (members, errors): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
        let votes = members.iter().filter_map(MemberReport::scored);
        let votes: Vec<_> = votes.map(|scored| (scored.score, scored.passed)).collect();
        if votes.len() < quorum {
            let members = members.into_iter().map(MemberReport::bare).collect();
            let (graded, errors) = (votes.len(), errors.into_iter().flatten().collect());
            return Err(PanelError::NoQuorum { graded, quorum, members, errors });
        }
        Ok(PanelReport::new(self.rule, &self.rule.verdict(&votes), members))
    }
}

/// Asks one member.
async fn ask<E, R>(
    member: &Member<E>,
    ctx: &Llm,
    trace: &TraceSnapshot,
    artifact: &E::Artifact,
) -> Asked<R>
where
    E: Eval<Report = Scored<R>, Error: Into<BoxError>>,
{
    let llm = member.llm.as_ref().unwrap_or(ctx);
    let (verdict, error) = match member.eval.evaluate(llm, trace, artifact).await {
        Ok(scored) => (MemberVerdict::Graded(scored), None),
        Err(error) => {
            let error: BoxError = error.into();
            let told = MemberVerdict::NotGraded { error: Excerpt::of(&error.to_string()) };
            (told, Some(error.into()))
        }
    };
    let model = llm.model().map(|model| model.name().to_owned());
    (MemberReport { name: member.name.clone(), model, verdict }, error)
}

#[async_trait]
impl<E, R> Eval for Panel<E>
where
    E: Eval<Report = Scored<R>, Error: Into<BoxError>>,
    R: Send,
{
    type Artifact = E::Artifact;
    type Report = PanelReport<R>;
    type Error = PanelError;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<PanelReport<R>, PanelError> {
        let evaluation = Evaluation::open(ctx, self.name.as_deref().unwrap_or(NAME), "panel");
        let judged = evaluation.run(async {
            let quorum = self.check()?;
            let asked = self.members.iter().map(|member| {
                let span = tracing::info_span!("panel_member", probity.panel.member = member.name);
                ask(member, ctx, trace, artifact).instrument(span)
            });
            let report = self.verdict(quorum, join_all(asked).await)?;
            evaluation.tell(&Told {
                score: report.score,
                label: Some(if report.passed { "pass" } else { "fail" }),
                explanation: Some(report.to_string()),
                response_id: None,
            });
            Ok(report)
        });
        judged.await.inspect_err(|error: &PanelError| {
            evaluation.fail(error.error_type(), error.without_members());
        })
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}
