//! Collects the trajectories of one task with one model.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Run, Sample, Trajectory, TrajectoryScope};
use crate::limits::CaptureLimits;

/// Collects the trajectories of one task with one model.
///
/// It is a handle: clones collect into the same run. Several tracers in one program know nothing of each
/// other.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::Tracer;
///
/// # fn ask(_: &str) -> String { "4".to_owned() }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tracer = Tracer::new("math-eval", "small");
/// for question in ["What is 2 + 2?", "What is the capital of France?"] {
///     let answer = tracer.trajectory(question).run_sync(|| ask(question))?;
///     println!("{answer}");
/// }
///
/// let run = tracer.finish();
/// assert_eq!((run.task.as_str(), run.trajectories.len()), ("math-eval", 2));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tracer {
    shared: Arc<Shared>,
    limits: CaptureLimits,
}

/// What all clones of a tracer share.
pub(super) struct Shared {
    task: String,
    model: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: usize,
    /// In the order in which they ended.
    ended: Vec<Trajectory>,
}

impl Tracer {
    /// Makes a tracer for a task, such as `math-eval`, and a model, such as `gpt-4o`.
    #[must_use]
    pub fn new(task: impl Into<String>, model: impl Into<String>) -> Self {
        let shared = Shared { task: task.into(), model: model.into(), state: Mutex::default() };
        Self { shared: Arc::new(shared), limits: CaptureLimits::default() }
    }

    /// Sets the bounds on what is kept of each trajectory while it runs, for trajectories that this
    /// handle makes from now on.
    #[must_use]
    pub fn with_limits(mut self, limits: CaptureLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Returns the name of the task.
    #[must_use]
    pub fn task(&self) -> &str {
        &self.shared.task
    }

    /// Returns the name of the model.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.shared.model
    }

    /// Makes the scope of one trajectory, which begins once something runs in it.
    ///
    /// The same sample may have several.
    pub fn trajectory(&self, sample: impl Into<Sample>) -> TrajectoryScope {
        TrajectoryScope::new(Arc::clone(&self.shared), sample.into(), self.limits)
    }

    /// Returns how many trajectories have begun and not ended.
    #[must_use]
    pub fn running(&self) -> usize {
        self.shared.state().running
    }

    /// Takes the trajectories that have ended, in the order in which they ended.
    ///
    /// Each is given once. Those that end later are kept for the next call, so that a program that works
    /// on very many samples can take what there is now and then, and hold no more than that in memory.
    /// [`running`](Self::running) tells whether any are to come.
    ///
    /// # Examples
    ///
    /// ```
    /// let tracer = probity_trace::Tracer::new("math-eval", "small");
    /// tracer.trajectory(1).run_sync(|| ()).unwrap();
    /// assert_eq!(tracer.finish().trajectories.len(), 1);
    /// assert!(tracer.finish().is_empty());
    /// ```
    #[must_use = "what is taken is not given again"]
    pub fn finish(&self) -> Run {
        let ended = std::mem::take(&mut self.shared.state().ended);
        Run::new(self.task(), self.model(), ended)
    }
}

impl Shared {
    pub(super) fn task(&self) -> &str {
        &self.task
    }

    pub(super) fn model(&self) -> &str {
        &self.model
    }

    /// Counts a trajectory that begins.
    pub(super) fn begin(&self) {
        self.state().running += 1;
    }

    /// Keeps a trajectory that has ended.
    pub(super) fn keep(&self, trajectory: Trajectory) {
        let mut state = self.state();
        state.running = state.running.saturating_sub(1);
        state.ended.push(trajectory);
    }

    /// No code of the user runs under the lock, so that the state is whole even if it was poisoned.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (running, ended) = {
            let state = self.shared.state();
            (state.running, state.ended.len())
        };
        f.debug_struct("Tracer")
            .field("task", &self.task())
            .field("model", &self.model())
            .field("running", &running)
            .field("ended", &ended)
            .finish_non_exhaustive()
    }
}
