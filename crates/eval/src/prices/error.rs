//! Why a table of prices is refused.

use super::Price;

/// Why a table of prices, or a row of it, is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PricesError {
    /// The text is no JSON.
    #[error("the table of prices is no JSON")]
    NotJson(#[source] serde_json::Error),
    /// The text is JSON, but no object.
    #[error("the table of prices is {found}, not an object whose keys are models or providers")]
    NotAnObject {
        /// What it is instead.
        found: &'static str,
    },
    /// A price cannot be read.
    #[error(
        "the price of {row:?} cannot be read: it is an object with the numbers input and output"
    )]
    Unreadable {
        /// The model, after the provider and a slash where models are grouped by provider.
        row: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A number of a price is negative, infinite or NaN.
    #[error("the price of {row:?} has the {number} {value}, not a finite number from 0 on")]
    InvalidNumber {
        /// The model, after the provider and a slash where models are grouped by provider.
        row: String,
        /// Which number it is: `input`, `output`, `cache_read` or `cache_write`.
        number: &'static str,
        /// The number.
        value: f64,
    },
}

/// Checks that all numbers of a price are finite and not negative.
pub(super) fn check(row: &str, price: &Price) -> Result<(), PricesError> {
    match price.numbers().find(|(_, value)| !(value.is_finite() && *value >= 0.0)) {
        Some((number, value)) => {
            Err(PricesError::InvalidNumber { row: row.to_owned(), number, value })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::Prices;

    #[test]
    fn a_number_that_is_no_price_is_refused_by_name() {
        let good = Price::new(1.0, 2.0);
        for value in [-0.01, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let bad = [
                ("input", Price::new(value, 1.0)),
                ("output", Price::new(1.0, value)),
                ("cache_read", good.with_cache_read(value)),
                ("cache_write", good.with_cache_write(value)),
            ];
            for (number, price) in bad {
                let error = Prices::new().with("acme/small", price).unwrap_err().to_string();
                let expected = format!("the price of \"acme/small\" has the {number} {value}");
                assert!(error.starts_with(&expected), "{error}");
            }
        }
        assert!(Prices::new().with("acme/small", good).is_ok());
    }
}
