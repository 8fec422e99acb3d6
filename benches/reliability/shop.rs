//! The shop's database: in memory, one for each trial.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

/// The shop's database.
#[derive(Debug)]
pub(crate) struct Shop {
    database: Connection,
}

/// An order of a customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: u32,
    pub(crate) item: String,
    pub(crate) quantity: u32,
    pub(crate) paid_cents: u32,
    pub(crate) state: String,
}

/// Whether the item of an order can be given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) days: u32,
    pub(crate) days_since_delivery: Option<u32>,
    pub(crate) fee_percent: u32,
}

/// What the service did: the lines that it added to the books, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Books {
    /// The refunds: the order, and how much in cents.
    pub(crate) refunds: Vec<(u32, u32)>,
    /// The orders whose item was sent again.
    pub(crate) shipments: Vec<u32>,
}

/// Why the shop does not do what it is asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// There is no such order.
    #[error("there is no order {0}")]
    NoOrder(u32),
    /// More is to be paid back than was paid.
    #[error("{paid} cents were paid for order {order}, and not given back yet")]
    TooMuch { order: u32, paid: u32 },
    /// The item is not there.
    #[error("there is no {0} in stock")]
    OutOfStock(String),
    /// The database fails.
    #[error("the database fails: {0}")]
    Database(#[from] rusqlite::Error),
}

impl Shop {
    /// Opens the shop as it is before any trial.
    pub(crate) fn open() -> rusqlite::Result<Self> {
        let database = Connection::open_in_memory()?;
        database.execute_batch(include_str!("shop.sql"))?;
        Ok(Self { database })
    }

    /// Returns the orders of a customer, oldest first.
    pub(crate) fn orders_of(&self, customer: &str) -> Result<Vec<Order>, Refused> {
        let sql = "SELECT id, item, quantity, paid_cents, state FROM orders WHERE customer = ? ORDER BY id";
        let mut statement = self.database.prepare(sql)?;
        Ok(statement.query_map([customer], order)?.collect::<Result<_, _>>()?)
    }

    /// Returns whether the item of an order can be given back, and what is kept then.
    pub(crate) fn policy_for(&self, order: u32) -> Result<Policy, Refused> {
        let sql = "SELECT days, days_since_delivery, fee_percent \
                   FROM orders JOIN items ON name = item JOIN policies USING (category) WHERE id = ?";
        let policy = self.database.query_row(sql, [order], |row| {
            let (days, days_since_delivery) = (row.get(0)?, row.get(1)?);
            Ok(Policy { days, days_since_delivery, fee_percent: row.get(2)? })
        });
        policy.optional()?.ok_or(Refused::NoOrder(order))
    }

    /// Returns how many of the item of an order are in stock.
    pub(crate) fn stock_for(&self, order: u32) -> Result<u32, Refused> {
        let sql = "SELECT stock FROM orders JOIN items ON name = item WHERE id = ?";
        let stock = self.database.query_row(sql, [order], |row| row.get(0));
        stock.optional()?.ok_or(Refused::NoOrder(order))
    }

    /// Pays back a part of an order, in cents; no more than is left of what was paid.
    pub(crate) fn refund(&mut self, order: u32, cents: u32) -> Result<(), Refused> {
        let sql = "SELECT iif(state = 'refunded', 0, paid_cents) - \
                   (SELECT coalesce(sum(cents), 0) FROM refunds WHERE order_id = id) FROM orders WHERE id = ?";
        let paid: Option<u32> =
            self.database.query_row(sql, [order], |row| row.get(0)).optional()?;
        let paid = paid.ok_or(Refused::NoOrder(order))?;
        if cents > paid {
            return Err(Refused::TooMuch { order, paid });
        }
        self.database.execute("INSERT INTO refunds VALUES (?, ?)", params![order, cents])?;
        Ok(())
    }

    /// Sends the item of an order again, if there is one in stock.
    pub(crate) fn send_again(&mut self, order: u32) -> Result<(), Refused> {
        let sql = "SELECT item FROM orders WHERE id = ?";
        let item: Option<String> =
            self.database.query_row(sql, [order], |row| row.get(0)).optional()?;
        let item = item.ok_or(Refused::NoOrder(order))?;
        let change = self.database.transaction()?;
        let sql = "UPDATE items SET stock = stock - 1 WHERE name = ? AND stock > 0";
        if change.execute(sql, [&item])? == 0 {
            return Err(Refused::OutOfStock(item));
        }
        change.execute("INSERT INTO shipments VALUES (?)", [order])?;
        Ok(change.commit()?)
    }

    /// Returns what was written to the books.
    pub(crate) fn books(&self) -> rusqlite::Result<Books> {
        let mut refunds =
            self.database.prepare("SELECT order_id, cents FROM refunds ORDER BY rowid")?;
        let refunds = refunds.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut shipments =
            self.database.prepare("SELECT order_id FROM shipments ORDER BY rowid")?;
        let shipments = shipments.query_map([], |row| row.get(0))?;
        Ok(Books {
            refunds: refunds.collect::<Result<_, _>>()?,
            shipments: shipments.collect::<Result<_, _>>()?,
        })
    }
}

fn order(row: &Row<'_>) -> rusqlite::Result<Order> {
    let (id, item, quantity) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Order { id, item, quantity, paid_cents: row.get(3)?, state: row.get(4)? })
}
