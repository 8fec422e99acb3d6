//! Opens a store by the name of its place.

use std::sync::Arc;

use super::{error::StoreError, run_store::RunStore};

/// Opens the store at a place: `postgres://user@host/database`, or else a SQLite file.
///
/// # Errors
///
/// If this build cannot open such a store, or the store cannot be opened.
pub async fn open(place: &str) -> Result<Arc<dyn RunStore>, StoreError> {
    open_for(place, Access::Write).await
}

/// Opens the store at a place for reading: it must be there, and nothing in it is changed.
///
/// # Errors
///
/// As [`open`]; and if a SQLite file is not there, or was written by an older version.
pub async fn open_read_only(place: &str) -> Result<Arc<dyn RunStore>, StoreError> {
    open_for(place, Access::Read).await
}

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

async fn open_for(place: &str, access: Access) -> Result<Arc<dyn RunStore>, StoreError> {
    if place.starts_with("postgres://") || place.starts_with("postgresql://") {
        return postgres(place).await;
    }
    if let Some((scheme, _)) = place.split_once("://") {
        let reason = format!("{scheme} is unknown; name a file, or postgres://user@host/database");
        // What follows may hold a password.
        return Err(StoreError::BadPlace { place: format!("{scheme}://..."), reason });
    }
    sqlite(place, access).await
}

#[cfg(feature = "postgres")]
async fn postgres(url: &str) -> Result<Arc<dyn RunStore>, StoreError> {
    Ok(Arc::new(super::PostgresStore::open(url).await?))
}

#[cfg(not(feature = "postgres"))]
#[expect(clippy::unused_async, reason = "as where the feature is on")]
async fn postgres(_: &str) -> Result<Arc<dyn RunStore>, StoreError> {
    let reason = "this build has no PostgreSQL; build it with the feature `postgres`".to_owned();
    Err(StoreError::BadPlace { place: "postgres://...".to_owned(), reason })
}

#[cfg(feature = "sqlite")]
async fn sqlite(path: &str, access: Access) -> Result<Arc<dyn RunStore>, StoreError> {
    let settings = super::SqliteSettings::new();
    let settings = if access == Access::Read { settings.read_only() } else { settings };
    Ok(Arc::new(super::SqliteStore::open_with(path, settings).await?))
}

#[cfg(not(feature = "sqlite"))]
#[expect(clippy::unused_async, reason = "as where the feature is on")]
async fn sqlite(path: &str, _: Access) -> Result<Arc<dyn RunStore>, StoreError> {
    let reason = "this build has no SQLite; build it with the feature `sqlite`".to_owned();
    Err(StoreError::BadPlace { place: path.to_owned(), reason })
}
