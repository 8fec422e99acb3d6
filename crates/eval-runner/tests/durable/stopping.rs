//! A run ends once its rule is decided.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use probity_eval_runner::{
    Case, Trial, TrialError,
    gate::{StopDecision, StopRule},
    runner::{Resume, RunError, Runner},
    store::{self, EndReason, Shard},
    suite::Suite,
};

use crate::support::Folder;

/// A suite of which the case `flaky`, if it has one, passes every other trial.
fn suite(cases: &[&str], ran: &Arc<AtomicU32>) -> Suite<String, (), u32> {
    let ran = Arc::clone(ran);
    let cases = cases.iter().map(|id| Case::new(*id, (*id).to_owned()));
    Suite::new("stopped", cases).agent("1", move |case: Arc<Case<String>>| {
        ran.fetch_add(1, Ordering::Relaxed);
        async move {
            let index = Trial::current().map_or(0, |trial| trial.index());
            match &*case.input {
                "flaky" if index.is_multiple_of(2) => Err(TrialError::from("not this time")),
                _ => Ok(1),
            }
        }
    })
}

fn rule(rule: &str) -> StopRule {
    rule.parse().unwrap()
}

#[tokio::test]
async fn a_run_whose_rule_is_met_begins_no_further_trial_and_misses_none() {
    let ran = Arc::default();
    let suite = suite(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], &ran);
    let runner = Runner::new().trials(50).concurrency(4).stop_when(rule("these: pass@1 >= 0.8"));
    let run = runner.run(suite).await.unwrap();
    assert_eq!(run.stopping.as_ref().unwrap().decision(), StopDecision::Met);
    assert!(matches!(&run.end, EndReason::Decided(how) if how.contains("met after 3 rounds")));
    let ran = ran.load(Ordering::Relaxed);
    assert!((30..60).contains(&ran), "{ran} trials were run");
    let report = run.report().unwrap();
    assert_eq!(report.missing, 0);
    assert!(report.to_string().contains("Stopped by its results"), "{report}");
    assert_eq!(run.facts().await.unwrap().missing(), 0);
}

#[tokio::test]
async fn a_case_that_is_decided_is_run_no_further_while_others_are() {
    let ran = Arc::default();
    let suite = suite(&["sure", "flaky"], &ran);
    let runner = Runner::new().trials(400).concurrency(1).stop_when(rule("each: pass@1 >= 0.3"));
    let run = runner.run(suite).await.unwrap();
    assert_eq!(run.stopping.as_ref().unwrap().decision(), StopDecision::Met, "{run:?}");
    let trials = |case: usize| run.cases[case].trials.trials();
    assert!(trials(0) < trials(1) && trials(1) < 400, "{:?}", run.cases);
}

#[tokio::test]
async fn what_is_stored_counts_when_the_run_goes_on() {
    let folder = Folder::new("stopping");
    let ran: Arc<AtomicU32> = Arc::default();
    let open = || async { store::open(&folder.place("runs.db")).await.unwrap() };
    let runner = || Runner::new().trials(40).concurrency(2).stop_when(rule("these: pass@1 >= 0.5"));
    let cases = ["a", "b", "c", "d", "e"];
    let first = runner().store(open().await).run(suite(&cases, &ran)).await.unwrap();
    assert!(matches!(first.end, EndReason::Decided(_)), "{:?}", first.end);
    let before = ran.load(Ordering::Relaxed);
    let again = runner().store(open().await).resume(Resume::Latest);
    let again = again.run(suite(&cases, &ran)).await.unwrap();
    assert_eq!(ran.load(Ordering::Relaxed), before);
    assert_eq!((again.run, &again.end), (first.run, &first.end));
    // Without the rule, the rest is run.
    let rest = Runner::new().trials(40).store(open().await).resume(Resume::Latest);
    let rest = rest.run(suite(&cases, &ran)).await.unwrap();
    assert_eq!((rest.end, ran.load(Ordering::Relaxed)), (EndReason::Complete, 200));
}

#[tokio::test]
async fn a_rule_cannot_end_a_part_of_a_run() {
    let runner =
        Runner::new().stop_when(rule("these: pass@1 >= 0.5")).shard(Shard::new(1, 2).unwrap());
    let error = runner.run(suite(&["a"], &Arc::default())).await.unwrap_err();
    assert!(matches!(error, RunError::StopWithShard), "{error}");
}
