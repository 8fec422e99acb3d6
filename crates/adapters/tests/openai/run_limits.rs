//! A whole run against a provider that refuses a third of the calls and dies in the middle.

use std::{sync::Arc, time::Duration};

use probity_adapters::openai::OpenAiModel;
use probity_eval::{Budget, Llm, RateLimits};
use probity_eval_runner::{
    Case,
    runner::{Resume, Runner},
    store,
    suite::Suite,
};
use probity_model_server::{Failure, FailureKind, Reply, Script};

use crate::{contract::serve, model};

const CASES: u32 = 20;
const TRIALS: u32 = 15;
/// How long the provider is away.
const AWAY: Duration = Duration::from_secs(5);

/// An agent of two turns.
fn suite(model: OpenAiModel) -> Suite<u32, (), String> {
    let llm = Llm::new(Arc::new(model), Budget::unlimited());
    let cases = (0..CASES).map(|case| Case::new(format!("case-{case}"), case));
    Suite::new("weather", cases).agent("1", move |_| {
        let llm = llm.clone();
        async move {
            llm.completion("How is the weather?").collect().await?;
            Ok(llm.completion("And tomorrow?").collect().await?.text)
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_trial_is_graded_though_a_third_is_refused_and_the_server_is_away_for_five_seconds() {
    let server = serve(Script::from_fn(|_, given| match given % 3 {
        1 => Failure::new(FailureKind::RateLimited).with_retry_after_ms(30).into(),
        _ => Reply::text("It is sunny."),
    }))
    .await;
    let folder = std::env::temp_dir().join(format!("probity-run-limits-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = store::open(folder.join("runs.db").to_str().unwrap()).await.unwrap();
    let runner = Runner::new()
        .trials(TRIALS)
        .concurrency(32)
        .rate_limits(RateLimits::new().with_requests_per_minute(("openai", 12_000)))
        .store(store)
        .resume(Resume::Never);
    let running = runner.run(suite(model(&server)));
    let dying = async {
        server.wait_for_requests(200).await;
        server.go_away_for(AWAY).await
    };
    let (run, died) = tokio::join!(running, dying);
    died.unwrap();
    let run = run.unwrap();
    println!(
        "{} trials, tried again {} times; {}",
        run.tally().trials(),
        run.progress.retries,
        run.progress.waited
    );
    assert_eq!(
        (run.tally().passed, run.cancelled),
        (u64::from(CASES * TRIALS), 0),
        "{:?}",
        run.tally()
    );
    let waited = run.progress.waited;
    assert!(waited.refused >= 200, "{waited:?}");
    assert!(run.progress.wait() >= AWAY, "{waited:?}");
    std::fs::remove_dir_all(&folder).unwrap();
}
