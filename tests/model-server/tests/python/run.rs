//! Runs the clients once for all tests.

use std::{
    env,
    ffi::OsString,
    path::Path,
    process::Command,
    sync::{Arc, OnceLock},
};

use probity_model_server::{ModelServer, Received};
use serde_json::Value;

use crate::script;

/// What the clients saw, and the server of them.
#[derive(Debug)]
pub(crate) struct Conversation {
    seen: Value,
    requests: Vec<Arc<Received>>,
}

impl Conversation {
    /// Returns the one conversation; `None`, and says so, where there is no Python for it.
    pub(crate) fn held() -> Option<&'static Self> {
        static HELD: OnceLock<Option<Conversation>> = OnceLock::new();
        let held = HELD.get_or_init(|| env::var_os("PROBITY_PYTHON").map(hold));
        if held.is_none() {
            println!("skipped: PROBITY_PYTHON names no Python with the clients");
        }
        held.as_ref()
    }

    /// Returns what the client of a provider saw.
    pub(crate) fn seen_by(&self, provider: &str) -> &Value {
        &self.seen[provider]
    }

    /// Returns what a client said about its attempts, for the calls of one model on one path.
    pub(crate) fn attempts(&self, path: &str, model: &str) -> Vec<Option<&str>> {
        let requests = self.requests.iter().filter(|received| received.path() == path);
        let requests = requests.filter(|received| received.model() == Some(model));
        requests.map(|received| received.header("x-stainless-retry-count")).collect()
    }
}

fn hold(python: OsString) -> Conversation {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(ModelServer::start(script::script())).expect("a free port");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/clients.py");
    let mut command = Command::new(python);
    command.arg(file).arg(server.url());
    // Keys and proxies of the machine have no place in this conversation.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy().to_lowercase();
        if ["openai", "anthropic", "proxy"].iter().any(|part| text.contains(part)) {
            command.env_remove(name);
        }
    }
    let output = command.output().expect("PROBITY_PYTHON can be run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the clients failed:\n{errors}");
    let seen = serde_json::from_slice(&output.stdout).expect("the clients print JSON");
    Conversation { seen, requests: server.requests() }
}

/// Checks that an error is of a class, or of one derived from it.
#[track_caller]
pub(crate) fn check_class(error: &Value, class: &str) {
    let classes = error["classes"].as_array().expect("classes");
    assert!(classes.iter().any(|own| own == class), "no {class}: {error}");
}

/// Checks that an error says something.
#[track_caller]
pub(crate) fn check_message(error: &Value, part: &str) {
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains(part), "no {part:?} in {message:?}");
}
