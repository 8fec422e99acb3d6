//! What can go wrong with a store.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
use std::fmt::Display;
use std::time::Duration;

use super::model::{RunId, TrialKey};

/// Says what went wrong with a store, where, and what would be right.
///
/// After any of these, what was acknowledged before is still there, and the store can be used on: a disk may be
/// freed, a lock given back, a server come back. The place of a database names no user and no password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The place does not name a store that this build can open.
    #[error("{place:?} names no store that can be opened: {reason}")]
    #[non_exhaustive]
    BadPlace {
        /// The place, without secrets.
        place: String,
        /// What would be right.
        reason: String,
    },
    /// The file or the database cannot be opened.
    #[error("the store {place} cannot be opened: {reason}")]
    #[non_exhaustive]
    CannotOpen {
        /// The place.
        place: String,
        /// Why.
        reason: String,
    },
    /// The place is a folder.
    #[error("the store {place} is a folder; name a file in it, such as probity.db")]
    #[non_exhaustive]
    IsFolder {
        /// The place.
        place: String,
    },
    /// The file is no database.
    #[error(
        "the store {place} is no SQLite database; nothing was written to it, name another file"
    )]
    #[non_exhaustive]
    NotADatabase {
        /// The place.
        place: String,
    },
    /// The database belongs to another program.
    #[error(
        "the store {place} is a database of another program; nothing was written to it, name another file"
    )]
    #[non_exhaustive]
    NotAStore {
        /// The place.
        place: String,
    },
    /// A newer probity has written the store.
    #[error(
        "the store {place} has schema version {found}, and this probity knows versions up to {known}; \
         use a newer probity"
    )]
    #[non_exhaustive]
    Newer {
        /// The place.
        place: String,
        /// The version of the store.
        found: i64,
        /// The newest version that is known.
        known: i64,
    },
    /// The store was written by an older probity, and reading must not change it.
    #[error(
        "the store {place} has schema version {found}, and reading needs version {known}; the next run that is kept there brings it up to date"
    )]
    #[non_exhaustive]
    Older {
        /// The place.
        place: String,
        /// The version of the store.
        found: i64,
        /// The version that is needed.
        known: i64,
    },
    /// The file is damaged.
    #[error("the store {place} is damaged: {reason}; restore it from a copy, or name another file")]
    #[non_exhaustive]
    Damaged {
        /// The place.
        place: String,
        /// What was found.
        reason: String,
    },
    /// The store cannot be written.
    #[error("the store {place} cannot be written, it is read-only; what was to be written was not")]
    #[non_exhaustive]
    ReadOnly {
        /// The place.
        place: String,
    },
    /// Another process holds the store.
    #[error(
        "the store {place} is locked: another process has held it for {waited:?}; what was to be written was not"
    )]
    #[non_exhaustive]
    Locked {
        /// The place.
        place: String,
        /// How long was waited.
        waited: Duration,
    },
    /// There is no room left.
    #[error(
        "the store {place} has no room left; what was to be written was not, what was written before is there: \
         free some room and go on"
    )]
    #[non_exhaustive]
    NoRoom {
        /// The place.
        place: String,
    },
    /// The server cannot be reached.
    #[error("the server of the store {place} cannot be reached: {reason}")]
    #[non_exhaustive]
    Unreachable {
        /// The place.
        place: String,
        /// Why.
        reason: String,
    },
    /// Another process has taken a run over while the server was away.
    #[error(
        "another process has taken run {run} of the store {place} over while its server was away from here; \
         what was to be written was not"
    )]
    #[non_exhaustive]
    ClaimLost {
        /// The place.
        place: String,
        /// The run.
        run: RunId,
    },
    /// There is no such run.
    #[error("the store {place} has no run {run}")]
    #[non_exhaustive]
    UnknownRun {
        /// The place.
        place: String,
        /// The run that was asked for.
        run: RunId,
    },
    /// The run has no such case.
    #[error("run {run} has no case {case:?}")]
    #[non_exhaustive]
    UnknownCase {
        /// The run.
        run: RunId,
        /// The case that was asked for.
        case: String,
    },
    /// A run of this identifier is there and runs something else.
    #[error("run {run} is there already, with another suite, agent, cases or seed")]
    #[non_exhaustive]
    OtherRun {
        /// The run.
        run: RunId,
    },
    /// A run cannot be created, since it makes no sense.
    #[error("run {run} cannot be created: {reason}")]
    #[non_exhaustive]
    BadRun {
        /// The run.
        run: RunId,
        /// What is wrong with it.
        reason: String,
    },
    /// Runs cannot be joined, since they are not parts of one.
    #[error("these runs cannot be joined: {reason}")]
    #[non_exhaustive]
    NotShards {
        /// What is wrong with them.
        reason: String,
    },
    /// The trial has not finished.
    #[error("{key} of run {run} has not finished")]
    #[non_exhaustive]
    NotFinished {
        /// The run.
        run: RunId,
        /// The trial.
        key: TrialKey,
    },
    /// A value cannot be stored.
    #[error("{what} cannot be stored: {reason}")]
    #[non_exhaustive]
    Unstorable {
        /// The value.
        what: String,
        /// Why.
        reason: String,
    },
    /// A stored value cannot be read.
    #[error("{what} cannot be read from the store: {reason}")]
    #[non_exhaustive]
    Unreadable {
        /// The value.
        what: String,
        /// Why.
        reason: String,
    },
    /// The store was closed.
    #[error("the store {place} was closed")]
    #[non_exhaustive]
    Closed {
        /// The place.
        place: String,
    },
    /// The database failed in another way.
    #[error("the store {place} failed: {reason}")]
    #[non_exhaustive]
    Failed {
        /// The place.
        place: String,
        /// What the database said.
        reason: String,
    },
}

impl StoreError {
    /// Returns whether the same may work later, unchanged: the disk was full, the file locked, the server away.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NoRoom { .. } | Self::Locked { .. } | Self::Unreachable { .. })
    }

    /// Makes the error of a value that cannot be read.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn unreadable(what: impl Into<String>, reason: impl Display) -> Self {
        Self::Unreadable { what: what.into(), reason: reason.to_string() }
    }

    /// Makes the error of a value that cannot be stored.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn unstorable(what: impl Into<String>, reason: impl Display) -> Self {
        Self::Unstorable { what: what.into(), reason: reason.to_string() }
    }
}
