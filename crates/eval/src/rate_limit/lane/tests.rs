//! Laws of a lane, on a clock that the tests move.

use std::{collections::BTreeMap, num::NonZeroU32};

use proptest::{prelude::*, test_runner::RngSeed};

use super::*;

const MINUTE: Duration = Duration::from_mins(1);

fn lane(requests: Option<u32>, tokens: Option<u32>) -> Lane {
    let number = |amount: Option<u32>| amount.and_then(NonZeroU32::new);
    Lane::new(Rates { requests: number(requests), tokens: number(tokens) })
}

/// A lane with those that wait in it, as their futures would be.
struct Scene {
    lane: Lane,
    now: Duration,
    /// The tokens of those that wait, and when they look again.
    waiting: BTreeMap<u64, (u64, Duration)>,
    /// Those that went: when, their tokens, and their ticket.
    gone: Vec<(Duration, u64, u64)>,
    under_way: Vec<(Grant, u64)>,
}

impl Scene {
    fn new(lane: Lane) -> Self {
        Self {
            lane,
            now: Duration::ZERO,
            waiting: BTreeMap::new(),
            gone: Vec::new(),
            under_way: Vec::new(),
        }
    }

    fn join(&mut self, tokens: u64) -> u64 {
        let ticket = self.lane.join(tokens, Waker::noop(), self.now);
        self.waiting.insert(ticket, (tokens, self.now));
        self.ask(ticket);
        self.wake();
        ticket
    }

    fn ask(&mut self, ticket: u64) {
        let Some((tokens, _)) = self.waiting.get(&ticket).copied() else { return };
        match self.lane.ask(ticket, Waker::noop(), self.now) {
            Turn::Granted(grant) => {
                self.waiting.remove(&ticket);
                self.gone.push((self.now, tokens, ticket));
                self.under_way.push((grant, tokens));
            }
            Turn::Wait(until) => {
                assert!(until > self.now, "whoever waits, waits for a time to come");
                self.waiting.insert(ticket, (tokens, until));
            }
        }
    }

    /// Lets those look that were woken, until nobody is.
    fn wake(&mut self) {
        loop {
            let woken = self.lane.take_woken();
            if woken.is_empty() {
                return;
            }
            for (ticket, _) in woken {
                self.ask(ticket);
            }
        }
    }

    /// Lets time pass; timers go off on the way.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some((at, ticket)) = self.next_timer().filter(|(at, _)| *at <= end) {
            self.now = at;
            self.ask(ticket);
            self.wake();
        }
        self.now = end;
    }

    fn next_timer(&self) -> Option<(Duration, u64)> {
        self.waiting.iter().map(|(ticket, (_, until))| (*until, *ticket)).min()
    }

    fn leave(&mut self, ticket: u64) {
        if let Some((tokens, _)) = self.waiting.remove(&ticket) {
            self.lane.leave(ticket, tokens, self.now);
            self.wake();
        }
    }

    fn accept(&mut self, index: usize) {
        let (grant, _) = self.under_way.swap_remove(index);
        self.lane.accepted(grant.call, self.now);
        self.wake();
    }

    fn accept_all(&mut self) {
        while !self.under_way.is_empty() {
            self.accept(0);
        }
    }

    fn refuse(&mut self, index: usize, hold: Duration) {
        let (grant, _) = self.under_way.swap_remove(index);
        self.lane.refused(grant.call, self.now + hold, self.now);
        self.wake();
    }

    /// Waits until nobody does, and returns how long it took.
    fn drain(&mut self) -> Duration {
        let began = self.now;
        while let Some((at, _)) = self.next_timer() {
            self.pass(at.saturating_sub(self.now));
            self.accept_all();
            assert!(self.now < began + 1_000 * MINUTE, "{} wait for ever", self.waiting.len());
        }
        self.now.saturating_sub(began)
    }

    fn times(&self) -> Vec<Duration> {
        self.gone.iter().map(|(at, ..)| *at).collect()
    }
}

