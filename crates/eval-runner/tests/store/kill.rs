//! What was acknowledged survives `kill -9`, exactly once.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use futures::{StreamExt as _, executor::block_on, stream};
use probity_eval_runner::store::{Page, RunId, RunStore, Stored, TrialKey};

use crate::support::{Folder, created, key, open, passed, trial};

const CASES: [&str; 4] = ["a", "b", "c", "d"];
const TRIALS: u32 = 250;

/// The kills: after so many acknowledged trials each. Irregular, and always the same.
const KILLS: [u32; 24] =
    [1, 7, 30, 2, 55, 13, 90, 4, 21, 64, 3, 38, 70, 11, 26, 5, 47, 9, 81, 17, 33, 6, 52, 28];

/// Runs the missing trials of a run, and says which were acknowledged.
#[test]
#[ignore = "started by the test that kills it"]
fn a_child_runs_the_missing_trials() {
    let file = std::env::var("PROBITY_TEST_STORE").expect("the file of the store");
    let run: RunId = std::env::var("PROBITY_TEST_RUN").expect("the run").parse().unwrap();
    block_on(async {
        let store = open(Path::new(&file)).await;
        let done = finished(&store, run).await;
        let missing = all().into_iter().filter(|key| !done.contains_key(key));
        let mut ending =
            stream::iter(missing).map(|key| run_one(&store, run, key)).buffer_unordered(64);
        while let Some(key) = ending.next().await {
            writeln!(std::io::stdout(), "\n{} {} is stored", key.case, key.index).unwrap();
        }
    });
}

async fn run_one(store: &dyn RunStore, run: RunId, key: TrialKey) -> TrialKey {
    assert_eq!(store.begin_attempts(run, std::slice::from_ref(&key)).await.unwrap(), []);
    assert_eq!(store.finish(run, &trial(key.clone(), passed())).await.unwrap(), Stored::Now);
    key
}

fn all() -> Vec<TrialKey> {
    (0..TRIALS).flat_map(|index| CASES.map(|case| key(case, index))).collect()
}

/// Returns the finished trials with their attempts.
async fn finished(store: &dyn RunStore, run: RunId) -> BTreeMap<TrialKey, u32> {
    let states = store.states(run, &Page::first(10_000)).await.unwrap().into_iter();
    let finished = states.filter(|state| state.outcome.is_some());
    finished.map(|state| (state.key, state.attempts)).collect()
}

/// Runs a child until it has acknowledged so many trials, kills it, and returns what it has acknowledged.
fn run_and_kill(file: &Path, run: RunId, after: Option<u32>) -> Vec<TrialKey> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::a_child_runs_the_missing_trials", "--ignored", "--nocapture"])
        .env("PROBITY_TEST_STORE", file)
        .env("PROBITY_TEST_RUN", run.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines {
        // The last line may have been cut.
        let line = line.unwrap();
        let Some(line) = line.strip_suffix(" is stored") else { continue };
        let (case, index) = line.split_once(' ').unwrap();
        acknowledged.push(key(case, index.parse().unwrap()));
        if after.is_some_and(|after| acknowledged.len() >= after as usize) {
            // On Unix this is SIGKILL. What it had written until then is still read below.
            _ = child.kill();
        }
    }
    let status = child.wait().unwrap();
    assert!(after.is_some() || status.success(), "{status}");
    acknowledged
}

#[test]
fn what_was_acknowledged_survives_being_killed_and_is_there_once() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    let run = block_on(async { created(&open(&file).await, &CASES, TRIALS).await }).id;
    let mut acknowledged = BTreeMap::<TrialKey, u32>::new();
    let mut kills = 0;
    for after in KILLS.map(Some).into_iter().chain([None]) {
        for key in run_and_kill(&file, run, after) {
            *acknowledged.entry(key).or_default() += 1;
        }
        kills += u32::from(after.is_some());
        let there = block_on(async { finished(&open(&file).await, run).await });
        for (key, times) in &acknowledged {
            assert_eq!(*times, 1, "{key} ran twice");
            assert!(there.contains_key(key), "{key} was acknowledged and is lost");
        }
    }
    assert_eq!(kills, 24);
    block_on(async {
        let store = open(&file).await;
        let there = finished(&store, run).await;
        assert_eq!(there.keys().cloned().collect::<Vec<_>>(), {
            let mut all = all();
            all.sort();
            all
        });
        // Those that were running when the process was killed were begun more than once.
        assert!(there.values().any(|attempts| *attempts > 1));
        let tallies = store.tallies(run).await.unwrap();
        assert!(tallies.iter().all(|case| case.tally.passed == u64::from(TRIALS)), "{tallies:?}");
    });
}

#[test]
fn two_processes_write_to_the_same_file() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    let runs = block_on(async {
        let store = open(&file).await;
        [created(&store, &CASES, TRIALS).await.id, created(&store, &CASES, TRIALS).await.id]
    });
    std::thread::scope(|scope| {
        for run in runs {
            let file = &file;
            scope.spawn(move || {
                assert_eq!(run_and_kill(file, run, None).len(), all().len());
            });
        }
    });
    block_on(async {
        let store = open(&file).await;
        for run in runs {
            assert_eq!(finished(&store, run).await.len(), all().len());
        }
    });
}
