//! What an error of SQLite means.

use std::time::Duration;

use rusqlite::{Error, ErrorCode};

use crate::store::error::StoreError;

/// Says what an error of SQLite means for a store at a place.
pub(super) fn meaning(place: &str, patience: Duration, error: &Error) -> StoreError {
    let place = place.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::NoRoom { place },
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { place },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Locked { place, waited: patience }
        }
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { place },
        Some(ErrorCode::DatabaseCorrupt) => {
            StoreError::Damaged { place, reason: error.to_string() }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreError::CannotOpen { place, reason: error.to_string() }
        }
        _ => StoreError::Failed { place, reason: error.to_string() },
    }
}
