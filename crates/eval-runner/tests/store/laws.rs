//! What every store must do.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use probity_eval_runner::{
    Outcome,
    stats::Tally,
    store::{
        Creation, EndReason, OutcomeKind, Page, Rescoring, RunEnd, RunId, RunManifest, RunQuery,
        RunStore, Spending, StoreError, Stored, TrialKey, TrialQuery,
    },
};
use probity_trace::genai::Usage;
use serde_json::json;

use crate::support::{
    Subject, created, failed, finish, key, manifest, not_graded, passed, print, scores, trace,
    trial,
};

/// Returns the tally of a run, after checking that all that is counted says the same.
async fn tally(store: &dyn RunStore, run: &RunManifest) -> Tally {
    let listed = store.runs(&RunQuery::new()).await.unwrap();
    let listed = listed.iter().find(|listed| listed.id == run.id).unwrap().tally;
    let by_case = store.tallies(run.id).await.unwrap();
    let by_case = by_case.iter().fold(Tally::default(), |sum, case| sum.plus(case.tally));
    let states = store.states(run.id, &Page::first(1_000)).await.unwrap();
    let counted = states.iter().filter_map(|state| state.outcome);
    let counted = counted.fold(Tally::default(), |sum, outcome| sum.plus(outcome.tally()));
    assert_eq!((listed, by_case), (counted, counted));
    counted
}

pub(crate) async fn a_finished_trial_comes_back_whole(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["refund", "größe \"x\""], 2).await;
    let mut full = trial(key("größe \"x\"", 1), not_graded());
    full.summary.seed = u64::MAX - 1;
    full.summary.attempts = 3;
    full.summary.duration = Duration::from_nanos(1_234_567_891);
    let mut spent = Spending::default();
    spent.usage = Usage::new(29, 11);
    spent.usage.reasoning_output_tokens = Some(3);
    spent.cost_usd = Some(0.125);
    spent.unpriced_calls = 2;
    full.summary.spent = spent;
    full.summary.scores.spent.usage = Usage::new(1, 2);
    full.artifact = Some(json!({"answer": "42 ".repeat(400), "list": [1, null, 2.5]}));
    full.eval_trace = Some(trace("judge"));

    assert_eq!(store.finish(run.id, &full).await.unwrap(), Stored::Now);
    let found = store.trial(run.id, &full.summary.key).await.unwrap().unwrap();
    assert_eq!(found, full);
    let page = TrialQuery::new(Page::first(10));
    assert_eq!(store.trials(run.id, &page).await.unwrap(), [full.summary]);
    assert_eq!(store.trial(run.id, &key("refund", 0)).await.unwrap(), None);
}

pub(crate) async fn a_trial_is_stored_once(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a"], 1).await;
    let (first, second) = (trial(key("a", 0), passed()), trial(key("a", 0), failed()));
    // Together, too.
    let both = join_all([store.finish(run.id, &first), store.finish(run.id, &second)]).await;
    let both: Vec<_> = both.into_iter().map(Result::unwrap).collect();
    assert_eq!(both.iter().filter(|stored| **stored == Stored::Now).count(), 1);
    let before = store.trial(run.id, &key("a", 0)).await.unwrap().unwrap();
    assert_eq!(store.finish(run.id, &second).await.unwrap(), Stored::Before);
    assert_eq!(store.finish(run.id, &first).await.unwrap(), Stored::Before);
    assert_eq!(store.trial(run.id, &key("a", 0)).await.unwrap().unwrap(), before);
    let tally = tally(store, &run).await;
    assert_eq!(tally.passed + tally.failed, 1);
}

pub(crate) async fn attempts_are_counted_before_trials_start(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a", "b"], 2).await;
    finish(store, &run, key("b", 0), passed()).await;
    let all = [key("a", 0), key("b", 0), key("b", 1)];
    assert_eq!(store.begin_attempts(run.id, &all).await.unwrap(), [key("b", 0)]);
    assert_eq!(store.begin_attempts(run.id, &[key("b", 1)]).await.unwrap(), []);
    assert_eq!(store.begin_attempts(run.id, &[]).await.unwrap(), []);

    let states = store.states(run.id, &Page::first(10)).await.unwrap();
    let seen: Vec<_> = states
        .iter()
        .map(|state| (state.key.case.as_str(), state.key.index, state.attempts, state.outcome))
        .collect();
    let passed = Some(OutcomeKind::Passed);
    assert_eq!(seen, [("a", 0, 1, None), ("b", 0, 1, passed), ("b", 1, 2, None)]);

    // What the store has counted is the truth.
    finish(store, &run, key("b", 1), failed()).await;
    let found = store.trial(run.id, &key("b", 1)).await.unwrap().unwrap();
    assert_eq!(found.summary.attempts, 2);
}

