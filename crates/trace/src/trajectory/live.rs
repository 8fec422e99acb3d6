//! A trajectory from its begin to its end.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
};

use serde_json::{Map, Value};

use super::{
    ERROR, ERROR_TYPE, NestedTrajectory, Sample, Trajectory, failure::Failure, mask, tracer::Shared,
};
use crate::{capture::Run, local, redact::Redaction, snapshot::TraceSnapshot};

/// What a trajectory needs to be kept when it ends.
pub(super) struct Live {
    pub(super) tracer: Arc<Shared>,
    pub(super) sample: Sample,
    pub(super) sandbox_id: Option<String>,
    pub(super) metadata: Map<String, Value>,
    /// By this, captures within know that the trajectory has not ended.
    pub(super) mark: Arc<str>,
}

impl Live {
    /// Begins the trajectory.
    ///
    /// # Errors
    ///
    /// If this thread works for another one.
    pub(super) fn begin(&self) -> Result<(), NestedTrajectory> {
        let around = local::with(|local| local.trajectory()).flatten();
        if let Some(around) = around.as_ref().and_then(Weak::upgrade) {
            return Err(NestedTrajectory::new(self.sample.clone(), &around));
        }
        self.tracer.begin();
        Ok(())
    }

    /// Ends the trajectory and keeps it.
    pub(super) fn end(self, ended: Ended) {
        let Ended { trace, failure, redaction } = ended;
        // Whoever begins a trajectory from now on is not within this one.
        drop(self.mark);
        let mut metadata = self.metadata;
        if let Some(failure) = failure {
            metadata.insert(ERROR.to_owned(), mask::text(&redaction, &failure.error).into());
            metadata.insert(ERROR_TYPE.to_owned(), failure.error_type.into());
        }
        let mut trajectory = Trajectory::from_trace(self.sample, &trace);
        trajectory.metadata = mask::map(&redaction, metadata);
        trajectory.sandbox_id = self.sandbox_id;
        self.tracer.keep(trajectory);
    }
}

/// What is left of a trajectory that has ended.
pub(super) struct Ended {
    pub(super) trace: TraceSnapshot,
    pub(super) failure: Option<Failure>,
    pub(super) redaction: Arc<Redaction>,
}

/// How a program ended: the failure to write down and, where it panicked, what it panicked with.
///
/// An error that panics when it is shown is a failure, too, and is passed on as any other.
pub(super) fn outcome<T>(
    ended: Result<T, Box<dyn Any + Send>>,
    judge: impl FnOnce(&T) -> Option<Failure>,
) -> (Option<Failure>, Result<T, Box<dyn Any + Send>>) {
    match ended {
        Ok(output) => {
            let judged = catch_unwind(AssertUnwindSafe(|| judge(&output)));
            (judged.unwrap_or_else(|payload| Some(Failure::of_panic(payload).0)), Ok(output))
        }
        Err(payload) => {
            let (failure, payload) = Failure::of_panic(payload);
            (Some(failure), Err(payload))
        }
    }
}

/// Writes a failure into the span of the trajectory that runs.
pub(super) fn record(run: &Run, failure: Option<&Failure>) {
    if let (Some(failure), Some(span)) = (failure, run.anchor()) {
        let _scope = run.enter();
        failure.record(span);
    }
}
