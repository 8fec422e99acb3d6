//! Flags of a thread that say what it is in the middle of.

use std::{cell::Cell, thread::LocalKey};

/// Keeps a flag of this thread raised until it is dropped.
pub(crate) struct Raised(&'static LocalKey<Cell<bool>>);

impl Raised {
    /// Returns `None` if the flag is raised already.
    pub(crate) fn raise(flag: &'static LocalKey<Cell<bool>>) -> Option<Self> {
        if flag.replace(true) {
            return None;
        }
        Some(Self(flag))
    }
}

impl Drop for Raised {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
