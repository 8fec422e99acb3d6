//! Bringing runs together.

use probity_eval_runner::{
    stats::Tally,
    store::{
        EndReason, Page, Rescoring, RunEnd, RunManifest, RunQuery, RunStore, StoreError,
        TrialQuery, TrialState, TrialSummary, join, merge,
    },
};

use crate::support::{
    Subject, created, failed, finish, key, manifest, not_graded, passed, print, scores,
};

async fn everything(store: &dyn RunStore) -> Vec<(TrialSummary, Vec<TrialState>)> {
    let mut all = Vec::new();
    for run in store.runs(&RunQuery::new()).await.unwrap() {
        let states = store.states(run.id, &Page::first(1_000)).await.unwrap();
        for trial in store.trials(run.id, &TrialQuery::new(Page::first(1_000))).await.unwrap() {
            all.push((trial, states.clone()));
        }
    }
    all
}

pub(crate) async fn merging_gives_the_same_numbers(subject: Subject) {
    let (into, from) = (&*subject.store, (subject.another)().await);
    for trials in [3, 1_200] {
        let run = created(&*from, &["a", "b"], trials).await;
        for index in 0..trials.min(40) {
            finish(&*from, &run, key("a", index), passed()).await;
            finish(&*from, &run, key("b", index), failed()).await;
        }
        from.end_run(run.id, &RunEnd::now(EndReason::Interrupted)).await.unwrap();
        from.set_baseline("main", run.id).await.unwrap();
    }
    let copied = merge(into, &*from).await.unwrap();
    assert_eq!((copied.runs, copied.trials, copied.already_there), (2, 86, 0));
    let query = RunQuery::new();
    assert_eq!(into.runs(&query).await.unwrap(), from.runs(&query).await.unwrap());
    assert_eq!(into.baselines().await.unwrap(), from.baselines().await.unwrap());
    assert_eq!(everything(into).await, everything(&*from).await);

    let again = merge(into, &*from).await.unwrap();
    assert_eq!((again.runs, again.trials, again.already_there), (0, 0, 86));
    assert_eq!(into.runs(&query).await.unwrap(), from.runs(&query).await.unwrap());
}

pub(crate) async fn history_and_attempts_come_along(subject: Subject) {
    let (into, from) = (&*subject.store, (subject.another)().await);
    let run = created(&*from, &["a"], 2).await;
    from.begin_attempts(run.id, &[key("a", 1), key("a", 1)]).await.unwrap();
    finish(&*from, &run, key("a", 0), not_graded()).await;
    from.rescore(run.id, &key("a", 0), &Rescoring::new(scores("evals 2", failed()))).await.unwrap();
    from.take_back(run.id, &[key("a", 0)]).await.unwrap();
    finish(&*from, &run, key("a", 0), failed()).await;
    from.rescore(run.id, &key("a", 0), &Rescoring::new(scores("evals 3", passed()))).await.unwrap();

    for _ in 0..2 {
        let copied = merge(into, &*from).await.unwrap();
        assert_eq!(copied.unfinished, 1);
        assert_eq!(everything(into).await, everything(&*from).await);
        let timeless = async |store: &dyn RunStore| -> Vec<_> {
            let history = store.history(run.id, &key("a", 0)).await.unwrap().into_iter();
            history.map(|past| (past.summary, past.eval_trace, past.agent)).collect()
        };
        let (mine, theirs) = (timeless(into).await, timeless(&*from).await);
        assert_eq!(mine.len(), 3);
        assert_eq!(mine, theirs);
    }
}

pub(crate) async fn shards_make_one_run(subject: Subject) {
    let store = &*subject.store;
    let [one, two] = [0, 1].map(|_| manifest(&["a", "b"], 2));
    for (run, case, outcome) in [(&one, "a", passed()), (&two, "b", failed())] {
        _ = store.create_run(run).await.unwrap();
        for index in 0..2 {
            finish(store, run, key(case, index), outcome.clone()).await;
        }
    }
    let whole = join(store, &[one.id, two.id]).await.unwrap();
    let tallies = store.tallies(whole).await.unwrap();
    let tallies: Vec<_> = tallies.iter().map(|case| (&*case.case, case.tally)).collect();
    assert_eq!(tallies, [("a", Tally::new(2, 0, 0)), ("b", Tally::new(0, 2, 0))]);

    let mut other = manifest(&["a", "b"], 2);
    other.agent = print("another");
    _ = store.create_run(&other).await.unwrap();
    let error = join(store, &[one.id, other.id]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotShards { .. }), "{error}");
    assert!(join(store, &[]).await.is_err());
}

pub(crate) async fn shards_make_one_run_only_once_the_same_evals_have_scored_all(subject: Subject) {
    let store = &*subject.store;
    let [mut one, mut two] = [0, 1].map(|_| manifest(&["a", "b"], 2));
    for (run, case) in [(&one, "a"), (&two, "b")] {
        _ = store.create_run(run).await.unwrap();
        for index in 0..2 {
            finish(store, run, key(case, index), passed()).await;
        }
    }
    let rescored = Rescoring::new(scores("evals 2", failed()));
    let refused = async |one: &RunManifest, two: &RunManifest| -> String {
        join(store, &[one.id, two.id]).await.unwrap_err().to_string()
    };
    one.evals = print("evals 2");
    store.continue_run(&one).await.unwrap();
    store.rescore(one.id, &key("a", 0), &rescored).await.unwrap();
    let error = refused(&one, &two).await;
    assert!(error.contains("1 trial of ") && error.contains("scored anew"), "{error}");
    store.rescore(one.id, &key("a", 1), &rescored).await.unwrap();
    let error = refused(&one, &two).await;
    assert!(error.contains("has another suite, agent, evals, cases or seed"), "{error}");

    two.evals = print("evals 2");
    store.continue_run(&two).await.unwrap();
    for index in 0..2 {
        store.rescore(two.id, &key("b", index), &rescored).await.unwrap();
    }
    let whole = join(store, &[one.id, two.id]).await.unwrap();
    assert_eq!(store.manifest(whole).await.unwrap().evals, print("evals 2"));
    assert_eq!(store.to_rescore(whole).await.unwrap(), 0);
    assert_eq!(store.run(whole).await.unwrap().tally, Tally::new(0, 4, 0));
}
