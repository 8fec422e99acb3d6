//! Runs that go on: no finished trial is run twice.

use std::{thread, time::Duration};

use probity::runner::{
    facts::RunFacts,
    store::{self, RunQuery, StoreError},
};

use crate::place::Place;

#[test]
fn a_run_that_goes_on_runs_the_missing_trials_and_no_other() {
    let place = Place::new("more trials");
    for trials in [2, 5, 5] {
        place.run(&format!("--bench --resume --trials {trials}")).exited(0);
        assert_eq!(place.effects().len(), 12 * trials);
    }
    assert!(place.effects().values().all(|count| *count == 1), "{:?}", place.effects());
}

#[test]
fn a_run_that_was_killed_goes_on_without_a_finished_trial_twice() {
    let place = Place::new("killed");
    let arguments = "--bench --trials 20 --concurrency 16 --seed 5 --report-json report.json";
    let mut suite = place.command(arguments).spawn().expect("the suite can be started");
    while place.effects().len() < 60 {
        assert!(suite.try_wait().expect("a process has a state").is_none(), "it ended too early");
        thread::sleep(Duration::from_millis(1));
    }
    suite.kill().expect("the suite can be killed");
    suite.wait().expect("it ends");
    let finished = finished(&place).expect("the store can be read");
    let before = place.effects();
    assert!(!finished.is_empty() && finished.len() < 240, "{} had finished", finished.len());

    place.run(&format!("{arguments} --resume")).exited(0);
    let after = place.effects();
    assert_eq!(after.len(), 240);
    for trial in &finished {
        assert_eq!(after.get(trial), before.get(trial), "{trial} had finished and was run again");
    }
    let whole = Place::new("not killed");
    whole.run(arguments).exited(0);
    assert_eq!(place.report("report.json"), whole.report("report.json"));
}

/// Returns the trials that the store of a place holds as finished, as their side effects are written.
#[tokio::main(flavor = "current_thread")]
async fn finished(place: &Place) -> Result<Vec<String>, StoreError> {
    let store = store::open(&place.file("probity.db").to_string_lossy()).await?;
    let mut finished = Vec::new();
    for run in store.runs(&RunQuery::default()).await? {
        let facts = RunFacts::read(&*store, run.id).await?;
        for case in &facts.cases {
            finished.extend(case.outcomes().map(|(index, _)| format!("{} {index}", case.id)));
        }
    }
    Ok(finished)
}
