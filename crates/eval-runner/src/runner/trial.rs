//! One attempt at a trial of a suite: the agent under a capture, then the evals under another.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use futures::FutureExt as _;
use probity_eval::{CaptureProbeExt as _, Prices, RateLimiter, StopReason, probe::SpendLimit};
use probity_trace::{
    Panicked, RawTraceSnapshot, TraceSnapshot, capture, capture_catch, capture_raw,
};
use serde::Serialize;
use serde_json::Value;

use super::{held::Held, limits::on_spending, spending::spending};
use crate::{
    case::Case,
    store::Spending,
    suite::{Answer, Judgment, Suite, outcome},
    trials::{
        Ended, Failure, InTrial, OutOfTime, Outcome, Timed, Trial, TrialError, TrialLimits,
        classify,
    },
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
    /// What went over the wire; `None` if it was not captured.
    pub raw: Option<RawTraceSnapshot>,
    /// What the evals did; `None` if none ran.
    pub eval_trace: Option<TraceSnapshot>,
    /// When the trial began.
    pub started_at: SystemTime,
    /// How long the agent took; what the evals took is not in it, and neither is the time in which all that it did was
    /// to wait until a model call might be sent.
    pub duration: Duration,
    /// What the agent's model calls used, in all attempts.
    pub spent: Spending,
    /// What the evals' model calls used.
    pub judging: Spending,
    /// How often the trial was begun: its infrastructure failed, or the process ended before it did.
    pub attempts: u32,
    /// The longest time that the agent held its thread without awaiting.
    pub held: Duration,
}

/// What an attempt is made by.
pub(super) struct Setting<'a, I, E, A> {
    pub(super) suite: &'a Suite<I, E, A>,
    pub(super) limits: TrialLimits,
    pub(super) raw: bool,
    /// What the model calls of the trial ask.
    pub(super) limiter: &'a RateLimiter,
    pub(super) prices: &'a Prices,
    /// The run, for the trial's span.
    pub(super) run: &'a str,
}

/// Makes one attempt at a trial, and judges what it made.
pub(super) async fn attempt<I, E, A>(
    setting: Setting<'_, I, E, A>,
    case: Arc<Case<I, E>>,
    trial: Trial,
) -> Finished
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + Send + Sync + 'static,
{
    let Setting { suite, limits, raw, limiter, prices, run } = setting;
    let (started_at, started) = (SystemTime::now(), Instant::now());
    let anchor = anchor(run, suite.name(), trial.clone());
    // The closure is called where its trial is polled: what it says and how it panics belong to the trial, too.
    let started_late = Arc::clone(&case);
    let agent = async move { suite.start(started_late).await };
    let agent = Timed::new(agent, limits.time);
    let agent = agent.not_counting(limiter.clone());
    let agent = trial.clone().carried(agent);
    let (did, held) = match on_spending(limits, prices) {
        Some(limit) => Held::new(watched(agent, anchor, limit)).await,
        None if raw => Held::new(with_raw(agent, anchor)).await,
        None => {
            let (ran, held) = Held::new(capture_catch(agent).anchored_with(anchor)).await;
            (Did { ended: Ran::of(ran.output), trace: ran.trace, raw: None }, held)
        }
    };
    let took = started.elapsed().saturating_sub(limiter.waited().elapsed);
    let ended = did.ended;
    let mut finished = Finished::new(trial, Outcome::Passed, did.trace);
    finished.raw = did.raw;
    (finished.started_at, finished.duration) = (started_at, took);
    finished.held = held;
    finished.spent = spending(&finished.trace, prices);
    match ended {
        Ran::Made(artifact) => finished.judge(suite, case, artifact, prices).await,
        Ran::Ended(ended) => finished.outcome = classify(&ended, &finished.trace),
        Ran::OverLimit(reason) => {
            finished.outcome = Outcome::Failed(Failure::OverLimit(reason.reason));
        }
    }
    finished
}

/// What the agent did in an attempt.
struct Did<A> {
    ended: Ran<A>,
    trace: TraceSnapshot,
    raw: Option<RawTraceSnapshot>,
}

