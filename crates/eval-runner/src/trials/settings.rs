//! What every way of running trials can be told.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

/// How many trials run at the same time unless told otherwise.
pub const DEFAULT_CONCURRENCY: usize = 8;

/// Concurrency, seed and time limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) concurrency: usize,
    pub(super) seed: u64,
    pub(super) timeout: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { concurrency: DEFAULT_CONCURRENCY, seed: 0, timeout: None }
    }
}

impl Settings {
    /// Checks what can be checked before the first trial starts.
    pub(super) fn check(self) -> Result<(), SettingsError> {
        if self.concurrency == 0 {
            return Err(SettingsError::NoConcurrency);
        }
        if self.timeout.is_some() && !has_timer() {
            return Err(SettingsError::NoTimer);
        }
        Ok(())
    }
}

/// Why no trial could be started.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// No trial may run at a time.
    #[error("concurrency is 0: at least one trial must run at a time")]
    NoConcurrency,
    /// A time limit was asked for where no timer runs.
    #[error("a time limit needs a tokio runtime with its time driver enabled")]
    NoTimer,
}

/// Returns whether a tokio timer can be made here; the only way to ask is to make one.
fn has_timer() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
        && catch_unwind(AssertUnwindSafe(|| drop(tokio::time::sleep(Duration::ZERO)))).is_ok()
}

/// Adds the options that all builders of trials share, for one that keeps them in `self.settings`.
macro_rules! settings_methods {
    () => {
        /// Sets how many trials run at the same time; [`DEFAULT_CONCURRENCY`](crate::DEFAULT_CONCURRENCY)
        /// unless told otherwise. They share one task, so this overlaps waiting, not computing.
        pub fn concurrency(mut self, concurrency: usize) -> Self {
            self.settings.concurrency = concurrency;
            self
        }

        /// Sets the run's seed, from which every trial's own is derived; 0 unless told otherwise.
        pub fn seed(mut self, seed: u64) -> Self {
            self.settings.seed = seed;
            self
        }

        /// Sets the longest time that a trial may take; a trial that takes longer has failed.
        ///
        /// The limit acts where the trial awaits: code that blocks is not interrupted. It needs a tokio
        /// runtime; without it, any executor will do.
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            self.settings.timeout = Some(limit);
            self
        }
    };
}

pub(super) use settings_methods;
