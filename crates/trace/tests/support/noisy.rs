//! A value whose `Debug` implementation runs code of the program.

use std::fmt;

/// Runs its closure whenever it is formatted, and then writes `noisy`.
pub(crate) struct Noisy<F>(pub(crate) F);

impl<F: Fn()> fmt::Debug for Noisy<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)();
        f.write_str("noisy")
    }
}
