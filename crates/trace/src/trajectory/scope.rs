//! Runs code as one trajectory.

use std::{
    fmt::{self, Display},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
};

use serde_json::{Map, Value};

use super::{
    NestedTrajectory, RunTrajectory, Sample,
    anchor::Anchor,
    failure::Failure,
    live::{self, Ended, Live},
    tracer::Shared,
};
use crate::{
    capture::{self, Setup},
    limits::CaptureLimits,
    log::Settings,
};

/// The scope of one trajectory, made by [`Tracer::trajectory`](super::Tracer::trajectory).
///
/// What runs in it is captured as in [`capture()`](crate::capture()): across every `.await`, and in tasks
/// and threads that `spawn` or a [`CaptureHandle`](crate::CaptureHandle) carried it to.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::Tracer;
///
/// # futures::executor::block_on(async {
/// let tracer = Tracer::new("math-eval", "small");
/// let answer = tracer
///     .trajectory("question-1")
///     .sandbox_id("33333333-3333-4333-8333-333333333333")
///     .metadata("difficulty", "hard")
///     .try_run(async { "not a number".parse::<i32>() })
///     .await
///     .expect("this is within no other trajectory");
/// assert!(answer.is_err());
///
/// let run = tracer.finish();
/// let metadata = &run.trajectories[0].metadata;
/// assert_eq!(metadata["difficulty"], "hard");
/// assert_eq!(metadata["error"], "invalid digit found in string");
/// assert_eq!(metadata["error_type"], "ParseIntError");
/// # });
/// ```
#[must_use = "a trajectory begins once something runs in it"]
pub struct TrajectoryScope {
    live: Live,
    limits: CaptureLimits,
}

impl TrajectoryScope {
    pub(super) fn new(tracer: Arc<Shared>, sample: Sample, limits: CaptureLimits) -> Self {
        let mark = sample.to_string().into();
        let live = Live { tracer, sample, sandbox_id: None, metadata: Map::new(), mark };
        Self { live, limits }
    }

    /// Says in which container the agent works; Lunette takes UUIDs only.
    pub fn sandbox_id(mut self, id: impl Into<String>) -> Self {
        self.live.sandbox_id = Some(id.into());
        self
    }

    /// Adds something to the metadata; what was there under this key is replaced.
    ///
    /// Values under names of secrets and what has the shape of one are masked when the trajectory is kept.
    /// `error` and `error_type` are replaced if it fails.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.live.metadata.insert(key.into(), value.into());
        self
    }

    /// Sets the bounds on what is kept of this trajectory while it runs.
    pub fn limits(mut self, limits: CaptureLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Runs a future as the trajectory and resolves to its output.
    ///
    /// The trajectory begins with the first poll. It fails if the future panics, which then goes on, or is
    /// dropped before it is ready; whatever it resolves to is no failure. Where it is a `Result`, use
    /// [`try_run`](Self::try_run).
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let tracer = probity_trace::Tracer::new("math-eval", "small");
    /// assert_eq!(tracer.trajectory(1).run(async { 2 + 2 }).await.unwrap(), 4);
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// If it is first polled within another trajectory; the future is then not polled at all.
    pub fn run<F: Future>(self, future: F) -> RunTrajectory<F> {
        RunTrajectory::new(self, future, |_| None)
    }

    /// Runs a future as [`run`](Self::run) does; the trajectory fails, too, if it resolves to an `Err`.
    ///
    /// The metadata then have the error's text as `error` and the name of its type, without its modules, as
    /// `error_type`. The result is passed on as it is, so that `.await??` is the usual end.
    ///
    /// # Errors
    ///
    /// If it is first polled within another trajectory; the future is then not polled at all.
    pub fn try_run<F, T, E>(self, future: F) -> RunTrajectory<F>
    where
        F: Future<Output = Result<T, E>>,
        E: Display,
    {
        RunTrajectory::new(self, future, Failure::of_result)
    }

    /// Runs a closure as the trajectory and returns what it returns; see [`run`](Self::run).
    ///
    /// # Examples
    ///
    /// ```
    /// let tracer = probity_trace::Tracer::new("math-eval", "small");
    /// assert_eq!(tracer.trajectory(1).run_sync(|| 2 + 2).unwrap(), 4);
    /// ```
    ///
    /// # Errors
    ///
    /// If it is called within another trajectory; the closure is then not called.
    pub fn run_sync<T>(self, f: impl FnOnce() -> T) -> Result<T, NestedTrajectory> {
        self.run_blocking(f, |_| None)
    }

    /// Runs a closure as the trajectory, which fails if it returns an `Err`; see [`try_run`](Self::try_run).
    ///
    /// # Examples
    ///
    /// ```
    /// let tracer = probity_trace::Tracer::new("math-eval", "small");
    /// let parsed = tracer.trajectory(1).try_run_sync(|| "four".parse::<i32>()).unwrap();
    /// assert!(parsed.is_err());
    /// assert_eq!(tracer.finish().trajectories[0].error(), Some("invalid digit found in string"));
    /// ```
    ///
    /// # Errors
    ///
    /// If it is called within another trajectory; the closure is then not called.
    pub fn try_run_sync<T, E: Display>(
        self,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<Result<T, E>, NestedTrajectory> {
        self.run_blocking(f, Failure::of_result)
    }

    fn run_blocking<T>(
        self,
        f: impl FnOnce() -> T,
        judge: fn(&T) -> Option<Failure>,
    ) -> Result<T, NestedTrajectory> {
        let (live, setup) = self.into_parts();
        live.begin()?;
        let run = capture::Run::start(setup);
        let scope = run.enter();
        let ended = catch_unwind(AssertUnwindSafe(f));
        drop(scope);
        let (failure, output) = live::outcome(ended, judge);
        live::record(&run, failure.as_ref());
        let redaction = run.log().redaction();
        let (trace, _) = run.finish();
        live.end(Ended { trace, failure, redaction });
        output.map_err(|payload| resume_unwind(payload))
    }

    /// Returns what is kept at the end, and what the capture is set up with.
    pub(super) fn into_parts(self) -> (Live, Setup) {
        let live = self.live;
        let anchor = Anchor {
            task: live.tracer.task().to_owned(),
            model: live.tracer.model().to_owned(),
            sample: live.sample.clone(),
            sandbox_id: live.sandbox_id.clone(),
        };
        let settings = Settings {
            limits: self.limits,
            trajectory: Some(Arc::downgrade(&live.mark)),
            ..Settings::default()
        };
        let setup = Setup {
            settings,
            anchor: Some(Box::new(move || anchor.open())),
            // A trial or a test around it is to see what the agent did.
            visible_outside: true,
        };
        (live, setup)
    }
}

impl fmt::Debug for TrajectoryScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrajectoryScope")
            .field("sample", &self.live.sample)
            .field("sandbox_id", &self.live.sandbox_id)
            .finish_non_exhaustive()
    }
}
