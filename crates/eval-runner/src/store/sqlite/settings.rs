//! How a SQLite file is opened.

use std::time::Duration;

/// How a SQLite file is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "settings do nothing unless a store is opened with them"]
pub struct SqliteSettings {
    pub(super) durability: Durability,
    pub(super) patience: Duration,
    pub(super) read_only: bool,
}

/// What a finished trial survives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// The end of the process by any means (SQLite's `synchronous=NORMAL` under WAL). Where the power fails or the
    /// system crashes, the trials of the last moments may be lost, and those before are whole: resuming the run
    /// runs the lost ones again.
    #[default]
    Process,
    /// The loss of power, too (`synchronous=FULL`): each commit waits for the disk, some milliseconds.
    Power,
}

impl Default for SqliteSettings {
    fn default() -> Self {
        Self {
            durability: Durability::default(),
            patience: Duration::from_secs(30),
            read_only: false,
        }
    }
}

impl SqliteSettings {
    /// Makes settings for reading and writing: [`Durability::Process`], 30 seconds of patience.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what a finished trial survives.
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Sets how long to wait while another process writes to the file.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Opens the file for reading only, as it must be where the file or its folder cannot be written.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
}
