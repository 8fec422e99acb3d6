//! A run ends once its rule is decided.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use probity_eval_runner::{
    Case, Report, Trial, TrialError,
    gate::{StopDecision, StopRule},
    runner::{Finished, Progress, Resume, RunError, Runner, Watch},
    store::{self, EndReason, Shard},
    suite::Suite,
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::support::Folder;

/// Counts the trials that were run, and lets each case be only `AHEAD` trials ahead of what the run has counted of it.
#[derive(Clone)]
struct Turns {
    ran: Arc<AtomicU32>,
    cases: Arc<BTreeMap<&'static str, Semaphore>>,
}

const AHEAD: usize = 2;

impl Turns {
    fn new(cases: &[&'static str]) -> Self {
        let cases = cases.iter().map(|case| (*case, Semaphore::new(AHEAD)));
        Self { ran: Arc::default(), cases: Arc::new(cases.collect()) }
    }

    fn ran(&self) -> u32 {
        self.ran.load(Ordering::Relaxed)
    }

    /// A suite of which the case `flaky`, if it has one, passes every other trial.
    fn suite(&self) -> Suite<String, (), u32> {
        let turns = self.clone();
        let cases = self.cases.keys().map(|id| Case::new(*id, (*id).to_owned()));
        Suite::new("stopped", cases).agent("1", move |case: Arc<Case<String>>| {
            let turns = turns.clone();
            async move {
                turns.cases[&*case.input].acquire().await?.forget();
                turns.ran.fetch_add(1, Ordering::Relaxed);
                let index = Trial::current().map_or(0, |trial| trial.index());
                match &*case.input {
                    "flaky" if index.is_multiple_of(2) => Err(TrialError::from("not this time")),
                    _ => Ok(1),
                }
            }
        })
    }
}

impl Watch for Turns {
    fn trial_ended(&self, finished: &Finished, _: Progress) {
        self.cases[finished.trial.case()].add_permits(1);
    }
}

fn rule(rule: &str) -> StopRule {
    rule.parse().unwrap()
}

#[tokio::test]
async fn a_run_whose_rule_is_met_begins_no_further_trial_and_misses_none() {
    let turns = Turns::new(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    let suite = turns.suite();
    let runner = Runner::new().trials(50).concurrency(4).stop_when(rule("these: pass@1 >= 0.8"));
    let run = runner.watch(turns.clone()).run(suite).await.unwrap();
    assert_eq!(run.stopping.as_ref().unwrap().decision(), StopDecision::Met);
    assert!(matches!(&run.end, EndReason::Decided(how) if how.contains("met after 3 rounds")));
    // Three rounds of ten cases decide it. A case that is counted late holds up the four workers one by one, so that the
    // others are a dozen rounds ahead at most.
    let ran = turns.ran();
    assert!((30..=200).contains(&ran), "{ran} of 500 trials were run");
    let report = run.report().unwrap();
    assert_eq!(report.missing, 0);
    assert!(report.to_string().contains("Stopped by its results"), "{report}");
    assert_eq!(run.facts().await.unwrap().missing(), 0);
}

#[tokio::test]
async fn a_case_that_is_decided_is_run_no_further_while_others_are() {
    let turns = Turns::new(&["flaky", "sure"]);
    let suite = turns.suite();
    let runner = Runner::new().trials(400).concurrency(1).stop_when(rule("each: pass@1 >= 0.3"));
    let run = runner.watch(turns).run(suite).await.unwrap();
    assert_eq!(run.stopping.as_ref().unwrap().decision(), StopDecision::Met, "{run:?}");
    let trials = |case: usize| run.cases[case].trials.trials();
    assert!(trials(1) < trials(0) && trials(0) < 400, "{:?}", run.cases);
}

#[tokio::test]
async fn what_is_stored_counts_when_the_run_goes_on() {
    let (folder, turns) = (Folder::new("stopping"), Turns::new(&["a", "b", "c", "d", "e"]));
    let suite = || turns.suite();
    let open = || async { store::open(&folder.place("runs.db")).await.unwrap() };
    let runner = || Runner::new().trials(40).concurrency(2).watch(turns.clone());
    let ruled = || runner().stop_when(rule("these: pass@1 >= 0.5"));
    let first = ruled().store(open().await).run(suite()).await.unwrap();
    assert!(matches!(first.end, EndReason::Decided(_)), "{:?}", first.end);
    let before = turns.ran();
    let again = ruled().store(open().await).resume(Resume::Latest).run(suite()).await.unwrap();
    assert_eq!(turns.ran(), before);
    assert_eq!((again.run, &again.end), (first.run, &first.end));
    // Without the rule, the rest is run.
    let rest = runner().store(open().await).resume(Resume::Latest).run(suite()).await.unwrap();
    assert_eq!((rest.end, turns.ran()), (EndReason::Complete, 200));
}

#[tokio::test]
async fn a_rule_cannot_end_a_part_of_a_run() {
    let runner =
        Runner::new().stop_when(rule("these: pass@1 >= 0.5")).shard(Shard::new(1, 2).unwrap());
    let error = runner.run(Turns::new(&["a"]).suite()).await.unwrap_err();
    assert!(matches!(error, RunError::StopWithShard), "{error}");
}

#[tokio::test]
async fn a_rule_that_stays_open_leaves_a_run_that_misses_nothing_and_is_biased() {
    let (folder, turns) = (Folder::new("settled"), Turns::new(&["flaky", "sure"]));
    let open = || async { store::open(&folder.place("runs.db")).await.unwrap() };
    let runner = || {
        let runner = Runner::new().trials(30).concurrency(2).watch(turns.clone());
        runner.stop_when(rule("each: pass@1 >= 0.5"))
    };
    let store = open().await;
    let run = runner().store(Arc::clone(&store)).run(turns.suite()).await.unwrap();
    let (flaky, sure) = (run.cases[0].trials.trials(), run.cases[1].trials.trials());
    assert!(flaky == 30 && sure < 30, "{:?}", run.cases);
    let open_rule = "each: pass@1 >= 0.5: open, 1 of 2 cases are decided";
    assert_eq!(run.end, EndReason::Settled(open_rule.to_owned()));
    let facts = run.facts().await.unwrap();
    assert_eq!((facts.missing(), facts.decided()), (0, Some(open_rule)));
    for report in [run.report().unwrap(), Report::of(&facts).unwrap()] {
        let (said, numbers) = report.to_string().split_once("one trial").map(own).unwrap();
        assert!(said.contains("Stopped by its results"), "{said}");
        assert!(!numbers.contains("did not end"), "{numbers}");
    }
    // There is nothing to go on with.
    let ran = turns.ran();
    let again = runner().store(store).resume(Resume::Latest).run(turns.suite()).await.unwrap();
    assert_eq!((again.end, turns.ran()), (run.end, ran));
}

fn own((before, after): (&str, &str)) -> (String, String) {
    (before.to_owned(), after.to_owned())
}

#[tokio::test]
async fn an_interrupted_run_is_biased_where_cases_were_stopped_by_their_results() {
    let turns = Turns::new(&["flaky", "sure"]);
    let drain = CancellationToken::new();
    let stopped = StopsAt { turns: turns.clone(), drain: drain.clone(), at: 40 };
    let runner = Runner::new().trials(400).concurrency(1).drain_with(drain);
    let runner = runner.stop_when(rule("each: pass@1 >= 0.3")).watch(stopped);
    let run = runner.run(turns.suite()).await.unwrap();
    assert_eq!(run.end, EndReason::Interrupted);
    let facts = run.facts().await.unwrap();
    assert!(facts.missing() > 0 && facts.decided().is_some(), "{facts:?}");
    assert!(run.report().unwrap().stopped_by_results().is_some());
}

/// Ends a run after so many trials.
struct StopsAt {
    turns: Turns,
    drain: CancellationToken,
    at: u32,
}

impl Watch for StopsAt {
    fn trial_ended(&self, finished: &Finished, progress: Progress) {
        if self.turns.ran() >= self.at {
            self.drain.cancel();
        }
        self.turns.trial_ended(finished, progress);
    }
}
