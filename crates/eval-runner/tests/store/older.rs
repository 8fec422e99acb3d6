//! Stores that older versions have written.

use std::fs;

use futures::executor::block_on;
use probity_eval_runner::{
    Outcome,
    stats::Tally,
    store::{Page, RunQuery, RunStore as _, TrialQuery},
};

use crate::support::{Folder, key, open};

/// The first version's own file: `tests/data/store-1.db`, written by `write_the_fixture` below.
const VERSION_1: &[u8] = include_bytes!("../data/store-1.db");

#[test]
fn a_store_of_version_1_is_read() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    fs::write(&file, VERSION_1).unwrap();
    block_on(async {
        let store = open(&file).await;
        let runs = store.runs(&RunQuery::new()).await.unwrap();
        assert_eq!(runs.len(), 1);
        assert_eq!((&*runs[0].suite, runs[0].tally), ("airline", Tally::new(1, 1, 1)));
        assert_eq!(store.baseline("main").await.unwrap(), Some(runs[0].id));
        let all = TrialQuery::new(Page::first(10));
        let trials = store.trials(runs[0].id, &all).await.unwrap();
        assert_eq!(trials.len(), 3);
        let trial = store.trial(runs[0].id, &key("refund", 1)).await.unwrap().unwrap();
        assert_eq!(trial.summary.scores.outcome.to_string(), "failed: wrong answer");
        assert!(
            trial.trace.span("chat").unwrap().field("gen_ai.usage.output_tokens").unwrap() == 7
        );
        let history = store.history(runs[0].id, &key("refund", 0)).await.unwrap();
        assert!(matches!(history[0].summary.scores.outcome, Outcome::NotGraded(_)));
    });
}

/// Writes the fixture anew, where the file is named by `PROBITY_WRITE_FIXTURE`. Only for a new version.
#[test]
#[ignore = "writes the fixture of a new version"]
fn write_the_fixture() {
    use crate::support::{created, failed, finish, not_graded, passed};
    let file = std::env::var("PROBITY_WRITE_FIXTURE").expect("where to write");
    block_on(async {
        let store = open(file.as_ref()).await;
        let run = created(&store, &["refund", "rebook"], 2).await;
        finish(&store, &run, key("refund", 0), not_graded()).await;
        store.take_back(run.id, &[key("refund", 0)]).await.unwrap();
        finish(&store, &run, key("refund", 0), passed()).await;
        finish(&store, &run, key("refund", 1), failed()).await;
        finish(&store, &run, key("rebook", 0), not_graded()).await;
        store.begin_attempts(run.id, &[key("rebook", 1)]).await.unwrap();
        store.set_baseline("main", run.id).await.unwrap();
    });
}
