//! A probe on any stream.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures::Stream;
use pin_project_lite::pin_project;

use super::{Probe, StopReason, guard::Guarded};

/// Shows a stream of texts to a probe, which may end it.
///
/// Items pass through unchanged. Once the probe gives a reason to stop, the item that it saw last is passed
/// on, and the stream ends.
///
/// # Examples
///
/// ```
/// use futures::{StreamExt as _, stream};
/// use probity_eval::{Probe, StopReason, probe::watch_text};
///
/// struct NoDigits(bool);
///
/// impl Probe for NoDigits {
///     fn on_text_delta(&mut self, delta: &str) {
///         self.0 |= delta.contains(|c: char| c.is_ascii_digit());
///     }
///
///     fn stop(&self) -> Option<StopReason> {
///         self.0.then(|| StopReason::new("a digit"))
///     }
/// }
///
/// # futures::executor::block_on(async {
/// let deltas = stream::iter(["one", "2", "three"]);
/// let mut watched = watch_text(deltas, NoDigits(false));
/// let passed: Vec<_> = watched.by_ref().collect().await;
/// assert_eq!(passed, ["one", "2"]);
/// assert_eq!(watched.stopped().unwrap().reason, "a digit");
/// # });
/// ```
pub fn watch_text<S, P>(stream: S, probe: P) -> Watched<S, P, impl FnMut(&S::Item, &mut P)>
where
    S: Stream<Item: AsRef<str>>,
    P: Probe,
{
    watch(stream, probe, |item: &S::Item, probe: &mut P| probe.on_text_delta(item.as_ref()))
}

/// Shows a stream of any items to a probe by a closure that calls its hooks, as [`watch_text`] does.
pub fn watch<S, P, V>(stream: S, probe: P, show: V) -> Watched<S, P, V>
where
    S: Stream,
    P: Probe,
    V: FnMut(&S::Item, &mut P),
{
    Watched { stream: Some(stream), probe: Guarded::new(probe), show, stopped: None }
}

pin_project! {
    /// Stream of [`watch`] and [`watch_text`].
    #[must_use = "streams do nothing unless polled"]
    pub struct Watched<S, P, V> {
        #[pin]
        stream: Option<S>,
        probe: Guarded<P>,
        show: V,
        stopped: Option<StopReason>,
    }
}

impl<S, P: Probe, V> Watched<S, P, V> {
    /// Returns why the probe ended the stream, if it did.
    pub fn stopped(&self) -> Option<&StopReason> {
        self.stopped.as_ref()
    }

    /// Returns what the probe said when it panicked, if it did.
    pub fn panicked(&self) -> Option<&str> {
        self.probe.panicked()
    }

    /// Returns the probe.
    pub fn into_probe(self) -> P {
        self.probe.into_parts().0
    }
}

impl<S, P, V> Stream for Watched<S, P, V>
where
    S: Stream,
    P: Probe,
    V: FnMut(&S::Item, &mut P),
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let Some(stream) = this.stream.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let item = ready!(stream.poll_next(context));
        let stopped =
            item.as_ref().and_then(|item| this.probe.tell(|probe| (this.show)(item, probe)));
        if item.is_none() || stopped.is_some() {
            this.stream.set(None);
            *this.stopped = stopped;
        }
        Poll::Ready(item)
    }
}

impl<S, P, V> fmt::Debug for Watched<S, P, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched")
            .field("is_over", &self.stream.is_none())
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}
