//! Building a suite.

use std::{
    collections::HashSet,
    fmt::{self, Display},
    panic::AssertUnwindSafe,
    sync::Arc,
};

use futures::{FutureExt as _, future::BoxFuture};
use probity_eval::{Eval, EvalExt as _, Llm, Scored};
use probity_trace::{Panicked, TraceSnapshot};
use serde::Serialize;

use super::{
    answer::Answer,
    fingerprint::{Fingerprint, Fingerprints},
    graded::{EvalName, Forgetful, Judgment, NamedEval, Verdict},
};
use crate::{case::Case, trials::TrialError};

/// Cases that have no agent yet.
#[derive(Debug, Clone)]
#[must_use = "a suite needs an agent"]
pub struct SuiteDraft<I, E> {
    name: String,
    cases: Vec<Case<I, E>>,
}

/// Cases, an agent, and evals that judge what it makes.
///
/// # Examples
///
/// ```
/// use std::{convert::Infallible, sync::Arc};
///
/// use probity_eval::{PureEvalExt as _, from_fn, pass_fail};
/// use probity_eval_runner::{
///     Case,
///     suite::{Answer, Suite},
/// };
///
/// let cases = [Case::new("two", 2).with_expected(4), Case::new("three", 3).with_expected(9)];
/// let right = from_fn(|_, answer: &Answer<i32, i32, i32>| {
///     Ok::<_, Infallible>(answer.case.expected == Some(answer.artifact))
/// });
/// let suite = Suite::new("squares", cases)
///     .agent("1", |case: Arc<Case<i32, i32>>| async move { Ok(case.input * case.input) })
///     .eval("right", right.scored_by(pass_fail(|right: &bool| *right)).lift());
/// assert!(suite.check().is_ok());
/// ```
#[must_use = "a suite does nothing unless run"]
pub struct Suite<I, E, A> {
    pub(super) name: String,
    pub(super) cases: Vec<Arc<Case<I, E>>>,
    pub(super) agent: AgentFn<I, E, A>,
    pub(super) agent_version: String,
    pub(super) evals: Vec<NamedEval<I, E, A>>,
    pub(super) llm: Llm,
}

type AgentFn<I, E, A> =
    Arc<dyn Fn(Arc<Case<I, E>>) -> BoxFuture<'static, Result<A, TrialError>> + Send + Sync>;

