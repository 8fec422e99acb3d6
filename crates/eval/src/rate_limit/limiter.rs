//! The limiter that all calls of a run ask.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    admission::Admission,
    current::{self, InScope},
    limits::RateLimits,
    per_minute::name,
    shared::SharedLane,
    tally::{Tally, Waiting},
    waited::Waited,
};

/// Lets calls to providers go no faster than [`RateLimits`] allow and the providers accept.
///
/// A cheap handle: clones share the limits and the count of what was waited. Waits use a timer of their own and need
/// no runtime. [The module](super) says which calls ask, and what they wait for.
///
/// # Examples
///
/// Calls that no turn and no tap makes ask by themselves:
///
/// ```
/// use probity_eval::{RateLimiter, RateLimits};
///
/// # async fn send() -> Result<u64, probity_eval::ModelError> { Ok(80) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let limiter = RateLimiter::new(RateLimits::new().with_tokens_per_minute(("acme", 90_000)));
/// let mut permit = limiter.admit("acme", 120).await;
/// match send().await {
///     Ok(tokens) => {
///         permit.accepted();
///         permit.settle(tokens);
///     }
///     Err(error) => permit.failed(&error),
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct RateLimiter {
    lanes: Arc<Lanes>,
    tally: Arc<Tally>,
}

struct Lanes {
    limits: RateLimits,
    by_provider: Mutex<HashMap<String, Arc<SharedLane>>>,
}

impl RateLimiter {
    /// Makes a limiter to which nothing was sent yet.
    pub fn new(limits: RateLimits) -> Self {
        let lanes = Lanes { limits, by_provider: Mutex::default() };
        Self { lanes: Arc::new(lanes), tally: Arc::default() }
    }

    /// Returns the limiter in whose [`scope`](Self::scope) this thread polls, if any.
    pub fn current() -> Option<Self> {
        current::current()
    }

    /// Makes this the [current](Self::current) limiter whenever the future is polled, also on another task.
    pub fn scope<F: Future>(&self, future: F) -> InScope<F> {
        InScope::new(self.clone(), future)
    }

    /// Returns a limiter with the same limits and the same queues that counts for itself what was waited, and for this
    /// one too: for one of several trials.
    #[must_use]
    pub fn part(&self) -> Self {
        let tally = Arc::new(Tally::part_of(&self.tally));
        Self { lanes: Arc::clone(&self.lanes), tally }
    }

    /// Waits until a call may be sent to a provider that may need so many tokens, of input and output together.
    ///
    /// Nothing is asked before the future is polled.
    pub fn admit(&self, provider: &str, tokens: u64) -> Admission {
        let longest_hold = self.lanes.limits.longest_hold();
        Admission::new(self.lane(provider), Arc::clone(&self.tally), tokens, longest_hold)
    }

    /// Returns how long calls waited so far.
    pub fn waited(&self) -> Waited {
        self.tally.waited()
    }

    /// Returns the limits.
    pub fn limits(&self) -> &RateLimits {
        &self.lanes.limits
    }

    /// Counts a wait between two attempts, until it is dropped.
    pub(crate) fn wait_between_attempts(&self) -> Waiting {
        self.tally.begin()
    }

    fn lane(&self, provider: &str) -> Arc<SharedLane> {
        let name = name(provider);
        let mut lanes = self.lanes.by_provider.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&name) {
            return Arc::clone(lane);
        }
        let lane = Arc::new(SharedLane::new(self.lanes.limits.of(&name)));
        lanes.insert(name, Arc::clone(&lane));
        lane
    }

    #[cfg(test)]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tally, &other.tally)
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("limits", &self.lanes.limits)
            .field("waited", &self.waited())
            .finish_non_exhaustive()
    }
}
