//! Stores, runs and trials to test with.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use futures::{executor::block_on, future::BoxFuture};
use probity_eval_runner::{
    Failure, Outcome,
    store::{
        ManifestCase, RunManifest, RunStore, Scores, SqliteStore, Stored, StoredTrial, TrialKey,
        TrialSummary,
    },
    suite::{Fingerprint, Judgment},
};
use probity_trace::{TraceSnapshot, testing::TraceBuilder};
use serde_json::json;

/// Opens another, empty store of the same kind.
pub(crate) type Another = Arc<dyn Fn() -> BoxFuture<'static, Arc<dyn RunStore>> + Send + Sync>;

/// What a law is tried with.
pub(crate) struct Subject {
    /// An empty store.
    pub(crate) store: Arc<dyn RunStore>,
    /// Opens others.
    pub(crate) another: Another,
}

/// A folder that is removed when it is dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("probity-store-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// Tries a law with SQLite files.
pub(crate) fn with_sqlite<F: Future<Output = ()>>(law: impl FnOnce(Subject) -> F) {
    let folder = Folder::new();
    let path = folder.0.clone();
    let count = AtomicU32::new(0);
    let another: Another = Arc::new(move || {
        let file = path.join(format!("{}.db", count.fetch_add(1, Ordering::Relaxed)));
        Box::pin(async move { Arc::new(open(&file).await) as Arc<dyn RunStore> })
    });
    block_on(async {
        let store = another().await;
        law(Subject { store, another }).await;
    });
}

pub(crate) async fn open(file: &Path) -> SqliteStore {
    SqliteStore::open(file).await.unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn print(text: &str) -> Fingerprint {
    Fingerprint::of(&text).expect("a text is JSON")
}

/// A run of so many trials of these cases.
pub(crate) fn manifest(cases: &[&str], trials: u32) -> RunManifest {
    let cases = cases.iter().map(|case| ManifestCase::new(*case, print(case)));
    let mut manifest = RunManifest::new("airline", print("agent"), print("evals"), cases);
    manifest.trials = trials;
    manifest.seed = u64::MAX;
    manifest
}

/// A store with such a run in it.
pub(crate) async fn created(store: &dyn RunStore, cases: &[&str], trials: u32) -> RunManifest {
    let manifest = manifest(cases, trials);
    _ = store.create_run(&manifest).await.expect("a run can be created");
    manifest
}

pub(crate) fn key(case: &str, index: u32) -> TrialKey {
    TrialKey::new(case, index)
}

pub(crate) fn trace(name: &str) -> TraceSnapshot {
    TraceBuilder::new()
        .span("probity.trial", |trial| {
            trial.span(name, |chat| chat.field("gen_ai.usage.output_tokens", 7).event("answered"))
        })
        .build()
}

pub(crate) fn passed() -> Outcome {
    Outcome::Passed
}

pub(crate) fn failed() -> Outcome {
    Outcome::Failed(Failure::Wrong)
}

pub(crate) fn not_graded() -> Outcome {
    Outcome::NotGraded("the model server is away".to_owned())
}

pub(crate) fn scores(evals: &str, outcome: Outcome) -> Scores {
    let judgment = json!({
        "eval": "right", "verdict": "scored", "score": 0.25, "passed": outcome.is_passed(),
        "report": {"why": "because"},
    });
    let judgment: Judgment = serde_json::from_value(judgment).expect("a judgment");
    Scores::new(print(evals), outcome, vec![judgment])
}

/// A trial with an outcome.
pub(crate) fn trial(key: TrialKey, outcome: Outcome) -> StoredTrial {
    let summary = TrialSummary::new(key, 7, scores("evals", outcome));
    StoredTrial::new(summary, trace("chat"))
}

/// Stores a trial that is not there yet.
#[track_caller]
pub(crate) fn finish<'a>(
    store: &'a dyn RunStore,
    run: &'a RunManifest,
    key: TrialKey,
    outcome: Outcome,
) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let stored = store.finish(run.id, &trial(key, outcome)).await;
        assert_eq!(stored.expect("a trial can be stored"), Stored::Now);
    })
}