pub(crate) async fn a_run_is_claimed_once_at_a_time(subject: Subject) {
    let store = &*subject.store;
    let (run, other) = (created(store, &["a"], 1).await.id, created(store, &["a"], 1).await.id);
    assert!(store.claim(run).await.unwrap());
    assert!(!store.claim(run).await.unwrap());
    assert!(store.claim(other).await.unwrap());
    store.release(run).await.unwrap();
    store.release(run).await.unwrap();
    assert!(store.claim(run).await.unwrap());
    assert!(!store.claim(other).await.unwrap());
}

pub(crate) async fn an_attempt_is_withdrawn_unless_the_trial_has_finished(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a", "b"], 2).await;
    let all = [key("a", 0), key("b", 0), key("b", 1)];
    store.begin_attempts(run.id, &all).await.unwrap();
    store.begin_attempts(run.id, &[key("b", 1)]).await.unwrap();
    finish(store, &run, key("b", 0), passed()).await;
    let before = store.trial(run.id, &key("b", 0)).await.unwrap();

    let withdrawn = [&all[..], &[key("a", 1)]].concat();
    store.withdraw_attempts(run.id, &withdrawn).await.unwrap();
    store.withdraw_attempts(run.id, &[]).await.unwrap();
    assert_eq!(store.trial(run.id, &key("b", 0)).await.unwrap(), before);
    assert_eq!(store.history(run.id, &key("b", 0)).await.unwrap(), []);
    assert_eq!(tally(store, &run).await, Tally::new(1, 0, 0));
    let states = store.states(run.id, &Page::first(10)).await.unwrap();
    let attempts: Vec<_> = states.iter().map(|state| (state.key.clone(), state.attempts)).collect();
    assert_eq!(attempts, [(key("b", 0), 1), (key("b", 1), 1)]);
    // None is counted less often than never.
    store.withdraw_attempts(run.id, &withdrawn).await.unwrap();
    store.begin_attempts(run.id, &[key("a", 0)]).await.unwrap();
    let states = store.states(run.id, &Page::first(1)).await.unwrap();
    assert_eq!((&states[0].key, states[0].attempts), (&key("a", 0), 1));
}

pub(crate) async fn states_come_in_order_page_by_page(subject: Subject) {
    let store = &*subject.store;
    // The order is that of the manifest.
    let run = created(store, &["z", "a", "m"], 5).await;
    let mut keys: Vec<TrialKey> = Vec::new();
    for case in ["z", "a", "m"] {
        keys.extend((0..5).map(|index| key(case, index)));
    }
    let backwards: Vec<_> = keys.iter().rev().cloned().collect();
    store.begin_attempts(run.id, &backwards).await.unwrap();
    let (mut page, mut seen) = (Page::first(4), Vec::new());
    loop {
        let states = store.states(run.id, &page).await.unwrap();
        assert!(states.len() <= 4);
        let Some(last) = states.last() else { break };
        page = page.after(last.key.clone());
        seen.extend(states.into_iter().map(|state| state.key));
    }
    assert_eq!(seen, keys);
}

pub(crate) async fn trials_are_found_by_case_and_outcome(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a", "b"], 3).await;
    let outcomes = [passed(), failed(), not_graded()];
    for case in ["a", "b"] {
        for (index, outcome) in (0..).zip(&outcomes) {
            finish(store, &run, key(case, index), outcome.clone()).await;
        }
    }
    store.begin_attempts(run.id, &[key("a", 7)]).await.unwrap();
    let found = async |query: TrialQuery| -> Vec<TrialKey> {
        let trials = store.trials(run.id, &query).await.unwrap();
        trials.into_iter().map(|trial| trial.key).collect()
    };
    let all = || TrialQuery::new(Page::first(10));
    assert_eq!(found(all()).await.len(), 6);
    assert_eq!(found(all().case("b")).await, [key("b", 0), key("b", 1), key("b", 2)]);
    let failed = all().outcome(OutcomeKind::Failed);
    assert_eq!(found(failed.clone()).await, [key("a", 1), key("b", 1)]);
    assert_eq!(found(failed.case("a")).await, [key("a", 1)]);
    let rest = TrialQuery::new(Page::first(2).after(key("a", 1))).outcome(OutcomeKind::NotGraded);
    assert_eq!(found(rest).await, [key("a", 2), key("b", 2)]);
    assert_eq!(tally(store, &run).await, Tally::new(2, 2, 2));
}