/// Something that happens to a lane.
#[derive(Debug, Clone)]
enum Happening {
    Join(u64),
    Pass(u64),
    Leave(usize),
    Accept(usize),
    /// With how many milliseconds until it may be asked again.
    Refuse(usize, u64),
    /// With which part of the tokens it used, in percent.
    Settle(usize, u64),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (1..400_u64).prop_map(Happening::Join),
        4 => (1..8_000_u64).prop_map(Happening::Pass),
        1 => (0..64_usize).prop_map(Happening::Leave),
        3 => (0..64_usize).prop_map(Happening::Accept),
        1 => (0..64_usize, 0..20_000_u64).prop_map(|(one, wait)| Happening::Refuse(one, wait)),
        2 => (0..64_usize, 0..100_u64).prop_map(|(one, part)| Happening::Settle(one, part)),
    ]
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 64,
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Does what happens; returns from when until when the provider was not to be asked.
fn play(scene: &mut Scene, happenings: &[Happening]) -> Vec<(Duration, Duration)> {
    let mut holds = Vec::new();
    for happening in happenings {
        let some = |index: usize, count: usize| (count > 0).then(|| index % count);
        match *happening {
            Happening::Join(tokens) => {
                scene.join(tokens);
            }
            Happening::Pass(milliseconds) => scene.pass(Duration::from_millis(milliseconds)),
            Happening::Leave(index) => {
                let index = some(index, scene.waiting.len());
                let ticket = index.and_then(|index| scene.waiting.keys().nth(index).copied());
                if let Some(ticket) = ticket {
                    scene.leave(ticket);
                }
            }
            Happening::Accept(index) => {
                if let Some(index) = some(index, scene.under_way.len()) {
                    scene.accept(index);
                }
            }
            Happening::Refuse(index, wait) => {
                if let Some(index) = some(index, scene.under_way.len()) {
                    let wait = Duration::from_millis(wait);
                    holds.push((scene.now, scene.now + wait));
                    scene.refuse(index, wait);
                }
            }
            Happening::Settle(index, part) => {
                if let Some(index) = some(index, scene.under_way.len()) {
                    let (_, tokens) = scene.under_way[index];
                    let used = tokens * part / 100;
                    scene.under_way[index].1 = used;
                    scene.lane.settle(tokens, used, scene.now);
                    scene.wake();
                }
            }
        }
    }
    holds
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_minute_has_more_requests_than_are_allowed(
        allowed in 3..200_u32,
        happenings in prop::collection::vec(happening(), 1..400),
    ) {
        let mut scene = Scene::new(lane(Some(allowed), None));
        play(&mut scene, &happenings);
        scene.drain();
        for times in scene.times().windows(allowed as usize + 1) {
            prop_assert!(times[allowed as usize] >= times[0] + MINUTE, "{times:?}");
        }
    }

    #[test]
    fn no_minute_has_more_tokens_than_are_allowed_and_one_request_s(
        allowed in 600..5_000_u32,
        happenings in prop::collection::vec(happening(), 1..400),
    ) {
        // What is given back may have been sent in the minute before, so all is used that was taken.
        let happenings: Vec<_> = happenings
            .into_iter()
            .filter(|happening| !matches!(happening, Happening::Settle(..)))
            .collect();
        let mut scene = Scene::new(lane(None, Some(allowed)));
        play(&mut scene, &happenings);
        scene.drain();
        for (first, (began, ..)) in scene.gone.iter().enumerate() {
            let minute = scene.gone[first..].iter().take_while(|(at, ..)| *at < *began + MINUTE);
            let tokens: Vec<u64> = minute.map(|(_, tokens, _)| *tokens).collect();
            let largest = tokens.iter().max().copied().unwrap_or_default();
            prop_assert!(tokens.iter().sum::<u64>() <= u64::from(allowed) + largest, "{tokens:?}");
        }
    }

    #[test]
    fn calls_go_in_the_order_in_which_they_came_and_none_waits_for_ever(
        requests in prop::option::of(10..200_u32),
        tokens in prop::option::of(600..5_000_u32),
        happenings in prop::collection::vec(happening(), 1..300),
    ) {
        let mut scene = Scene::new(lane(requests, tokens));
        play(&mut scene, &happenings);
        scene.drain();
        // Of those that go at one time it does not matter who looks first.
        let mut gone: Vec<_> = scene.gone.iter().map(|(at, _, ticket)| (*at, *ticket)).collect();
        gone.sort_unstable();
        prop_assert!(gone.is_sorted_by_key(|(_, ticket)| *ticket), "{gone:?}");
    }

    #[test]
    fn nobody_goes_while_the_provider_is_not_to_be_asked(
        requests in prop::option::of(10..200_u32),
        happenings in prop::collection::vec(happening(), 1..300),
    ) {
        let mut scene = Scene::new(lane(requests, None));
        let holds = play(&mut scene, &happenings);
        scene.drain();
        for (from, until) in holds {
            let early = scene.times().into_iter().find(|at| (from..until).contains(at) && *at > from);
            prop_assert!(early.is_none(), "{early:?} is between {from:?} and {until:?}");
        }
    }

    #[test]
    fn those_that_leave_take_nothing_with_them(
        requests in prop::option::of(10..200_u32),
        tokens in prop::option::of(600..5_000_u32),
        happenings in prop::collection::vec(happening(), 1..300),
    ) {
        let mut scene = Scene::new(lane(requests, tokens));
        play(&mut scene, &happenings);
        while let Some(ticket) = scene.waiting.keys().next().copied() {
            scene.leave(ticket);
        }
        scene.accept_all();
        prop_assert_eq!(scene.lane.window.under_way(), 0);
        prop_assert!(scene.lane.queue.first().is_none() && scene.lane.granted.is_empty());
        // What was used and not taken is paid for, and the last hold is over.
        scene.pass(10 * MINUTE);
        let before = scene.now;
        scene.join(1);
        prop_assert_eq!(scene.gone.last().map(|(at, ..)| *at), Some(before));
    }
}

