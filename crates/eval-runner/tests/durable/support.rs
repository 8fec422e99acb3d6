//! What the tests of durable runs share.

use std::{env, fs, path::PathBuf, process};

use probity_eval::{Price, Prices};
use tokio::runtime::{Builder, Runtime};

/// A folder of its own for a test, removed at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("probity-durable-{name}-{}", process::id()));
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) fn place(&self, file: &str) -> String {
        self.path(file).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Makes a model call of 100 tokens, which costs a cent by the [`prices`].
pub(crate) fn model_call() {
    let call = tracing::info_span!(
        "chat",
        gen_ai.operation.name = "chat",
        gen_ai.request.model = "small",
        gen_ai.usage.input_tokens = 90,
        gen_ai.usage.output_tokens = 10,
    );
    call.in_scope(|| ());
}

pub(crate) fn prices() -> Prices {
    Prices::new().with("small", Price::new(100.0, 100.0)).unwrap()
}