pub(crate) async fn scoring_anew_keeps_what_was_said_before(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a"], 2).await;
    finish(store, &run, key("a", 0), passed()).await;
    let before = store.trial(run.id, &key("a", 0)).await.unwrap().unwrap();
    let mut other = Rescoring::new(scores("evals 2", failed()));
    other.eval_trace = Some(trace("judge 2"));
    store.rescore(run.id, &key("a", 0), &other).await.unwrap();

    let after = store.trial(run.id, &key("a", 0)).await.unwrap().unwrap();
    assert_eq!(after.summary.scores, other.scores);
    assert_eq!(after.eval_trace, other.eval_trace);
    assert_eq!((&after.trace, &after.artifact), (&before.trace, &before.artifact));
    assert_eq!(tally(store, &run).await, Tally::new(0, 1, 0));

    let history = store.history(run.id, &key("a", 0)).await.unwrap();
    let [past] = &history[..] else { panic!("{history:?}") };
    assert_eq!(past.summary, before.summary);
    assert_eq!((&past.eval_trace, &past.agent), (&None, &None));

    let error = store.rescore(run.id, &key("a", 1), &other).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFinished { .. }), "{error}");
}

pub(crate) async fn a_trial_that_was_taken_back_runs_again(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a"], 3).await;
    store.begin_attempts(run.id, &[key("a", 0), key("a", 1)]).await.unwrap();
    finish(store, &run, key("a", 0), not_graded()).await;
    finish(store, &run, key("a", 2), passed()).await;
    let before = store.trial(run.id, &key("a", 0)).await.unwrap().unwrap();

    let back = [key("a", 0), key("a", 1), key("a", 0)];
    assert_eq!(store.take_back(run.id, &back).await.unwrap(), 1);
    assert_eq!(store.trial(run.id, &key("a", 0)).await.unwrap(), None);
    assert_eq!(tally(store, &run).await, Tally::new(1, 0, 0));
    let states = store.states(run.id, &Page::first(9)).await.unwrap();
    assert_eq!(states.iter().map(|state| &state.key).collect::<Vec<_>>(), [&key("a", 2)]);

    store.begin_attempts(run.id, &[key("a", 0)]).await.unwrap();
    finish(store, &run, key("a", 0), passed()).await;
    assert_eq!(tally(store, &run).await, Tally::new(2, 0, 0));
    let history = store.history(run.id, &key("a", 0)).await.unwrap();
    let [past] = &history[..] else { panic!("{history:?}") };
    assert_eq!(past.summary, before.summary);
    assert_eq!(past.agent.as_ref().unwrap().trace, before.trace);
}

pub(crate) async fn an_attempt_that_failed_is_in_the_history_of_its_trial(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a"], 1).await;
    let first = trial(key("a", 0), not_graded());
    store.begin_attempts(run.id, &[key("a", 0)]).await.unwrap();
    store.keep_attempt(run.id, &first).await.unwrap();
    assert_eq!(store.trial(run.id, &key("a", 0)).await.unwrap(), None, "it has not finished");
    assert_eq!(tally(store, &run).await, Tally::default());
    let mut second = trial(key("a", 0), not_graded());
    second.trace = trace("second");
    store.keep_attempt(run.id, &second).await.unwrap();

    finish(store, &run, key("a", 0), passed()).await;
    assert_eq!(tally(store, &run).await, Tally::new(1, 0, 0));
    let history = store.history(run.id, &key("a", 0)).await.unwrap();
    let attempts: Vec<_> =
        history.iter().map(|past| (&past.summary, &past.agent.as_ref().unwrap().trace)).collect();
    assert_eq!(attempts, [(&first.summary, &first.trace), (&second.summary, &second.trace)]);
}