#[test]
fn one_that_leaves_gives_back_the_tokens_that_it_had_taken_so_far() {
    let mut scene = Scene::new(lane(None, Some(6_000)));
    scene.join(100); // All that can be taken at once.
    let large = scene.join(3_000);
    scene.join(90);
    scene.pass(Duration::from_secs(2));
    assert_eq!(scene.gone.len(), 1);
    scene.leave(large);
    assert_eq!(scene.gone.len(), 2, "it goes with what the one before had saved up");
}

#[test]
fn whoever_becomes_the_first_is_told_when_it_may_go() {
    let mut scene = Scene::new(lane(Some(60), None));
    scene.join(0);
    let second = scene.join(0);
    scene.join(0);
    scene.pass(Duration::from_millis(300));
    scene.leave(second);
    scene.drain();
    assert_eq!(scene.times(), [Duration::ZERO, Duration::from_secs(1)]);
}

#[test]
fn a_grant_that_is_not_used_is_no_call_under_way() {
    let mut lane = lane(None, Some(6_000));
    let ticket = lane.join(100, Waker::noop(), Duration::ZERO);
    let other = lane.join(100, Waker::noop(), Duration::ZERO);
    // The other one looks first, and lets the one before it go.
    assert!(matches!(lane.ask(other, Waker::noop(), Duration::ZERO), Turn::Wait(_)));
    assert_eq!(lane.window.under_way(), 1);
    lane.leave(ticket, 100, Duration::ZERO);
    let Turn::Granted(grant) = lane.ask(other, Waker::noop(), Duration::ZERO) else {
        panic!("the tokens are there again")
    };
    assert_eq!((lane.window.under_way(), grant.waited), (1, Share::default()));
}

#[test]
fn what_was_waited_for_is_told_apart() {
    let mut lane = lane(Some(60), None);
    let noop = Waker::noop();
    let first = lane.join(0, noop, Duration::ZERO);
    let Turn::Granted(first) = lane.ask(first, noop, Duration::ZERO) else { panic!("it is free") };
    let second = lane.join(0, noop, Duration::ZERO);
    assert_eq!(lane.ask(second, noop, Duration::ZERO), Turn::Wait(Duration::from_secs(1)));
    let (now, until) = (Duration::from_millis(400), Duration::from_millis(5_400));
    lane.refused(first.call, until, now);
    assert_eq!(lane.ask(second, noop, Duration::from_secs(1)), Turn::Wait(until));
    let Turn::Granted(second) = lane.ask(second, noop, until) else { panic!("it may go") };
    let share = Share { limits: now, refusals: Duration::from_secs(5) };
    assert_eq!((second.waited, second.waited.total()), (share, until));
}

#[test]
fn without_limits_and_refusals_everything_goes_at_once() {
    let mut scene = Scene::new(lane(None, None));
    for _ in 0..1_000 {
        scene.join(1_000_000);
    }
    assert_eq!(scene.gone.len(), 1_000);
}
