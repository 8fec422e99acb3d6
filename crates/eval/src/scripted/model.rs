//! The model that answers by a script.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    fault::Fault,
    headers::Headers,
    progress::Progress,
    random::Random,
    reply::Reply,
    script::{Script, WhenUsedUp},
    turn::Turn,
};
use crate::model::ModelRequest;

/// A model that answers by a script: a list of replies, or a closure.
///
/// Deterministic: the same script, seed and requests give the same answers on every machine. Each
/// request takes the next reply, one that is sent again after an error too. Clones share the script,
/// their place in it, and the [`requests`](ScriptedModel::requests) that they got, so that a test keeps
/// one and looks at it afterwards.
///
/// Where turns run at once, the order in which they ask is the order of the replies. What shall not depend
/// on that order asks a [`fork`](ScriptedModel::fork) each, or says a
/// [seed](crate::TextTurn::seed) each, where the replies come from a closure.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{Budget, Llm, scripted::ScriptedModel};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::TurnError> {
/// let model = ScriptedModel::replies(["Paris", "Oslo"]);
/// let llm = Llm::new(Arc::new(model.clone()), Budget::unlimited());
///
/// assert_eq!(llm.completion("The capital of France?").collect().await?.text, "Paris");
/// assert_eq!(llm.completion("Of Norway?").collect().await?.text, "Oslo");
/// let error = llm.completion("Of Italy?").collect().await.unwrap_err();
/// assert!(error.to_string().contains("used up after 2 replies"), "{error}");
///
/// assert_eq!(model.requests()[1].input.messages[0].content(), "Of Norway?");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ScriptedModel {
    pub(super) script: Script,
    pub(super) then: WhenUsedUp,
    pub(super) provider: String,
    pub(super) name: String,
    pub(super) seed: u64,
    /// Each with its probability.
    pub(super) faults: Vec<(f64, Fault)>,
    pub(super) headers: Headers,
    progress: Arc<Mutex<Progress>>,
}

impl ScriptedModel {
    fn new(script: Script) -> Self {
        Self {
            script,
            then: WhenUsedUp::default(),
            provider: "scripted".to_owned(),
            name: "scripted-1".to_owned(),
            seed: 0,
            faults: Vec::new(),
            headers: Headers::default(),
            progress: Arc::default(),
        }
    }

    /// Makes a model that gives these replies, one for each request. When they are used up, requests fail,
    /// unless [`when_used_up`](ScriptedModel::when_used_up) says otherwise.
    ///
    /// # Examples
    ///
    /// Of texts, see [`ScriptedModel`]; with others among them:
    ///
    /// ```
    /// use probity_eval::scripted::{Fault, Reply, ScriptedModel};
    ///
    /// let model = ScriptedModel::replies([
    ///     Reply::text("one"),
    ///     Reply::refusal("I cannot count further."),
    ///     Fault::timeout().into(),
    ///     "two".into(),
    /// ]);
    /// # drop(model);
    /// ```
    pub fn replies<R: Into<Reply>>(replies: impl IntoIterator<Item = R>) -> Self {
        Self::new(Script::List(replies.into_iter().map(Into::into).collect()))
    }

    /// Makes a model that asks a closure for each reply.
    ///
    /// # Examples
    ///
    /// A model that repeats what it is told, and sometimes does not:
    ///
    /// ```
    /// use probity_eval::scripted::ScriptedModel;
    ///
    /// let parrot = ScriptedModel::from_fn(|request, turn| {
    ///     let said = request.input.messages.last().map(|last| last.content());
    ///     if turn.chance(0.9) { said.unwrap_or_default() } else { "Squawk!".to_owned() }
    /// });
    /// # drop(parrot);
    /// ```
    pub fn from_fn<F, R>(answer: F) -> Self
    where
        F: Fn(&ModelRequest, &mut Turn) -> R + Send + Sync + 'static,
        R: Into<Reply>,
    {
        Self::new(Script::Closure(Arc::new(move |request, turn| answer(request, turn).into())))
    }

