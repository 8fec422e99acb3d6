//! A trial that ends the process is found out, and does not take the others with it.

use std::io::Read as _;

use probity_eval_runner::{Outcome, runner::Runner, store};

use crate::{
    child::{self, CASES, Told},
    support::{Folder, multi_thread},
};

/// Runs a child to its end, and returns whether it came to it in order.
fn run(told: &Told) -> bool {
    let mut child = told.start();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap().success()
}

#[test]
fn a_trial_that_aborts_the_process_twice_is_not_graded_and_not_tried_again() {
    let folder = Folder::new("abort");
    let mut told = Told {
        store: folder.path("abort.db"),
        effects: folder.path("abort.txt"),
        trials: 5,
        concurrency: 8,
        aborts: Some("case-03 2".to_owned()),
        kills: None,
    };
    assert!(!run(&told), "the first process aborts");
    assert!(!run(&told), "the second runs all others, then the one that aborts it again");
    assert!(run(&told), "the third does not try it again");
    told.aborts = None;
    multi_thread().block_on(async {
        let run = child::run(&told, Runner::new()).await;
        assert_eq!(run.tally().trials(), u64::from(CASES) * 5);
        assert_eq!(run.tally().not_graded, 1);
        let store = store::open(told.store.to_str().unwrap()).await.unwrap();
        let key = store::TrialKey::new("case-03", 2);
        let trial = store.trial(run.run.unwrap(), &key).await.unwrap().unwrap();
        assert_eq!(trial.summary.attempts, 2);
        let Outcome::NotGraded(reason) = trial.summary.scores.outcome else { panic!("graded") };
        assert!(reason.contains("the process ended while it ran"), "{reason}");
    });
    let left = std::fs::read_dir(folder.path("")).unwrap();
    let left = left
        .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().ends_with(".running"));
    assert_eq!(left.count(), 0, "the journal is removed at the end");
}

#[cfg(unix)]
#[test]
fn a_trial_that_has_its_process_killed_is_found_among_those_that_ran_with_it() {
    let folder = Folder::new("killer");
    let mut told = Told {
        store: folder.path("killer.db"),
        effects: folder.path("killer.txt"),
        trials: 2,
        concurrency: 8,
        aborts: None,
        kills: Some("case-03 1".to_owned()),
    };
    let deaths = (0..20).take_while(|_| !run(&told)).count();
    // Three times among eight, once each among four and two, and three times alone.
    assert_eq!(deaths, 8);
    told.kills = None;
    multi_thread().block_on(async {
        let run = child::run(&told, Runner::new()).await;
        assert_eq!((run.tally().trials(), run.tally().not_graded), (u64::from(CASES) * 2, 1));
    });
}
