//! A probe on a stream of deltas.

use futures::{StreamExt as _, executor::block_on, stream};
use probity_eval::{
    Probe, StopReason,
    probe::{watch, watch_text},
};

/// Ends a text that becomes too long.
#[derive(Debug)]
struct AtMost(usize, usize);

impl Probe for AtMost {
    fn on_text_delta(&mut self, delta: &str) {
        self.1 += delta.len();
    }

    fn on_reasoning_delta(&mut self, _delta: &str) {
        panic!("no thinking");
    }

    fn stop(&self) -> Option<StopReason> {
        (self.1 > self.0).then(|| StopReason::new("too long"))
    }
}

#[test]
fn items_pass_through_until_the_probe_ends_the_stream() {
    let mut watched = watch_text(stream::iter(["ab", "cd", "ef"]), AtMost(3, 0));
    let passed: Vec<_> = block_on(watched.by_ref().collect());
    assert_eq!(passed, ["ab", "cd"]);
    assert_eq!(watched.stopped().unwrap().probe.as_deref(), Some("AtMost"));
    assert_eq!(watched.into_probe().1, 4);
}

#[test]
fn a_stream_that_is_over_stays_over() {
    let mut watched = watch_text(stream::iter(["ab"]), AtMost(100, 0));
    block_on(async {
        assert_eq!(watched.next().await, Some("ab"));
        assert_eq!(watched.next().await, None);
        assert_eq!(watched.next().await, None);
    });
    assert_eq!(watched.stopped(), None);
}

#[test]
fn any_item_can_be_shown_and_a_panic_leaves_the_stream_alone() {
    let numbers = stream::iter([1_u32, 2, 3]);
    let mut watched = watch(numbers, AtMost(100, 0), |number, probe| {
        if *number == 2 {
            probe.on_reasoning_delta("hm");
        }
    });
    let passed: Vec<_> = block_on(watched.by_ref().collect());
    assert_eq!(passed, [1, 2, 3]);
    assert_eq!(watched.panicked(), Some("no thinking"));
}
