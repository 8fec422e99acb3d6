//! A suite whose types were forgotten, so that what follows is compiled once.

use futures::{FutureExt as _, future::BoxFuture};
use serde::{Serialize, de::DeserializeOwned};

use super::{error::CommandError, into_suite::IntoSuite, name::test_name};
use crate::{
    case::Case,
    gate::Gate,
    runner::{Preview, RunError, Runner, SuiteRun},
    suite::{Fingerprint, Suite},
};

/// A suite to run, and what it says of how to run it.
pub(super) struct Job {
    /// The name of the suite.
    pub(super) name: String,
    /// The cases that the suite's settings choose, in its order, each with its fingerprint in place of its input.
    pub(super) cases: Vec<Case<Fingerprint>>,
    /// How it is run, where arguments say nothing else.
    pub(super) runner: Runner,
    /// What it must reach, where arguments say nothing else.
    pub(super) gate: Option<Gate>,
    suite: Box<dyn AnySuite>,
}

/// What can be done with a suite of any types.
trait AnySuite: Send + Sync {
    fn preview<'a>(&'a self, runner: &'a Runner) -> BoxFuture<'a, Result<Preview, RunError>>;

    fn run(self: Box<Self>, runner: Runner) -> BoxFuture<'static, Result<SuiteRun, RunError>>;
}

impl Job {
    /// Makes a job of what a user's function returned.
    pub(super) fn new(made: impl IntoSuite) -> Result<Self, CommandError> {
        let setup = made.into_suite().map_err(CommandError::usage)?;
        let suite = setup.suite;
        suite.check().map_err(|error| CommandError::wrong(&error))?;
        let prints = suite.fingerprints().map_err(|error| CommandError::wrong(&error))?;
        let chosen = setup.runner.selection.indices(suite.cases());
        let chosen = chosen.map_err(|error| CommandError::wrong(&error))?;
        let cases = chosen.into_iter().filter_map(|place| {
            let (case, print) = (suite.cases().get(place)?, prints.cases.get(place)?);
            let known = Case::new(&case.id, print.clone()).with_tags(case.tags.iter().cloned());
            Some(Case { group: case.group.clone(), ..known })
        });
        Ok(Self {
            name: suite.name().to_owned(),
            cases: cases.collect(),
            runner: setup.runner,
            gate: setup.gate,
            suite: Box::new(suite),
        })
    }

    /// Returns the name of a case as a test.
    pub(super) fn test_name(&self, case: &str) -> String {
        test_name(&self.name, case)
    }

    /// Says what running the suite would do.
    pub(super) async fn preview(&self, runner: &Runner) -> Result<Preview, RunError> {
        self.suite.preview(runner).await
    }

    /// Runs the suite.
    pub(super) async fn run(self, runner: Runner) -> Result<SuiteRun, RunError> {
        self.suite.run(runner).await
    }
}

impl<I, E, A> AnySuite for Suite<I, E, A>
where
    I: Serialize + Send + Sync + 'static,
    E: Serialize + Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn preview<'a>(&'a self, runner: &'a Runner) -> BoxFuture<'a, Result<Preview, RunError>> {
        runner.preview(self).boxed()
    }

    fn run(self: Box<Self>, runner: Runner) -> BoxFuture<'static, Result<SuiteRun, RunError>> {
        async move { runner.run(*self).await }.boxed()
    }
}
