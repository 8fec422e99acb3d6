//! The models under test, on a server of the test's own.

use std::{
    sync::{Arc, Once},
    time::Duration,
};

use probity_eval::{Budget, Llm, RetryPolicy, model::Model};
use probity_model_server::{ModelServer, Protocol, Script};

/// The key that every request carries.
pub(crate) const KEY: &str = "planted-key-of-the-request";

/// A model under test.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) protocol: Protocol,
    pub(crate) model: fn(&ModelServer) -> Arc<dyn Model>,
    /// Its client hands out what was sent, and the heads of answers that are no refusals.
    pub(crate) sees_heads: bool,
}

impl Subject {
    /// Makes a context that tries again without waiting.
    pub(crate) fn patient(&self, server: &ModelServer) -> Llm {
        let wait = Duration::from_millis(1);
        let retry = RetryPolicy::default().with_waits(wait, wait);
        Llm::new((self.model)(server), Budget::unlimited())
            .with_retry(retry)
            .with_content_capture(true)
    }

    /// Makes a context that sends each request once.
    pub(crate) fn llm(&self, server: &ModelServer) -> Llm {
        self.patient(server).with_retry(RetryPolicy::never())
    }

    /// The status of an answer that is none of a refusal, if the client tells it.
    pub(crate) fn success(&self) -> Option<u16> {
        self.sees_heads.then_some(200)
    }
}

/// Starts a server.
pub(crate) async fn serve(script: impl Into<Script>) -> ModelServer {
    // Tests with and without a capture share their spans. One that is first used while no subscriber is there,
    // at the moment in which another thread makes the first, can stay disabled for the whole process.
    static FIRST: Once = Once::new();
    FIRST.call_once(|| drop(probity_trace::capture_sync(|| ())));
    ModelServer::start(script).await.unwrap()
}