    /// Sets what follows when all replies of the list are given. Of a closure it changes nothing.
    ///
    /// # Examples
    ///
    /// See [`WhenUsedUp`].
    #[must_use]
    pub fn when_used_up(mut self, then: WhenUsedUp) -> Self {
        self.then = then;
        self
    }

    /// Sets the seed of everything random. The default is 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::ScriptedModel;
    ///
    /// let model = ScriptedModel::from_fn(|_, turn| turn.below(100).to_string()).with_seed(7);
    /// # drop(model);
    /// ```
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Makes a model with the same script, from its start, and random numbers of its own. It has seen no
    /// requests, and what it is asked changes nothing for others: one for each of many concurrent
    /// trials makes them independent of the order in which they ask.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use probity_eval::{Budget, Llm, scripted::ScriptedModel};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), probity_eval::TurnError> {
    /// let model = ScriptedModel::from_fn(|_, turn| turn.below(1_000_000).to_string());
    /// let ask = |seed| {
    ///     let llm = Llm::new(Arc::new(model.fork(seed)), Budget::unlimited());
    ///     llm.completion("A number?").collect()
    /// };
    /// assert_eq!(ask(1).await?.text, ask(1).await?.text);
    /// assert_ne!(ask(1).await?.text, ask(2).await?.text);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fork(&self, seed: u64) -> Self {
        let seed = Random::of(&[self.seed, seed]).bits();
        Self { seed, progress: Arc::default(), ..self.clone() }
    }

    /// Lets a fault happen to a request with this probability. It strikes the reply that is next; where it
    /// leaves no whole answer, a reply of a list is not used up by it, so that the next attempt gets it.
    /// Of several, the first that happens counts.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{sync::Arc, time::Duration};
    ///
    /// use probity_eval::{
    ///     Budget, Llm,
    ///     scripted::{Fault, ScriptedModel},
    /// };
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), probity_eval::TurnError> {
    /// let limit = Fault::rate_limited().with_retry_after(Duration::from_millis(1));
    /// let model = ScriptedModel::replies(["one", "two", "three"]).with_fault_rate(0.3, limit);
    /// let llm = Llm::new(Arc::new(model.clone()), Budget::unlimited());
    /// for expected in ["one", "two", "three"] {
    ///     assert_eq!(llm.completion("Count.").collect().await?.text, expected);
    /// }
    /// assert_eq!(model.requests().len(), 5); // Two were limited, and sent again.
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_fault_rate(mut self, probability: f64, fault: Fault) -> Self {
        self.faults.push((probability, fault));
        self
    }

    /// Sets the provider's name, which is `scripted` otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::{Model as _, scripted::ScriptedModel};
    ///
    /// let model = ScriptedModel::replies(["hi"]).with_provider("openai").with_name("gpt-5");
    /// assert_eq!((model.provider(), model.name()), ("openai", "gpt-5"));
    /// ```
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<String>) -> Self {
        self.provider = provider.into();
        self
    }

    /// Sets the model's name, which is `scripted-1` otherwise.
    ///
    /// # Examples
    ///
    /// See [`with_provider`](ScriptedModel::with_provider).
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a header to the requests, which a raw capture shows: masked, where its name is that of a
    /// secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::ScriptedModel;
    ///
    /// let model = ScriptedModel::replies(["hi"]).with_header("authorization", "Bearer my-key");
    /// assert!(!format!("{model:?}").contains("my-key"));
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.add(name, value);
        self
    }

    /// Returns the requests that the model and its clones got, in order. All are kept as long as one
    /// of them lives.
    ///
    /// # Examples
    ///
    /// See [`ScriptedModel`].
    pub fn requests(&self) -> Vec<ModelRequest> {
        self.progress().requests.clone()
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ScriptedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedModel")
            .field("provider", &self.provider)
            .field("name", &self.name)
            .field("script", &self.script)
            .field("seed", &self.seed)
            .field("requests", &self.progress().requests.len())
            .finish_non_exhaustive()
    }
}
