//! Tells listeners and observers what happens in a capture, outside of every lock.

use std::{
    cell::Cell,
    collections::{HashMap, VecDeque},
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    task::Waker,
};

use super::record::SpanKey;
use crate::{
    flag::Raised,
    node::{FieldNode, SpanNode, TraceEvent},
    sync::{AtomicBool, AtomicU64, Mutex, MutexGuard, Ordering, lock},
};

type Call<T> = Box<dyn Fn(T) + Send + Sync>;

/// Who is told.
#[derive(Default)]
pub(crate) struct Delivery {
    events: Vec<Listener<TraceEvent>>,
    spans: Vec<Listener<SpanNode>>,
    /// Events for an observer, which runs on the capture's own task.
    queue: Option<Mutex<Queue>>,
    /// Fields that open spans got late, since a closed span is told with all its fields.
    late_fields: Mutex<HashMap<SpanKey, Vec<FieldNode>>>,
    undelivered: AtomicU64,
}

struct Listener<T> {
    call: Call<T>,
    panicked: AtomicBool,
}

#[derive(Debug, Default)]
struct Queue {
    events: VecDeque<TraceEvent>,
    /// Wakes the capture's task when something happens on another thread.
    waker: Option<Waker>,
}

impl Delivery {
    pub(crate) fn listen_events(&mut self, call: Call<TraceEvent>) {
        self.events.push(Listener { call, panicked: AtomicBool::new(false) });
    }

    pub(crate) fn listen_spans(&mut self, call: Call<SpanNode>) {
        self.spans.push(Listener { call, panicked: AtomicBool::new(false) });
    }

    pub(crate) fn enable_queue(&mut self) {
        self.queue.get_or_insert_default();
    }

    pub(crate) fn note_late_fields(&self, span: SpanKey, fields: &[FieldNode]) {
        self.late_fields().entry(span).or_default().extend_from_slice(fields);
    }

    /// Returns the late fields of a span that closes, and forgets them.
    pub(crate) fn take_late_fields(&self, span: SpanKey) -> Vec<FieldNode> {
        self.late_fields().remove(&span).unwrap_or_default()
    }

    fn late_fields(&self) -> MutexGuard<'_, HashMap<SpanKey, Vec<FieldNode>>> {
        lock(&self.late_fields)
    }

    fn lock_queue(&self) -> Option<MutexGuard<'_, Queue>> {
        self.queue.as_ref().map(lock)
    }

    /// Tells everyone. What a listener or observer causes is told to no one, and counted.
    pub(crate) fn deliver(&self, event: TraceEvent) {
        let Some(_listening) = listening() else {
            self.undelivered.fetch_add(1, Ordering::Relaxed);
            return;
        };
        if let TraceEvent::SpanClosed(node) = &event {
            for listener in &self.spans {
                self.call(listener, node.clone());
            }
        }
        for listener in &self.events {
            self.call(listener, event.clone());
        }
        let waker = self.lock_queue().and_then(|mut queue| {
            queue.events.push_back(event);
            queue.waker.take()
        });
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn call<T>(&self, listener: &Listener<T>, value: T) {
        if listener.panicked.load(Ordering::Relaxed) {
            self.undelivered.fetch_add(1, Ordering::Relaxed);
        } else if catch_unwind(AssertUnwindSafe(|| (listener.call)(value))).is_err() {
            listener.panicked.store(true, Ordering::Relaxed);
        }
    }

    /// Counts an event that could not be told.
    pub(crate) fn count_undelivered(&self) {
        self.undelivered.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the oldest event that waits for the observer; where there is none, `waker` is woken when
    /// one comes.
    pub(crate) fn next_queued(&self, waker: Option<&Waker>) -> Option<TraceEvent> {
        let mut queue = self.lock_queue()?;
        let event = queue.events.pop_front();
        if event.is_none() {
            queue.waker = waker.cloned();
        }
        event
    }

    /// Returns how many calls were left out, and how many listeners panicked.
    pub(crate) fn dropped(&self) -> (u64, u64) {
        let panicked = |flag: &AtomicBool| u64::from(flag.load(Ordering::Relaxed));
        let events: u64 = self.events.iter().map(|listener| panicked(&listener.panicked)).sum();
        let spans: u64 = self.spans.iter().map(|listener| panicked(&listener.panicked)).sum();
        (self.undelivered.load(Ordering::Relaxed), events + spans)
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("event_listeners", &self.events.len())
            .field("span_listeners", &self.spans.len())
            .field("has_observer", &self.queue.is_some())
            .finish_non_exhaustive()
    }
}

thread_local! {
    /// A listener or observer runs on this thread.
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Marks that this thread runs a listener or observer; `None` if it runs one already.
pub(crate) fn listening() -> Option<Raised> {
    Raised::raise(&LISTENING)
}
