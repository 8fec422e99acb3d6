//! Keeping runs: what was acknowledged survives the end of the process.
//!
//! A [`RunStore`] keeps runs, their trials, and the traces that explain them. [`open`] opens one by name:
//! a SQLite file by default, a PostgreSQL database with the feature `postgres`.
//!
//! # How a run is kept
//!
//! A run is [created](RunStore::create_run) with its manifest. Each attempt of a trial is
//! [counted](RunStore::begin_attempts) before it starts, so that a trial that ends the process is known for it.
//! A trial is [stored](RunStore::finish) once it was scored, with its trace, and is never stored twice. A run that
//! was killed goes on from its [states](RunStore::states), which are read page by page. Where the evals have changed, it
//! [goes on](RunStore::continue_run) with the new ones in its manifest, and each trial says which evals have scored it:
//! so it is known how many are [still to be scored anew](RunStore::to_rescore). Nothing is ever deleted:
//! what a trial was before it was [scored anew](RunStore::rescore) or [taken back](RunStore::take_back) to be run
//! again stays in its [history](RunStore::history).
//!
//! Traces are stored as JSON (`probity-trace/1`), compressed by zstd where they are long. Texts that look like
//! secrets are masked in all that is stored.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod blob;
mod copy;
mod error;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod mask;
mod model;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod run_store;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use copy::{Copied, join, merge};
pub use error::StoreError;
pub use model::{
    CaseTally, EndReason, InvalidRunId, ManifestCase, OutcomeKind, Page, PastAgent, PastTrial,
    Rescoring, RunEnd, RunId, RunManifest, RunQuery, RunSummary, Scores, Shard, Spending,
    StoredTrial, TrialKey, TrialQuery, TrialState, TrialSummary,
};
pub use open::{open, open_read_only};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresSettings, PostgresStore};
pub use run_store::{Creation, RunStore, Stored};
#[cfg(feature = "sqlite")]
pub use sqlite::{Durability, SqliteSettings, SqliteStore};
