//! Which public types cross threads.

use std::rc::Rc;

use probity_eval_runner::{
    Case, KMetric, KMetricError, NotGraded, Report, RunTrialsError, Trial, TrialError, TrialRecord,
    TrialRun, pass_at_k, run_trials,
};

fn is_send<T: Send>(value: T) -> T {
    value
}

fn crosses_threads<T: Send + Sync + 'static>() {}

#[test]
fn results_and_errors_cross_threads() {
    crosses_threads::<KMetric>();
    crosses_threads::<KMetricError>();
    crosses_threads::<NotGraded>();
    crosses_threads::<Report>();
    crosses_threads::<RunTrialsError>();
    crosses_threads::<Trial>();
    crosses_threads::<TrialRecord>();
    crosses_threads::<TrialRun>();
}

#[tokio::test]
async fn trials_of_send_futures_can_be_spawned() {
    let agent = |answer: String| async move { answer.len() > 2 };
    let trials =
        pass_at_k(2, 1, move || async move { Ok(agent("yes".to_owned()).await) }).trials(4);
    let metric = tokio::spawn(is_send(trials.into_future()));
    assert_eq!(metric.await.expect("no panic").expect("a metric").passes, 4);

    let cases: &'static [Case<u8>] = Box::leak(Box::new([Case::new("a", 1), Case::new("b", 2)]));
    let run = run_trials(cases, 2, |case| async move { Ok(case.input == 1) });
    let run = tokio::spawn(is_send(run.into_future())).await.expect("no panic").expect("a run");
    assert_eq!(run.tally().passed, 2);
}

#[tokio::test]
async fn trials_may_borrow_and_need_not_be_send() -> Result<(), TrialError> {
    let borrowed = String::from("local");
    let counter = Rc::new(std::cell::Cell::new(0));
    let metric = pass_at_k(3, 1, || async {
        let held = Rc::clone(&counter);
        tokio::task::yield_now().await;
        held.set(held.get() + borrowed.len());
        Ok(true)
    })
    .await?;
    assert_eq!((metric.passes, counter.get()), (3, 15));
    Ok(())
}
