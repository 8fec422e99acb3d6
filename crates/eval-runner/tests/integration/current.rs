//! A trial knows who it is.

use std::cell::RefCell;

use probity_eval_runner::{Case, Trial, TrialError, pass_at_k, run_trials, trial_seed};

#[tokio::test]
async fn the_current_trial_is_the_same_on_both_sides_of_an_await() -> Result<(), TrialError> {
    let metric = pass_at_k(1, 1, || async {
        let before = Trial::current();
        for _ in 0..20 {
            tokio::task::yield_now().await;
            assert_eq!(Trial::current(), before);
        }
        Ok(before.is_some())
    })
    .trials(16)
    .concurrency(16)
    .await?;
    assert_eq!(metric.passes, 16);
    assert_eq!(Trial::current(), None);
    Ok(())
}

#[tokio::test]
async fn every_trial_has_its_own_case_index_and_seed() -> Result<(), TrialError> {
    let seen = RefCell::new(Vec::new());
    let cases = [Case::new("a", ()), Case::new("b", ())];
    let run = run_trials(&cases, 3, |case| {
        // The first lines of a closure, before its future is polled, belong to the trial too.
        let trial = Trial::current();
        let seen = &seen;
        async move {
            let trial = trial.ok_or("no trial is running")?;
            assert_eq!(trial.case(), case.id);
            seen.borrow_mut().push((trial.case().to_owned(), trial.index(), trial.seed()));
            Ok(true)
        }
    })
    .seed(9)
    .await?;
    let mut seen = seen.into_inner();
    seen.sort();
    let mut want = Vec::new();
    for case in ["a", "b"] {
        for index in 0..3 {
            want.push((case.to_owned(), index, trial_seed(9, case, index)));
        }
    }
    assert_eq!(seen, want);
    let recorded: Vec<_> =
        run.trials().map(|trial| (trial.case.clone(), trial.index, trial.seed)).collect();
    assert_eq!(recorded, want);
    Ok(())
}

#[tokio::test]
async fn a_spawned_task_can_carry_the_trial() -> Result<(), TrialError> {
    let metric = pass_at_k(2, 2, || async {
        let trial = Trial::current().ok_or("no trial is running")?;
        let bare = tokio::spawn(async { Trial::current() }).await?;
        let carried = trial.clone().carried(async { Trial::current() });
        Ok(bare.is_none() && tokio::spawn(carried).await? == Some(trial))
    })
    .await?;
    assert_eq!(metric.passes, 2);
    Ok(())
}

#[tokio::test]
async fn trials_inside_a_trial_put_the_outer_one_back() -> Result<(), TrialError> {
    let metric = pass_at_k(1, 1, || async {
        let outer = Trial::current();
        let inner = pass_at_k(1, 1, || async {
            Ok(Trial::current().is_some_and(|trial| trial.case() == "inner"))
        })
        .case("inner")
        .await?;
        Ok(inner.passes == 1 && Trial::current() == outer)
    })
    .case("outer")
    .await?;
    assert_eq!(metric.passes, 1);
    Ok(())
}