/// How the agent's part of an attempt ended.
enum Ran<A> {
    Made(A),
    Ended(Ended),
    OverLimit(StopReason),
}

impl<A> Ran<A> {
    fn of(output: Result<Result<Result<A, TrialError>, OutOfTime>, Panicked>) -> Self {
        match output {
            Ok(Ok(Ok(artifact))) => Self::Made(artifact),
            Ok(Ok(Err(error))) => Self::Ended(Ok(Ok(Err(error)))),
            Ok(Err(out_of_time)) => Self::Ended(Ok(Err(out_of_time))),
            Err(panicked) => Self::Ended(Err(panicked)),
        }
    }
}

/// Runs an agent whose spending has a limit.
async fn watched<A, F>(
    agent: InTrial<Timed<F>>,
    anchor: impl FnOnce() -> tracing::Span + Send + 'static,
    limit: SpendLimit,
) -> Did<A>
where
    F: Future<Output = Result<A, TrialError>>,
{
    let agent = AssertUnwindSafe(agent).catch_unwind();
    let ran = capture(agent).anchored_with(anchor).probe(limit).await;
    let ended = match (ran.output, ran.stopped) {
        // What came of an agent that had used too much by its end does not count.
        (_, Some(reason)) | (Err(reason), None) => Ran::OverLimit(reason),
        (Ok(output), None) => Ran::of(output.map_err(Panicked::from)),
    };
    Did { ended, trace: ran.trace, raw: None }
}

/// Runs an agent, and keeps what goes over the wire.
async fn with_raw<A, F>(
    agent: InTrial<Timed<F>>,
    anchor: impl FnOnce() -> tracing::Span + Send + 'static,
) -> Did<A>
where
    F: Future<Output = Result<A, TrialError>>,
{
    let agent = AssertUnwindSafe(agent).catch_unwind();
    let ran = capture_raw(agent).anchored_with(anchor).await;
    let ended = Ran::of(ran.output.map_err(Panicked::from));
    Did { ended, trace: ran.trace, raw: Some(ran.raw) }
}

/// Makes the span around everything that a trial does.
fn anchor(run: &str, suite: &str, trial: Trial) -> impl FnOnce() -> tracing::Span + Send + 'static {
    let (run, suite) = (run.to_owned(), suite.to_owned());
    move || {
        tracing::info_span!(
            target: "probity",
            "probity.trial",
            run,
            suite,
            case = trial.case(),
            trial = trial.index(),
            seed = trial.seed(),
        )
    }
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
            raw: None,
            eval_trace: None,
            started_at: SystemTime::now(),
            duration: Duration::ZERO,
            spent: Spending::default(),
            judging: Spending::default(),
            attempts: 1,
            held: Duration::ZERO,
        }
    }

    async fn judge<I, E, A>(
        &mut self,
        suite: &Suite<I, E, A>,
        case: Arc<Case<I, E>>,
        artifact: A,
        prices: &Prices,
    ) where
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
        let judged = Judged::of(suite, (self.trial.seed(), &self.trace), &answer, prices).await;
        self.outcome = judged.outcome;
        self.judgments = judged.judgments;
        self.judging = judged.spent;
        self.eval_trace = Some(judged.trace);
    }
}

/// What the evals of a suite said of one answer.
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) judgments: Vec<Judgment>,
    pub(super) spent: Spending,
    pub(super) trace: TraceSnapshot,
}

impl Judged {
    /// Judges an answer under a capture of its own, by the seed of its trial and what its agent did.
    pub(super) async fn of<I, E, A>(
        suite: &Suite<I, E, A>,
        (seed, trace): (u64, &TraceSnapshot),
        answer: &Answer<I, E, A>,
        prices: &Prices,
    ) -> Self
    where
        I: Send + Sync + 'static,
        E: Send + Sync + 'static,
        A: Send + Sync + 'static,
    {
        // Evals that emit nothing are no empty capture.
        let judged = capture(suite.judge(seed, trace, answer)).anchored("probity.evals").await;
        Self {
            outcome: outcome(&judged.output),
            judgments: judged.output,
            spent: spending(&judged.trace, prices),
            trace: judged.trace,
        }
    }
}
