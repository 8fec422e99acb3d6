//! The two kinds of SQL.

#[cfg(feature = "postgres")]
use sea_query::PostgresQueryBuilder;
#[cfg(feature = "sqlite")]
use sea_query::SqliteQueryBuilder;
use sea_query::{DeleteStatement, InsertStatement, SelectStatement, UpdateStatement, Value};

/// A kind of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    #[cfg(feature = "sqlite")]
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

impl Dialect {
    /// Returns whether tables are laid out by an internal number unless told otherwise.
    pub(super) fn numbers_rows(self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite => true,
            #[cfg(feature = "postgres")]
            Self::Postgres => false,
        }
    }
}

/// A statement with the values of its parameters.
#[derive(Debug, Clone)]
pub(in crate::store) struct Sql {
    pub(in crate::store) text: String,
    pub(in crate::store) values: Vec<Value>,
}

/// A statement that is not yet in any kind of SQL.
pub(super) trait Statement {
    /// Writes it.
    fn sql(&self, dialect: Dialect) -> Sql;
}

macro_rules! statement {
    ($($kind:ty),*) => {$(
        impl Statement for $kind {
            fn sql(&self, dialect: Dialect) -> Sql {
                let (text, values) = match dialect {
                    #[cfg(feature = "sqlite")]
                    Dialect::Sqlite => self.build(SqliteQueryBuilder),
                    #[cfg(feature = "postgres")]
                    Dialect::Postgres => self.build(PostgresQueryBuilder),
                };
                Sql { text, values: values.0 }
            }
        }
    )*};
}

statement!(DeleteStatement, InsertStatement, SelectStatement, UpdateStatement);
