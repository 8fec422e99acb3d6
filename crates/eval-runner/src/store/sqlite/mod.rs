//! The store in a SQLite file.

mod bound;
mod connection;
mod failure;
mod open;
mod settings;

use std::path::Path;

use self::connection::SqliteConnection;
pub use self::settings::{Durability, SqliteSettings};
use super::{
    error::StoreError,
    sql::{Backed, SqlStore},
};

/// Keeps runs in one SQLite file.
///
/// Several processes may read and write the same file at once. What was acknowledged survives the end of the
/// process by any means; see [`Durability`] for what survives the loss of power. Beside the file there are two
/// more while it is open, with `-wal` and `-shm` at the end of their names; what is in the first belongs to the
/// store, so copy it too, or copy when no process has the store open. The file must be on a disk of this machine,
/// not on a network drive.
///
/// Each store has two threads of its own, one that writes and one that reads. Dropping it waits until what was
/// asked of it is written.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     store::{ManifestCase, RunManifest, RunQuery, RunStore as _, SqliteStore},
///     suite::Fingerprint,
/// };
///
/// # futures::executor::block_on(async {
/// # let folder = std::env::temp_dir().join(format!("probity-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let store = SqliteStore::open(folder.join("probity.db")).await?;
/// let print = Fingerprint::of(&"1")?;
/// let cases = [ManifestCase::new("refund", print.clone())];
/// let manifest = RunManifest::new("airline", print.clone(), print, cases);
/// assert_eq!(store.create_run(&manifest).await?, probity_eval_runner::store::Creation::Created);
/// assert_eq!(store.runs(&RunQuery::new().suite("airline")).await?[0].id, manifest.id);
/// # drop(store);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct SqliteStore {
    inner: SqlStore<SqliteConnection>,
}

impl SqliteStore {
    /// Opens a file, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened for writing, is no store or that of a newer probity, or stays locked.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteSettings::new()).await
    }

    /// Opens a file as the settings say.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); and if it is to be read only and is not there, or of an older version.
    pub async fn open_with(
        path: impl AsRef<Path>,
        settings: SqliteSettings,
    ) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let place = path.display().to_string();
        let (write_path, read_path) = (path.clone(), path);
        let (write_settings, read_settings) = (settings.clone(), settings);
        let write = (!write_settings.read_only)
            .then_some(move || open::for_writing(&write_path, &write_settings));
        let read = move || open::for_reading(&read_path, &read_settings);
        Ok(Self { inner: SqlStore::open(&place, write, read).await? })
    }
}

impl Backed for SqliteStore {
    type Connection = SqliteConnection;

    fn sql(&self) -> &SqlStore<SqliteConnection> {
        &self.inner
    }
}
