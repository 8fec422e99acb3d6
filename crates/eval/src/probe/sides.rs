//! Which of the probes of a pair have panicked, so that only these are asked no more.

use std::{
    any::Any,
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use probity_trace::Panicked;

thread_local! {
    /// The panics of the probe that is being asked on this thread; `None` where nobody guards it.
    static ASKED: RefCell<Option<Asked>> = const { RefCell::new(None) };
}

/// A probe that is being asked.
#[derive(Debug)]
struct Asked {
    panics: Panics,
    /// The side that is being asked.
    place: u64,
}

/// The sides of pairs that panicked, and what they said.
///
/// A side is known by its place: the whole is 1, and the sides of the pair at `n` are `2n` and `2n + 1`.
#[derive(Debug, Default)]
pub(super) struct Panics(Vec<(u64, String)>);

impl Panics {
    /// Returns what the first side said that panicked.
    pub(super) fn first(&self) -> Option<&str> {
        self.0.first().map(|(_, message)| message.as_str())
    }

    pub(super) fn into_first(self) -> Option<String> {
        self.0.into_iter().next().map(|(_, message)| message)
    }

    /// Asks a probe, unless it panicked before; its sides are asked by [`ask_side`].
    pub(super) fn ask<T>(&mut self, hooks: impl FnOnce() -> T) -> Option<T> {
        let asked = Asked { panics: std::mem::take(self), place: 0 };
        let around = ASKED.replace(Some(asked));
        let told = guarded(1, hooks);
        if let Some(asked) = ASKED.replace(around) {
            *self = asked.panics;
        }
        told
    }
}

/// Asks one side of a pair, unless it panicked before; `None` if it did so now or then.
pub(super) fn ask_side<T>(side: u64, hook: impl FnOnce() -> T) -> Option<T> {
    let place = ASKED.with_borrow(|asked| asked.as_ref().map(|asked| asked.place));
    match place {
        Some(place) => guarded(place.wrapping_mul(2).wrapping_add(side), hook),
        // Who asks a pair without a guard sees its panics.
        None => Some(hook()),
    }
}

fn guarded<T>(place: u64, hook: impl FnOnce() -> T) -> Option<T> {
    let around = ASKED.with_borrow_mut(|asked| {
        let asked = asked.as_mut()?;
        let is_silent = asked.panics.0.iter().any(|(silent, _)| *silent == place);
        (!is_silent).then(|| std::mem::replace(&mut asked.place, place))
    })?;
    let told = catch_unwind(AssertUnwindSafe(hook)).map_err(said);
    if let Err(message) = &told {
        tracing::warn!(error = message, "a probe panicked; it is asked no more");
    }
    ASKED.with_borrow_mut(|asked| {
        if let Some(asked) = asked {
            asked.place = around;
            asked.panics.0.extend(told.as_ref().err().map(|message| (place, message.clone())));
        }
    });
    told.ok()
}

fn said(panic: Box<dyn Any + Send>) -> String {
    let panic = Panicked::from(panic);
    let message = panic.message().to_owned();
    // The drop of what a panic carries may panic as well.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
    message
}

#[cfg(test)]
mod tests {
    use crate::probe::{Guarded, Probe, StopReason};

    struct Broken;

    impl Probe for Broken {
        fn on_text_delta(&mut self, _: &str) {
            panic!("a bug");
        }
    }

    #[derive(Default)]
    struct AtMost(u32);

    impl Probe for AtMost {
        fn on_text_delta(&mut self, _: &str) {
            self.0 += 1;
        }

        fn stop(&self) -> Option<StopReason> {
            (self.0 >= 3).then(|| StopReason::new("enough"))
        }
    }

    #[track_caller]
    fn check(probe: impl Probe) {
        let mut guarded = Guarded::new(probe);
        for ends in [false, false, true] {
            let reason = guarded.tell(|probe| probe.on_text_delta("x"));
            assert_eq!(reason.is_some(), ends);
        }
        assert_eq!(guarded.panicked(), Some("a bug"));
    }

    #[test]
    fn a_probe_that_panics_does_not_silence_those_beside_it() {
        check((Broken, AtMost::default()));
        check((AtMost::default(), Broken));
        check(((AtMost::default(), Broken), Broken));
        check((Box::new((Broken, Broken)) as Box<dyn Probe>, (Broken, AtMost::default())));
    }

    #[test]
    fn a_probe_alone_is_asked_no_more_once_it_has_panicked() {
        let mut guarded = Guarded::new(Broken);
        let mut told = 0;
        for _ in 0..3 {
            guarded.tell(|probe| {
                told += 1;
                probe.on_text_delta("x");
            });
        }
        assert_eq!((told, guarded.into_parts().1.as_deref()), (1, Some("a bug")));
    }
}
