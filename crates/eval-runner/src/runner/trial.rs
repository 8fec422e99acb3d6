//! One trial of a suite: the agent under a capture, then the evals under another.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use probity_trace::{TraceSnapshot, capture, capture_catch};
use serde::Serialize;
use serde_json::Value;

use crate::{
    case::Case,
    suite::{Answer, Judgment, Suite, outcome},
    trials::{Failure, Outcome, Timed, Trial, classify, trial_span},
};

/// What came of one trial of a suite.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finished {
    /// The case, the index and the seed.
    pub trial: Trial,
    /// What the trial came to.
    pub outcome: Outcome,
    /// What each eval said; empty where there was nothing to judge.
    pub judgments: Vec<Judgment>,
    /// What the agent made, as JSON; `None` if it made nothing.
    pub artifact: Option<Value>,
    /// What the agent did, below a span `probity.trial`.
    pub trace: TraceSnapshot,
    /// What the evals did; `None` if none ran.
    pub eval_trace: Option<TraceSnapshot>,
    /// When the trial began.
    pub started_at: SystemTime,
    /// How long the agent took; what the evals took is not in it.
    pub duration: Duration,
    /// How often the trial was tried, since its infrastructure failed before.
    pub attempts: u32,
}

/// Runs one trial of a suite, and judges what it made.
pub(super) async fn run<I, E, A>(
    suite: Arc<Suite<I, E, A>>,
    case: Arc<Case<I, E>>,
    trial: Trial,
    limit: Option<Duration>,
) -> Finished
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + Send + Sync + 'static,
{
    let (started_at, started) = (SystemTime::now(), Instant::now());
    let anchor = trial.clone();
    let agent = Timed::new(suite.start(Arc::clone(&case)), limit);
    let ran = capture_catch(trial.clone().carried(agent))
        .anchored_with(move || trial_span(&anchor))
        .await;
    let duration = started.elapsed();
    let mut finished = Finished::new(trial, Outcome::Passed, ran.trace);
    (finished.started_at, finished.duration) = (started_at, duration);
    match ran.output {
        Ok(Ok(Ok(artifact))) => finished.judge(&suite, case, artifact).await,
        Ok(Ok(Err(error))) => finished.classify(&Ok(Ok(Err(error)))),
        Ok(Err(out_of_time)) => finished.classify(&Ok(Err(out_of_time))),
        Err(panicked) => finished.classify(&Err(panicked)),
    }
    finished
}

impl Finished {
    /// What is known of a trial before anything was made or judged.
    pub(super) fn new(trial: Trial, outcome: Outcome, trace: TraceSnapshot) -> Self {
        Self {
            trial,
            outcome,
            judgments: Vec::new(),
            artifact: None,
            trace,
            eval_trace: None,
            started_at: SystemTime::now(),
            duration: Duration::ZERO,
            attempts: 1,
        }
    }

    fn classify(&mut self, ended: &crate::trials::Ended) {
        self.outcome = classify(ended, &self.trace);
    }

    async fn judge<I, E, A>(&mut self, suite: &Suite<I, E, A>, case: Arc<Case<I, E>>, artifact: A)
    where
        I: Send + Sync + 'static,
        E: Send + Sync + 'static,
        A: Serialize + Send + Sync + 'static,
    {
        match serde_json::to_value(&artifact) {
            Ok(value) => self.artifact = Some(value),
            Err(error) => {
                let reason = format!("the artifact cannot be written as JSON: {error}");
                self.outcome = Outcome::Failed(Failure::Error(reason));
                return;
            }
        }
        if !suite.has_evals() {
            return;
        }
        let answer = Answer::new(case, artifact);
        let judged = capture(suite.judge(&self.trace, &answer)).await;
        self.outcome = outcome(&judged.output);
        self.judgments = judged.output;
        self.eval_trace = Some(judged.trace);
    }
}