/// Why a suite cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuiteError {
    /// A name is empty.
    #[error("{what} has no name")]
    #[non_exhaustive]
    NoName {
        /// What has none: the suite, a case, an eval.
        what: &'static str,
    },
    /// Two cases or two evals have one name.
    #[error("two {what} are named {name:?}; each needs a name of its own")]
    #[non_exhaustive]
    Duplicate {
        /// What has the name twice: cases or evals.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// There are no cases.
    #[error("suite {suite:?} has no cases")]
    #[non_exhaustive]
    NoCases {
        /// The suite.
        suite: String,
    },
    /// A case cannot be fingerprinted.
    #[error("case {case:?} cannot be written as JSON")]
    #[non_exhaustive]
    NotJson {
        /// The case.
        case: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

impl<I, E> Suite<I, E, ()> {
    /// Begins a suite of these cases.
    #[expect(clippy::new_ret_no_self, reason = "a suite is whole once it has an agent")]
    pub fn new(
        name: impl Into<String>,
        cases: impl IntoIterator<Item = Case<I, E>>,
    ) -> SuiteDraft<I, E> {
        SuiteDraft { name: name.into(), cases: cases.into_iter().collect() }
    }
}

impl<I, E> SuiteDraft<I, E>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    /// Gives the suite its agent: a closure that is called with the case of each trial and gives the artifact
    /// that the evals judge.
    ///
    /// The version says which agent it is: change it when the agent changes, and stored trials of the old one are
    /// not taken for the new one's. A commit, a name of a model and a number are all good versions.
    pub fn agent<A, F, Fut>(self, version: impl Into<String>, agent: F) -> Suite<I, E, A>
    where
        F: Fn(Arc<Case<I, E>>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<A, TrialError>> + Send + 'static,
        A: Send + Sync + 'static,
    {
        Suite {
            name: self.name,
            cases: self.cases.into_iter().map(Arc::new).collect(),
            agent: Arc::new(move |case| agent(case).boxed()),
            agent_version: version.into(),
            evals: Vec::new(),
            llm: Llm::without_model(),
        }
    }
}

impl<I, E, A> Suite<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Send + Sync + 'static,
{
    /// Adds an eval that judges the artifact beside its case.
    ///
    /// The name may come with a version, as in `("polite", "2")`: change it when the eval changes, and stored trials
    /// are scored anew.
    pub fn eval<R, V>(mut self, name: impl Into<EvalName>, eval: V) -> Self
    where
        V: Eval<Artifact = Answer<I, E, A>, Report = Scored<R>, Error: Display> + 'static,
        R: Serialize + Send,
    {
        let judge = Arc::new(Forgetful(eval));
        self.evals.push(NamedEval { name: name.into(), judge });
        self
    }

    /// Adds an eval that judges the artifact alone.
    ///
    /// One that judges a part of it comes here through
    /// [`contramap_artifact`](probity_eval::EvalExt::contramap_artifact).
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use probity_eval::{PureEvalExt as _, checks::{contains, tool_used}};
    /// use probity_eval_runner::{Case, Suite};
    ///
    /// struct Reply {
    ///     text: String,
    /// }
    ///
    /// let polite = contains("please").scored().contramap_artifact(|reply: &Reply| &*reply.text);
    /// let suite = Suite::new("service", [Case::new("refund", "My lamp is broken.")])
    ///     .agent("1", |_: Arc<Case<&str>>| async { Ok(Reply { text: "Wait, please.".to_owned() }) })
    ///     .artifact_eval("polite", polite.lift())
    ///     .artifact_eval("searched", tool_used("search").scored().lift());
    /// assert!(suite.check().is_ok());
    /// ```
    pub fn artifact_eval<R, V>(self, name: impl Into<EvalName>, eval: V) -> Self
    where
        V: Eval<Artifact = A, Report = Scored<R>, Error: Display> + 'static,
        R: Serialize + Send,
    {
        self.eval(name, eval.contramap_artifact(|answer: &Answer<I, E, A>| &answer.artifact))
    }

    /// Adds an eval that judges the artifact as a text, such as the checks of texts do.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use probity_eval::{PureEvalExt as _, checks::contains};
    /// use probity_eval_runner::{Case, Suite};
    ///
    /// let suite = Suite::new("geography", [Case::new("capital", "What is the capital of France?")])
    ///     .agent("1", |_: Arc<Case<&str>>| async { Ok("It is Paris.".to_owned()) })
    ///     .text_eval("names Paris", contains("Paris").scored().lift());
    /// assert!(suite.check().is_ok());
    /// ```
    pub fn text_eval<R, V>(self, name: impl Into<EvalName>, eval: V) -> Self
    where
        A: AsRef<str>,
        V: Eval<Artifact = str, Report = Scored<R>, Error: Display> + 'static,
        R: Serialize + Send,
    {
        self.artifact_eval(name, eval.contramap_artifact(|artifact: &A| artifact.as_ref()))
    }

    /// Sets the context that evals are given, with the model of the judges: each trial its own [fork](Llm::fork), by the
    /// seed of the trial.
    pub fn judge_llm(mut self, llm: Llm) -> Self {
        self.llm = llm;
        self
    }

    /// Checks that the suite can be run.
    ///
    /// # Errors
    ///
    /// If there are no cases, or a name is empty or there twice.
    pub fn check(&self) -> Result<(), SuiteError> {
        if self.name.is_empty() {
            return Err(SuiteError::NoName { what: "the suite" });
        }
        if self.cases.is_empty() {
            return Err(SuiteError::NoCases { suite: self.name.clone() });
        }
        check_names(("a case", "cases"), self.cases.iter().map(|case| &*case.id))?;
        check_names(("an eval", "evals"), self.evals.iter().map(|eval| &*eval.name.name))
    }

    /// Returns the fingerprints of what the suite runs.
    ///
    /// # Errors
    ///
    /// If the input of a case, or what is expected, cannot be written as JSON.
    pub fn fingerprints(&self) -> Result<Fingerprints, SuiteError>
    where
        I: Serialize,
        E: Serialize,
    {
        let not_json = |case: &str| {
            let case = case.to_owned();
            move |source| SuiteError::NotJson { case, source }
        };
        let evals: Vec<_> =
            self.evals.iter().map(|eval| (&eval.name.name, &eval.name.version)).collect();
        let cases = self.cases.iter().map(|case| {
            Fingerprint::of(&(&case.input, &case.expected, &case.metadata))
                .map_err(not_json(&case.id))
        });
        Ok(Fingerprints {
            agent: Fingerprint::of(&(&self.name, &self.agent_version)).map_err(not_json(""))?,
            evals: Fingerprint::of(&evals).map_err(not_json(""))?,
            cases: cases.collect::<Result<_, _>>()?,
        })
    }
}

impl<I, E, A> Suite<I, E, A> {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the version of the agent.
    pub fn agent_version(&self) -> &str {
        &self.agent_version
    }

    /// Returns the cases.
    pub fn cases(&self) -> &[Arc<Case<I, E>>] {
        &self.cases
    }

    /// Returns whether there are evals; without any, a trial passes if it gives an artifact.
    pub fn has_evals(&self) -> bool {
        !self.evals.is_empty()
    }

    /// Calls the agent.
    pub(crate) fn start(&self, case: Arc<Case<I, E>>) -> BoxFuture<'static, Result<A, TrialError>> {
        (self.agent)(case)
    }

    /// Judges one artifact by every eval, one after the other. An eval that panics has not graded it.
    ///
    /// The evals are given a [fork](Llm::fork) of the context by the seed of the trial, so that what judges say does not
    /// depend on which trial ends first.
    pub async fn judge(
        &self,
        seed: u64,
        trace: &TraceSnapshot,
        answer: &Answer<I, E, A>,
    ) -> Vec<Judgment>
    where
        I: Sync,
        E: Sync,
        A: Sync,
    {
        let llm = self.llm.fork(seed);
        let mut judgments = Vec::with_capacity(self.evals.len());
        for eval in &self.evals {
            let judging = eval.judge.judge(&llm, trace, answer);
            let verdict = AssertUnwindSafe(judging).catch_unwind().await;
            let verdict = verdict.unwrap_or_else(|panic| Verdict::panicked(&Panicked::from(panic)));
            judgments.push(Judgment { eval: eval.name.name.clone(), verdict });
        }
        judgments
    }
}

impl<I, E, A> fmt::Debug for Suite<I, E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let evals: Vec<_> = self.evals.iter().map(|eval| &eval.name).collect();
        f.debug_struct("Suite")
            .field("name", &self.name)
            .field("cases", &self.cases.len())
            .field("agent_version", &self.agent_version)
            .field("evals", &evals)
            .finish_non_exhaustive()
    }
}

fn check_names<'a>(
    (one, many): (&'static str, &'static str),
    names: impl Iterator<Item = &'a str>,
) -> Result<(), SuiteError> {
    let mut seen = HashSet::new();
    for name in names {
        if name.is_empty() {
            return Err(SuiteError::NoName { what: one });
        }
        if !seen.insert(name) {
            return Err(SuiteError::Duplicate { what: many, name: name.to_owned() });
        }
    }
    Ok(())
}
