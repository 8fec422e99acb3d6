//! The calls of one provider: who waits for what, and who goes next. It knows the time only as it is told.

mod queue;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, mem, task::Waker, time::Duration};

use self::queue::{Queue, Waiter};
use super::{limits::Rates, meter::Meter, waited::Share, window::Window};

/// How long one that waits and does not go next sleeps at most: the one before it may have stopped to look.
const PATROL: Duration = Duration::from_secs(5);

/// The calls of one provider. Times are counted from when the limiter was made.
///
/// Calls go in the order in which they came. The first of them waits until the provider, if it has refused a call, may
/// be asked again; until the window has room; and until its tokens and its request are there. It takes the tokens as
/// they come, and the request, which is not given back, only when it goes.
#[derive(Debug)]
pub(super) struct Lane {
    requests: Option<Meter>,
    tokens: Option<Meter>,
    window: Window,
    held_until: Duration,
    queue: Queue,
    /// Those that may go, and do not know it yet.
    granted: BTreeMap<u64, Grant>,
    next_ticket: u64,
    /// The first that waits, and when it may go on, as far as is known.
    next: Option<(u64, Duration)>,
    /// What the first waits for.
    blocked_by: Option<Cause>,
    /// How long refusals have kept calls waiting until `clock`.
    refusals: Duration,
    clock: Duration,
    /// Whom to wake, with their tickets.
    woken: Vec<(u64, Waker)>,
}

/// That a call may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grant {
    /// The number of the call in the window.
    pub(super) call: u64,
    /// How long it waited.
    pub(super) waited: Share,
}

/// What a call is told that asks whether it may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Granted(Grant),
    /// Not before it is woken, or this time has come.
    Wait(Duration),
}

/// Why a call waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Limits,
    Refusals,
}

impl Lane {
    pub(super) fn new(rates: Rates) -> Self {
        Self {
            requests: rates.requests.map(Meter::of_requests),
            tokens: rates.tokens.map(Meter::of_tokens),
            window: Window::default(),
            held_until: Duration::ZERO,
            queue: Queue::default(),
            granted: BTreeMap::new(),
            next_ticket: 0,
            next: None,
            blocked_by: None,
            refusals: Duration::ZERO,
            clock: Duration::ZERO,
            woken: Vec::new(),
        }
    }

    /// Lets a call wait that may need so many tokens, and returns its ticket.
    pub(super) fn join(&mut self, tokens: u64, waker: &Waker, now: Duration) -> u64 {
        self.tell(now);
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.queue.push(Waiter {
            ticket,
            tokens,
            missing: tokens,
            since: now,
            refusals_before: self.refusals,
            waker: waker.clone(),
        });
        ticket
    }

    /// Returns whether a call may be sent. A grant is told once.
    pub(super) fn ask(&mut self, ticket: u64, waker: &Waker, now: Duration) -> Turn {
        self.go_on(now);
        // It is awake.
        self.woken.retain(|(woken, _)| *woken != ticket);
        if let Some(grant) = self.granted.remove(&ticket) {
            return Turn::Granted(grant);
        }
        let patrol = now.saturating_add(PATROL);
        let Some((waiter, is_first)) = self.queue.get_mut(ticket) else {
            return Turn::Wait(patrol); // It has had its grant.
        };
        waiter.waker.clone_from(waker);
        let next_at = self.next.map_or(patrol, |(_, at)| at);
        Turn::Wait(if is_first { next_at } else { next_at.max(patrol) })
    }

    /// A call no longer waits, or its grant is not used. What it took is given back, but for the request of a
    /// grant. Returns how long it waited.
    pub(super) fn leave(&mut self, ticket: u64, tokens: u64, now: Duration) -> Share {
        self.tell(now);
        let mut waited = Share::default();
        if let Some(waiter) = self.queue.remove(ticket) {
            waited = self.waited(&waiter, now);
            if let Some(meter) = &mut self.tokens {
                meter.give_back(waiter.tokens);
                meter.owe(waiter.missing);
            }
        } else if let Some(grant) = self.granted.remove(&ticket) {
            waited = grant.waited;
            self.window.left(grant.call);
            self.give_back(tokens);
        }
        self.go_on(now);
        waited
    }

