//! One trial as a future: captured, timed, and guarded against panics.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use pin_project_lite::pin_project;
use probity_trace::{CaptureCatch, TraceSnapshot, capture_catch};

use super::{
    agent::Agent,
    classify::classify,
    current::{InTrial, Trial},
    launch::Launch,
    outcome::{Failure, Outcome},
    record::TrialRecord,
    timed::Timed,
};

pin_project! {
    /// A trial under a capture of its own, in a span `probity.trial` with its case, index and seed.
    pub(super) struct OneTrial<A: Agent> {
        trial: Trial,
        #[pin]
        running: CaptureCatch<InTrial<Timed<Launch<A>>>>,
    }
}

impl<A: Agent> OneTrial<A> {
    pub(super) fn new(agent: Arc<A>, case: A::Case, trial: Trial, limit: Option<Duration>) -> Self {
        let timed = Timed::new(Launch::new(agent, case), limit);
        let anchor = trial.clone();
        let running =
            capture_catch(trial.clone().carried(timed)).anchored_with(move || trial_span(&anchor));
        Self { trial, running }
    }
}

/// The span around everything that a trial does.
fn trial_span(trial: &Trial) -> tracing::Span {
    tracing::info_span!(
        target: "probity",
        "probity.trial",
        case = trial.case(),
        trial = trial.index(),
        seed = trial.seed(),
    )
}

impl<A: Agent> Future for OneTrial<A> {
    type Output = TrialRecord;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<TrialRecord> {
        let this = self.project();
        // The capture catches panics of the agent while it runs; this catches those of its destructors.
        let polled = catch_unwind(AssertUnwindSafe(|| this.running.poll(context)));
        let (outcome, trace) = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(ended)) => (classify(&ended.output, &ended.trace), ended.trace),
            Err(_) => (Outcome::Failed(in_destructor()), TraceSnapshot::default()),
        };
        Poll::Ready(TrialRecord {
            case: this.trial.case().to_owned(),
            index: this.trial.index(),
            seed: this.trial.seed(),
            outcome,
            trace,
        })
    }
}

fn in_destructor() -> Failure {
    Failure::Panicked("a destructor panicked after the trial had ended".to_owned())
}
