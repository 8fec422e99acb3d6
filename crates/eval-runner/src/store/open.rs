//! Opens a store by the name of its place.

use std::sync::Arc;

use super::{error::StoreError, run_store::RunStore};

/// Opens the store at a place: `postgres://user@host/database`, or else a SQLite file.
///
/// # Errors
///
/// If this build cannot open such a store, or the store cannot be opened.
pub async fn open(place: &str) -> Result<Arc<dyn RunStore>, StoreError> {
    if place.starts_with("postgres://") || place.starts_with("postgresql://") {
        return postgres(place).await;
    }
    if let Some((scheme, _)) = place.split_once("://") {
        let reason = format!("{scheme} is unknown; name a file, or postgres://user@host/database");
        // What follows may hold a password.
        return Err(StoreError::BadPlace { place: format!("{scheme}://..."), reason });
    }
    sqlite(place).await
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
async fn sqlite(path: &str) -> Result<Arc<dyn RunStore>, StoreError> {
    Ok(Arc::new(super::SqliteStore::open(path).await?))
}

#[cfg(not(feature = "sqlite"))]
#[expect(clippy::unused_async, reason = "as where the feature is on")]
async fn sqlite(path: &str) -> Result<Arc<dyn RunStore>, StoreError> {
    let reason = "this build has no SQLite; build it with the feature `sqlite`".to_owned();
    Err(StoreError::BadPlace { place: path.to_owned(), reason })
}
