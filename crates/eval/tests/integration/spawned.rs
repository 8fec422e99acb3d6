//! Async evals run on a runtime with many threads, which the crate itself knows nothing of.

use std::sync::Arc;

use probity_eval::{EvalExt as _, Llm, PureEvalExt as _, Score, from_async_fn, maximize, weighted};
use probity_trace::{Collected, TraceSnapshot};

use crate::evals::{ResponseLength, SlowWords, out_of_ten};

fn collected(answer: &str) -> Collected<String> {
    Collected::new(answer.to_owned(), TraceSnapshot::default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scored_async_eval_can_be_spawned() {
    let (llm, eval) = (Llm::without_model(), SlowWords.scored_by(maximize(out_of_ten)));
    let task = tokio::spawn(async move { eval.run(&llm, collected("two words")).await });
    assert_eq!(task.await.unwrap().score(), Some(Score::new_clamped(0.2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_eval_judges_many_artifacts_at_once() {
    let eval = SlowWords
        .combine(ResponseLength.lift().map_error(|never| match never {}), |a, b| (a, b))
        .map_error(|error| error.to_string())
        .boxed();
    let (eval, llm) = (Arc::new(eval), Llm::without_model());
    let tasks: Vec<_> = (1..=32)
        .map(|words| {
            let (eval, llm) = (Arc::clone(&eval), llm.clone());
            let collected = collected(&"word ".repeat(words));
            tokio::spawn(async move { eval.run_collected(&llm, &collected).await })
        })
        .collect();
    for (words, task) in (1..=32).zip(tasks) {
        assert_eq!(task.await.unwrap(), Ok((words, words * 5)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_evals_made_of_closures_can_be_spawned() {
    let says = |word: &'static str| {
        from_async_fn(move |_llm, _trace, answer: &String| {
            Box::pin(async move {
                tokio::task::yield_now().await;
                Ok::<_, String>(answer.contains(word))
            })
        })
        .scored_by(maximize(|said: &bool| *said))
        .named(word)
    };
    let eval = weighted([(3.0, says("two")), (1.0, says("three"))]);
    let task =
        tokio::spawn(async move { eval.run(&Llm::without_model(), collected("two words")).await });
    let record = task.await.unwrap();
    assert_eq!(record.score(), Some(Score::new_clamped(0.75)));
    let passed: Vec<_> = record.report().unwrap().iter().map(|part| part.scored.passed).collect();
    assert_eq!(passed, [true, false]);
}