pub(crate) async fn runs_are_listed_newest_first(subject: Subject) {
    let store = &*subject.store;
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        let mut run = manifest(&["a"], 2);
        run.name = Some(name.to_owned());
        run.labels.insert("commit".to_owned(), "abc".to_owned());
        if name == "two" {
            "other".clone_into(&mut run.suite);
        }
        _ = store.create_run(&run).await.unwrap();
        ids.push(run.id);
    }
    let listed = async |query: RunQuery| -> Vec<RunId> {
        store.runs(&query).await.unwrap().into_iter().map(|run| run.id).collect()
    };
    assert_eq!(listed(RunQuery::new()).await, [ids[2], ids[1], ids[0]]);
    assert_eq!(listed(RunQuery::new().suite("airline")).await, [ids[2], ids[0]]);
    assert_eq!(listed(RunQuery::new().name("one")).await, [ids[0]]);
    assert_eq!(listed(RunQuery::new().limit(1)).await, [ids[2]]);
    assert_eq!(listed(RunQuery::new().before(ids[2]).limit(5)).await, [ids[1], ids[0]]);
    let first = store.runs(&RunQuery::new().limit(1)).await.unwrap().remove(0);
    assert_eq!((first.cases, first.trials, first.seed, first.end), (1, 2, u64::MAX, None));
    assert_eq!(first.labels["commit"], "abc");
}

pub(crate) async fn a_run_goes_on_and_ends(subject: Subject) {
    let store = &*subject.store;
    let mut run = created(store, &["a"], 3).await;
    for reason in [EndReason::Complete, EndReason::Stopped("it costs too much".to_owned())] {
        let end = RunEnd::now(reason);
        store.end_run(run.id, &end).await.unwrap();
        assert_eq!(store.runs(&RunQuery::new()).await.unwrap()[0].end, Some(end));
    }
    run.trials = 5;
    store.continue_run(&run).await.unwrap();
    let listed = store.runs(&RunQuery::new()).await.unwrap().remove(0);
    assert_eq!((listed.trials, listed.end), (5, None));
    let found = store.manifest(run.id).await.unwrap();
    assert_eq!(found, run);
}

pub(crate) async fn a_run_goes_on_with_other_evals_groups_and_tags(subject: Subject) {
    let store = &*subject.store;
    let mut run = created(store, &["a", "b"], 3).await;
    for index in 0..3 {
        finish(store, &run, key("a", index), passed()).await;
    }
    store.begin_attempts(run.id, &[key("b", 0)]).await.unwrap();
    assert_eq!(store.to_rescore(run.id).await.unwrap(), 0);
    run.evals = print("evals 2");
    run.cases[1].group = Some("late".to_owned());
    run.cases[1].tags = vec!["slow".to_owned(), "dear".to_owned()];
    store.continue_run(&run).await.unwrap();
    assert_eq!(store.manifest(run.id).await.unwrap(), run);
    assert_eq!(store.run(run.id).await.unwrap().evals, print("evals 2"));
    assert_eq!(store.tallies(run.id).await.unwrap()[1].group.as_deref(), Some("late"));
    // Trials keep the scores that they have, and say whose they are.
    let scored_by = async || -> Vec<_> {
        let trials = store.trials(run.id, &TrialQuery::new(Page::first(9))).await.unwrap();
        trials.into_iter().map(|trial| trial.scores.evals).collect()
    };
    assert_eq!(scored_by().await, [print("evals"), print("evals"), print("evals")]);
    assert_eq!(store.to_rescore(run.id).await.unwrap(), 3);
    let other = Rescoring::new(scores("evals 2", failed()));
    store.rescore(run.id, &key("a", 1), &other).await.unwrap();
    assert_eq!(scored_by().await, [print("evals"), print("evals 2"), print("evals")]);
    assert_eq!(store.to_rescore(run.id).await.unwrap(), 2);
    // And back again.
    run.evals = print("evals");
    (run.cases[1].group, run.cases[1].tags) = (None, Vec::new());
    store.continue_run(&run).await.unwrap();
    assert_eq!(store.to_rescore(run.id).await.unwrap(), 1);
    assert_eq!(store.manifest(run.id).await.unwrap(), run);

    let mut other = run.clone();
    other.agent = print("another agent");
    let error = store.continue_run(&other).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherRun { .. }), "{error}");
}

pub(crate) async fn a_baseline_is_the_run_that_was_named_last(subject: Subject) {
    let store = &*subject.store;
    let (one, two) = (created(store, &["a"], 1).await, created(store, &["a"], 1).await);
    assert_eq!(store.baseline("main").await.unwrap(), None);
    store.set_baseline("main", one.id).await.unwrap();
    store.set_baseline("main", two.id).await.unwrap();
    store.set_baseline("dev", one.id).await.unwrap();
    assert_eq!(store.baseline("main").await.unwrap(), Some(two.id));
    let all = store.baselines().await.unwrap();
    assert_eq!(all, [("dev".to_owned(), one.id), ("main".to_owned(), two.id)]);
}

