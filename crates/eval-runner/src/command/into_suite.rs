//! What may be made into a suite and the settings to run it with.

use std::fmt::Display;

use serde::{Serialize, de::DeserializeOwned};

use crate::{gate::Gate, runner::Runner, suite::Suite};

/// A suite, the settings to run it with, and what it must reach, where arguments say nothing else.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval_runner::{Case, command::Setup, runner::Runner, suite::Suite};
///
/// fn suite() -> Result<Setup<i32, (), i32>, Box<dyn std::error::Error>> {
///     let suite = Suite::new("doubler", [Case::new("two", 2), Case::new("three", 3)])
///         .agent("1", |case: Arc<Case<i32>>| async move { Ok(case.input * 2) });
///     Ok(Setup::new(suite).with_runner(Runner::new().trials(8)).with_gate("each: pass@1 >= 0.6".parse()?))
/// }
/// # assert!(suite().is_ok());
/// ```
#[derive(Debug)]
#[must_use = "a setup does nothing unless it is run"]
pub struct Setup<I, E, A> {
    pub(super) suite: Suite<I, E, A>,
    pub(super) runner: Runner,
    pub(super) gate: Option<Gate>,
}

impl<I, E, A> Setup<I, E, A> {
    /// Makes a setup that runs each case once and asks for nothing.
    pub fn new(suite: Suite<I, E, A>) -> Self {
        Self { suite, runner: Runner::new(), gate: None }
    }

    /// Sets how the suite is run: how often each case, with which limits.
    pub fn with_runner(mut self, runner: Runner) -> Self {
        self.runner = runner;
        self
    }

    /// Sets what the suite must reach.
    pub fn with_gate(mut self, gate: Gate) -> Self {
        self.gate = Some(gate);
        self
    }
}

/// What may be made into a suite that is the target of a command: a [`Suite`], one with a [`Runner`], a [`Setup`], or
/// a result of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no suite that a command can run",
    note = "return a `Suite`, a `(Suite, Runner)`, a `Setup`, or a `Result` of one of these",
    note = "its inputs, expected values and artifacts must be `Serialize + Send + Sync + 'static`, and artifacts `DeserializeOwned`"
)]
pub trait IntoSuite {
    /// What the agent is given.
    type Input: Serialize + Send + Sync + 'static;
    /// What is expected of it.
    type Expected: Serialize + Send + Sync + 'static;
    /// What it makes.
    type Artifact: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Makes the suite.
    ///
    /// # Errors
    ///
    /// What went wrong when the suite was made, in words.
    #[expect(clippy::type_complexity, reason = "a setup has three types")]
    fn into_suite(self) -> Result<Setup<Self::Input, Self::Expected, Self::Artifact>, String>;
}

impl<I, E, A> IntoSuite for Setup<I, E, A>
where
    I: Serialize + Send + Sync + 'static,
    E: Serialize + Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    type Input = I;
    type Expected = E;
    type Artifact = A;

    fn into_suite(self) -> Result<Self, String> {
        Ok(self)
    }
}

impl<I, E, A> IntoSuite for Suite<I, E, A>
where
    I: Serialize + Send + Sync + 'static,
    E: Serialize + Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    type Input = I;
    type Expected = E;
    type Artifact = A;

    fn into_suite(self) -> Result<Setup<I, E, A>, String> {
        Ok(Setup::new(self))
    }
}

impl<I, E, A> IntoSuite for (Suite<I, E, A>, Runner)
where
    I: Serialize + Send + Sync + 'static,
    E: Serialize + Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    type Input = I;
    type Expected = E;
    type Artifact = A;

    fn into_suite(self) -> Result<Setup<I, E, A>, String> {
        Ok(Setup::new(self.0).with_runner(self.1))
    }
}

impl<S: IntoSuite, X: Display> IntoSuite for Result<S, X> {
    type Input = S::Input;
    type Expected = S::Expected;
    type Artifact = S::Artifact;

    fn into_suite(self) -> Result<Setup<S::Input, S::Expected, S::Artifact>, String> {
        // The alternate form of some errors shows their causes too.
        self.map_err(|error| format!("{error:#}"))?.into_suite()
    }
}
