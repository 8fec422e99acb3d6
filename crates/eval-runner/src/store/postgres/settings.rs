//! How a PostgreSQL database is opened.

use std::{str::FromStr as _, time::Duration};

use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};

use crate::store::error::StoreError;

/// The server looks after half a minute of silence whether the other side is there, and gives it up after another.
const KEEPALIVES: [(&str, &str); 3] = [
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
];

/// How a PostgreSQL database is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "settings do nothing unless a store is opened with them"]
pub struct PostgresSettings {
    schema: String,
    patience: Duration,
}

/// A database, and how to reach it.
#[derive(Clone)]
pub(super) struct Target {
    /// Where it is, without user and password.
    pub(super) place: String,
    pub(super) schema: String,
    pub(super) patience: Duration,
    pub(super) options: PgConnectOptions,
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self { schema: "probity".to_owned(), patience: Duration::from_mins(1) }
    }
}

impl PostgresSettings {
    /// Makes settings for the schema `probity` and a minute of patience.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the schema that has the tables: lower-case letters, digits and `_`, beginning with a letter.
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = schema.into();
        self
    }

    /// Sets how long to wait for a server that went away, before what was to be written fails.
    ///
    /// A connection is given up where a statement takes half of it, or three seconds if that is longer; what takes long
    /// to send is given longer.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Reads a URL.
    pub(super) fn target(self, url: &str) -> Result<Target, StoreError> {
        // What the parser says of a URL may hold a part of it.
        let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::BadPlace {
            place: "postgres://...".to_owned(),
            reason: "write postgres://user:password@host:port/database, with special characters \
                     percent-encoded"
                .to_owned(),
        })?;
        let place = place(&options);
        let named = self.schema.starts_with(|c: char| c.is_ascii_lowercase());
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !named || !self.schema.chars().all(plain) || self.schema.len() > 63 {
            let reason = format!(
                "{:?} is no name of a schema: use at most 63 lower-case letters, digits and _",
                self.schema
            );
            return Err(StoreError::BadPlace { place, reason });
        }
        let options = options
            .options([("search_path", self.schema.as_str())])
            .options(KEEPALIVES)
            // Statements are not the program's own doing, and have no place in its traces.
            .disable_statement_logging();
        Ok(Target { place, schema: self.schema, patience: self.patience, options })
    }
}

/// Says where a database is, without user and password.
fn place(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or_default();
    match options.get_socket() {
        Some(socket) => format!("postgres://{}/{database}", socket.display()),
        None => format!("postgres://{}:{}/{database}", options.get_host(), options.get_port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_has_neither_user_nor_password() {
        let url = "postgres://ann:s3cret@db.example:5433/evals";
        let target = PostgresSettings::new().target(url).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(target.place, "postgres://db.example:5433/evals");
    }

    #[test]
    fn a_url_that_cannot_be_read_is_not_repeated() {
        let error = PostgresSettings::new().target("postgres://ann:s3cret@db:no/x").err().unwrap();
        assert!(!error.to_string().contains("s3cret"), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }

    #[test]
    fn a_schema_must_have_a_plain_name() {
        for name in ["", "1st", "a b", "a\"b", "Abc"] {
            let settings = PostgresSettings::new().schema(name);
            assert!(settings.target("postgres://db/x").is_err(), "{name:?}");
        }
    }
}