pub(crate) async fn what_is_not_there_is_named(subject: Subject) {
    let store = &*subject.store;
    let absent = manifest(&["a"], 1);
    let nowhere = absent.id;
    let unknown = |error: StoreError| {
        assert!(matches!(error, StoreError::UnknownRun { run, .. } if run == nowhere), "{error}");
        assert!(error.to_string().contains(&nowhere.to_string()), "{error}");
    };
    unknown(store.manifest(nowhere).await.unwrap_err());
    unknown(store.continue_run(&absent).await.unwrap_err());
    unknown(store.end_run(nowhere, &RunEnd::now(EndReason::Complete)).await.unwrap_err());
    unknown(store.set_baseline("main", nowhere).await.unwrap_err());
    unknown(store.begin_attempts(nowhere, &[key("a", 0)]).await.unwrap_err());
    unknown(store.tallies(nowhere).await.unwrap_err());
    unknown(store.finish(nowhere, &trial(key("a", 0), passed())).await.unwrap_err());

    let run = created(store, &["a"], 1).await;
    let error = store.begin_attempts(run.id, &[key("a", 0), key("b", 0)]).await.unwrap_err();
    assert_eq!(error.to_string(), format!("run {} has no case \"b\"", run.id));
    assert_eq!(store.states(run.id, &Page::first(9)).await.unwrap(), []);
}

pub(crate) async fn a_run_is_created_once(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a"], 1).await;
    assert_eq!(store.create_run(&run).await.unwrap(), Creation::AlreadyThere);
    let mut other = run.clone();
    other.agent = print("another agent");
    let error = store.create_run(&other).await.unwrap_err();
    let expected = "is there already, with another suite, agent, cases or seed";
    assert_eq!(error.to_string(), format!("run {} {expected}", run.id));
    let error = store.create_run(&manifest(&["a", "b", "a"], 1)).await.unwrap_err();
    assert!(error.to_string().ends_with("case \"a\" occurs twice"), "{error}");
    assert_eq!(store.manifest(run.id).await.unwrap(), run);
}

pub(crate) async fn secrets_are_masked(subject: Subject) {
    const SECRET: &str = "sk-abcdefghijklmnopqrstuvwx";
    let store = &*subject.store;
    let mut run = manifest(&["a"], 1);
    run.settings = json!({"api_key": SECRET, "note": format!("with {SECRET}"), "size": 3});
    _ = store.create_run(&run).await.unwrap();
    let mut secret = trial(key("a", 0), Outcome::NotGraded(format!("{SECRET} was refused")));
    secret.artifact = Some(json!({"password": "hunter2 hunter2", "said": SECRET}));
    _ = store.finish(run.id, &secret).await.unwrap();
    let kept = format!(
        "{:?} {:?}",
        store.manifest(run.id).await.unwrap(),
        store.trial(run.id, &key("a", 0)).await.unwrap().unwrap(),
    );
    assert!(!kept.contains("abcdefghij") && !kept.contains("hunter2"), "{kept}");
    assert_eq!(store.manifest(run.id).await.unwrap().settings["size"], 3);
}

pub(crate) async fn trials_that_end_together_are_all_there(subject: Subject) {
    let store = &*subject.store;
    let run = created(store, &["a", "b", "c"], 300).await;
    let keys: Vec<_> =
        (0..900).map(|place| key(["a", "b", "c"][place as usize % 3], place / 3)).collect();
    let all = keys.iter().map(|key| async {
        assert_eq!(store.begin_attempts(run.id, std::slice::from_ref(key)).await.unwrap(), []);
        let outcome = if key.index % 3 == 0 { failed() } else { passed() };
        finish(store, &run, key.clone(), outcome).await;
    });
    join_all(all).await;
    assert_eq!(tally(store, &run).await, Tally::new(600, 300, 0));
    let states = store.states(run.id, &Page::first(1_000)).await.unwrap();
    assert!(states.iter().all(|state| state.attempts == 1));
    let seen: BTreeSet<_> = states.into_iter().map(|state| state.key).collect();
    assert_eq!(seen, keys.into_iter().collect());
}
