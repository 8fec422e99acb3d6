//! `kill -9` at any moment loses no finished trial, and none is run twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead as _, BufReader},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use probity_eval_runner::{
    facts::RunFacts,
    runner::{CancellationToken, Finished, Notice, Progress, Runner, Watch},
    store::{self, OutcomeKind, TrialKey},
    trial_seed,
};

use crate::{
    child::{self, CASES, Told},
    support::{Folder, multi_thread},
};

const TRIALS: u32 = 100;
const KILLS: u32 = 50;

/// Runs a child until it has said so often that a trial has finished, and a little longer; kills it, and returns the
/// trials that it said had finished.
fn run_and_kill(told: &Told, after: usize, longer: Duration) -> Vec<String> {
    let mut child = told.start();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok).skip_while(|line| line != "began");
    let mut said: Vec<String> = lines.by_ref().take(1 + after).collect();
    thread::sleep(longer);
    // On Unix this is SIGKILL. What the child had written until then is still read.
    child.kill().unwrap();
    child.wait().unwrap();
    said.extend(lines);
    said.iter().filter_map(|line| Some(line.strip_prefix("finished ")?.to_owned())).collect()
}

/// Returns how often each trial has come to its end.
fn effects(told: &Told) -> BTreeMap<String, u32> {
    let mut effects = BTreeMap::new();
    for line in fs::read_to_string(&told.effects).unwrap_or_default().lines() {
        *effects.entry(line.to_owned()).or_default() += 1;
    }
    effects
}

fn outcomes(facts: &RunFacts) -> Vec<(String, Vec<(u32, OutcomeKind)>)> {
    facts.cases.iter().map(|case| (case.id.clone(), case.outcomes().collect())).collect()
}

#[test]
fn a_run_that_is_killed_fifty_times_loses_nothing_and_repeats_nothing_that_had_finished() {
    let folder = Folder::new("killed");
    let told = Told {
        store: folder.path("killed.db"),
        effects: folder.path("killed.txt"),
        trials: TRIALS,
        concurrency: 64,
        aborts: None,
        kills: None,
    };
    let mut finished: BTreeMap<String, u32> = BTreeMap::new();
    for kill in 0..KILLS {
        let moment = trial_seed(50, "kill", kill);
        let longer = Duration::from_micros(moment % 10_000);
        let said = run_and_kill(&told, usize::try_from(moment >> 32).unwrap() % 40, longer);
        let effects = effects(&told);
        // What had finished before was not run again.
        for (trial, times) in &finished {
            assert_eq!(effects[trial], *times, "{trial} had finished, and was run again");
        }
        for trial in said {
            let times = effects[&trial];
            assert_eq!(finished.insert(trial.clone(), times), None, "{trial} finished twice");
        }
    }
    assert!(
        !finished.is_empty() && finished.len() < (CASES * TRIALS) as usize,
        "{}",
        finished.len()
    );

    let whole =
        Told { store: folder.path("whole.db"), effects: folder.path("whole.txt"), ..told.clone() };
    multi_thread().block_on(async {
        let resumed = child::run(&told, Runner::new()).await;
        let uninterrupted = child::run(&whole, Runner::new()).await;
        assert_eq!(resumed.cancelled, 0);
        assert_eq!(resumed.tally().not_graded, 0);
        assert_eq!(resumed.report().unwrap(), uninterrupted.report().unwrap());
        let (resumed, uninterrupted) =
            (resumed.facts().await.unwrap(), uninterrupted.facts().await.unwrap());
        assert_eq!(outcomes(&resumed), outcomes(&uninterrupted));
        let every: Vec<u32> = (0..TRIALS).collect();
        for case in &resumed.cases {
            let indices: Vec<u32> = case.outcomes().map(|(index, _)| index).collect();
            assert_eq!(indices, every, "{}", case.id);
        }
    });
    let effects = effects(&told);
    for (trial, times) in &finished {
        assert_eq!(effects[trial], *times, "{trial} had finished, and was run again");
    }
    let all: BTreeSet<&String> = effects.keys().collect();
    assert_eq!(all.len(), (CASES * TRIALS) as usize);
}

/// How many trials were suspected, and how many ran at once from then on.
#[derive(Clone, Default)]
struct Suspected(Arc<Mutex<(u64, u64)>>);

impl Watch for Suspected {
    fn trial_ended(&self, _: &Finished, progress: Progress) {
        let mut seen = self.0.lock().unwrap();
        if seen.0 > 0 {
            // The one that has ended is among those that ran.
            seen.1 = seen.1.max(progress.running + 1);
        }
    }

    fn noticed(&self, notice: &Notice) {
        if let Notice::Suspects { trials, .. } = notice {
            self.0.lock().unwrap().0 = *trials;
        }
    }
}

#[test]
fn trials_that_three_killed_processes_had_counted_run_several_at_once() {
    let folder = Folder::new("preempted");
    let told = Told {
        store: folder.path("preempted.db"),
        effects: folder.path("preempted.txt"),
        trials: 2,
        concurrency: 8,
        aborts: None,
        kills: None,
    };
    let suspected = Suspected::default();
    let run = multi_thread().block_on(async {
        let stopped = CancellationToken::new();
        stopped.cancel();
        let run = child::run(&told, Runner::new().cancel_with(stopped)).await.run.unwrap();
        // As processes leave it that count trials ahead and are killed.
        let store = store::open(&folder.place("preempted.db")).await.unwrap();
        let cases = (0..CASES).map(|case| format!("case-{case:02}"));
        let keys: Vec<_> = cases.map(|case| TrialKey::new(case, 1)).collect();
        for _ in 0..3 {
            assert_eq!(store.begin_attempts(run, &keys).await.unwrap(), []);
        }
        child::run(&told, Runner::new().watch(suspected.clone())).await
    });
    assert_eq!((run.cancelled, run.tally().trials()), (0, u64::from(CASES) * 2));
    let (trials, at_once) = *suspected.0.lock().unwrap();
    assert_eq!(trials, u64::from(CASES));
    assert!((2..=4).contains(&at_once), "{at_once} at once");
}