    /// A call was accepted.
    pub(super) fn accepted(&mut self, call: u64, now: Duration) {
        self.window.accepted(call);
        self.go_on(now);
    }

    /// A call ended without a word from the provider about its limits.
    pub(super) fn left(&mut self, call: u64, now: Duration) {
        self.window.left(call);
        self.go_on(now);
    }

    /// A call was refused; no other is sent before `until`.
    pub(super) fn refused(&mut self, call: u64, until: Duration, now: Duration) {
        self.tell(now);
        self.held_until = self.held_until.max(until);
        self.window.refused(call);
        self.go_on(now);
    }

    /// A call used so many tokens in place of those that it had taken.
    pub(super) fn settle(&mut self, taken: u64, used: u64, now: Duration) {
        self.give_back(taken.saturating_sub(used));
        if let Some(meter) = &mut self.tokens {
            meter.owe(used.saturating_sub(taken));
        }
        self.go_on(now);
    }

    /// Takes out whom to wake, which is done when the lane is no longer locked.
    pub(super) fn take_woken(&mut self) -> Vec<(u64, Waker)> {
        mem::take(&mut self.woken)
    }

    /// Lets go whoever may.
    fn go_on(&mut self, now: Duration) {
        self.tell(now);
        let before = self.next.take();
        let blocked = loop {
            if self.queue.first().is_none() {
                break None;
            }
            if let Err(blocked) = self.admit_first(now) {
                break Some(blocked);
            }
        };
        if let Some(meter) = &mut self.tokens {
            meter.forget_surplus();
        }
        self.blocked_by = blocked.map(|(cause, _)| cause);
        let Some((first, (_, at))) = self.queue.first().zip(blocked) else {
            return;
        };
        self.next = Some((first.ticket, at));
        // Whoever has become the first, or may go earlier than it knows, sets its timer anew.
        if before.is_none_or(|(ticket, before)| ticket != first.ticket || at < before) {
            self.woken.push((first.ticket, first.waker.clone()));
        }
    }

    /// Lets the first go, or says what it waits for and until when.
    fn admit_first(&mut self, now: Duration) -> Result<(), (Cause, Duration)> {
        if now < self.held_until {
            return Err((Cause::Refusals, self.held_until));
        }
        self.window.room(now).map_err(|at| (Cause::Refusals, at))?;
        if let (Some(meter), Some(first)) = (&mut self.tokens, self.queue.first_mut()) {
            meter.take(&mut first.missing, now).map_err(|at| (Cause::Limits, at))?;
        }
        if let Some(meter) = &mut self.requests {
            meter.take(&mut 1, now).map_err(|at| (Cause::Limits, at))?;
        }
        if let Some(first) = self.queue.pop() {
            let call = self.window.enter(now);
            let grant = Grant { call, waited: self.waited(&first, now) };
            self.granted.insert(first.ticket, grant);
            self.woken.push((first.ticket, first.waker));
        }
        Ok(())
    }

    fn give_back(&mut self, tokens: u64) {
        if let Some(meter) = &mut self.tokens {
            meter.give_back(tokens);
        }
    }

    /// Takes note of the time, and of what calls waited for until then.
    fn tell(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.clock);
        if self.blocked_by == Some(Cause::Refusals) {
            self.refusals = self.refusals.saturating_add(passed);
        }
        self.clock = self.clock.max(now);
    }

    fn waited(&self, waiter: &Waiter, now: Duration) -> Share {
        let all = now.saturating_sub(waiter.since);
        let refusals = self.refusals.saturating_sub(waiter.refusals_before).min(all);
        Share { limits: all.saturating_sub(refusals), refusals }
    }
}
