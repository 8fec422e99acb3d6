//! What SQLite and PostgreSQL have in common: tables, statements, the queue of writes, and the store over them.

mod backed;
mod batch;
mod cold;
mod columns;
mod command;
mod connection;
mod decode;
mod dialect;
mod encode;
mod hot;
mod index;
mod migrate;
mod reader;
mod row;
mod schema;
mod shared;
mod supersede;
mod withdraw;
mod writer;

pub(super) use backed::Backed;
#[cfg(feature = "postgres")]
pub(super) use columns::KEY;
pub(super) use connection::{Connection, Upserted};
pub(super) use dialect::{Dialect, Sql};
pub(super) use hot::Hot;
#[cfg(feature = "sqlite")]
pub(super) use hot::hot_sql;
pub(super) use migrate::{MIGRATIONS, check, migrate};
pub(super) use row::Row;
pub(super) use shared::SqlStore;
