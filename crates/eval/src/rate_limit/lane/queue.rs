//! Calls that wait, in the order in which they came.

use std::{collections::VecDeque, task::Waker, time::Duration};

/// A call that waits.
#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) ticket: u64,
    /// The tokens that it may need.
    pub(super) tokens: u64,
    /// Those of them that are not yet taken, and what others used beyond theirs.
    pub(super) missing: u64,
    pub(super) since: Duration,
    /// How long refusals had kept calls waiting before.
    pub(super) refusals_before: Duration,
    pub(super) waker: Waker,
}

/// Calls that wait, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiters: VecDeque<Waiter>,
}

impl Queue {
    /// Lets a call wait, whose ticket is higher than all before.
    pub(super) fn push(&mut self, waiter: Waiter) {
        self.waiters.push_back(waiter);
    }

    /// Returns the call that goes next.
    pub(super) fn first(&self) -> Option<&Waiter> {
        self.waiters.front()
    }

    pub(super) fn first_mut(&mut self) -> Option<&mut Waiter> {
        self.waiters.front_mut()
    }

    pub(super) fn pop(&mut self) -> Option<Waiter> {
        self.waiters.pop_front()
    }

    /// Returns a call that waits, and whether it goes next.
    pub(super) fn get_mut(&mut self, ticket: u64) -> Option<(&mut Waiter, bool)> {
        let index = self.find(ticket)?;
        self.waiters.get_mut(index).map(|waiter| (waiter, index == 0))
    }

    pub(super) fn remove(&mut self, ticket: u64) -> Option<Waiter> {
        let index = self.find(ticket)?;
        self.waiters.remove(index)
    }

    fn find(&self, ticket: u64) -> Option<usize> {
        self.waiters.binary_search_by_key(&ticket, |waiter| waiter.ticket).ok()
    }
}
