//! What an error of PostgreSQL means.

use std::time::Duration;

use sqlx::{Error, error::DatabaseError};

use crate::store::error::StoreError;

/// An error of PostgreSQL, and what can be done about it.
#[derive(Debug)]
pub(super) enum Failure {
    /// The connection is gone; another may work.
    Gone(StoreError),
    /// Two transactions were in each other's way; the same may work at once.
    Collided(StoreError),
    /// It would fail again.
    Final(StoreError),
}

impl Failure {
    /// Returns the error, for those who do nothing about it.
    pub(super) fn into_error(self) -> StoreError {
        match self {
            Self::Gone(error) | Self::Collided(error) | Self::Final(error) => error,
        }
    }

    /// Says what an error of PostgreSQL means for a store at a place.
    pub(super) fn of(place: &str, patience: Duration, error: &Error) -> Self {
        match error {
            Error::Database(error) => Self::of_server(place, patience, &**error),
            Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolClosed => {
                Self::Gone(StoreError::Unreachable {
                    place: place.to_owned(),
                    reason: error.to_string(),
                })
            }
            // A configuration may be repeated in its error, with the password.
            Error::Configuration(_) => Self::Final(StoreError::CannotOpen {
                place: place.to_owned(),
                reason: "the settings of the connection are not valid".to_owned(),
            }),
            other => Self::Final(StoreError::Failed {
                place: place.to_owned(),
                reason: other.to_string(),
            }),
        }
    }

    /// By the codes of appendix A of PostgreSQL's documentation.
    fn of_server(place: &str, patience: Duration, error: &dyn DatabaseError) -> Self {
        let place = place.to_owned();
        let code = error.code().unwrap_or_default().into_owned();
        let reason = format!("{} (code {code})", error.message());
        match code.as_str() {
            "40001" | "40P01" => Self::Collided(StoreError::Failed { place, reason }),
            "53100" => Self::Final(StoreError::NoRoom { place }),
            "25006" => Self::Final(StoreError::ReadOnly { place }),
            "55P03" => Self::Final(StoreError::Locked { place, waited: patience }),
            "3D000" => Self::Final(StoreError::CannotOpen { place, reason }),
            "XX001" | "XX002" => Self::Final(StoreError::Damaged { place, reason }),
            // Too many connections, shutting down, starting up.
            "53300" | "57P01" | "57P02" | "57P03" => {
                Self::Gone(StoreError::Unreachable { place, reason })
            }
            code if code.starts_with("08") => Self::Gone(StoreError::Unreachable { place, reason }),
            code if code.starts_with("28") => Self::Final(StoreError::CannotOpen {
                place,
                reason: format!("the server refuses the user or the password (code {code})"),
            }),
            _ => Self::Final(StoreError::Failed { place, reason }),
        }
    }
}
