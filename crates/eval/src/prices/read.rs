//! Reads a table of prices.

use std::collections::BTreeMap;

use serde::{Deserialize as _, de::Error as _};
use serde_json::{Map, Value};

use super::{Price, PricesError, Rows, error};

/// Reads the rows of a table, in either shape.
pub(super) fn rows(json: &str) -> Result<Rows, PricesError> {
    let table: Value = serde_json::from_str(json).map_err(PricesError::NotJson)?;
    let Value::Object(entries) = table else {
        return Err(PricesError::NotAnObject { found: kind(&table) });
    };
    let mut rows = Rows::default();
    for (name, mut entry) in entries {
        match entry.get_mut("models").map(Value::take) {
            Some(Value::Object(models)) => {
                let priced = grouped(&name, models)?;
                rows.grouped.insert(name, priced);
            }
            Some(_) => return Err(unreadable(&name, "its models are not an object")),
            None => {
                let price = price(&name, &entry)?;
                rows.flat.insert(name, price);
            }
        }
    }
    Ok(rows)
}

/// Reads the models of one provider; one without a cost has no price.
fn grouped(
    provider: &str,
    models: Map<String, Value>,
) -> Result<BTreeMap<String, Price>, PricesError> {
    let costs = models.into_iter().filter_map(|(model, mut entry)| {
        let cost = entry.get_mut("cost").map(Value::take)?;
        (!cost.is_null()).then_some((model, cost))
    });
    costs
        .map(|(model, cost)| {
            let price = price(&format!("{provider}/{model}"), &cost)?;
            Ok((model, price))
        })
        .collect()
}

fn price(row: &str, entry: &Value) -> Result<Price, PricesError> {
    let price = Price::deserialize(entry)
        .map_err(|source| PricesError::Unreadable { row: row.to_owned(), source })?;
    error::check(row, &price)?;
    Ok(price)
}

fn unreadable(row: &str, reason: &str) -> PricesError {
    PricesError::Unreadable { row: row.to_owned(), source: serde_json::Error::custom(reason) }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::prices::Prices;

    /// Cut from what models.dev publishes: the shape, with other names.
    const GROUPED: &str = r#"{
        "acme": {
            "id": "acme",
            "name": "Acme",
            "env": ["ACME_API_KEY"],
            "models": {
                "small": {
                    "id": "small",
                    "limit": {"context": 200000, "output": 64000},
                    "cost": {
                        "input": 3, "output": 15, "cache_read": 0.3, "cache_write": 3.75,
                        "context_over_200k": {"input": 6, "output": 22.5}
                    }
                },
                "free": {"id": "free", "cost": {"input": 0, "output": 0}},
                "unpriced": {"id": "unpriced"},
                "null": {"id": "null", "cost": null}
            }
        },
        "empty": {"models": {}}
    }"#;

    #[test]
    fn the_shape_of_models_dev_is_read() {
        let prices = Prices::from_json(GROUPED).unwrap();
        let small = Price::new(3.0, 15.0).with_cache_read(0.3).with_cache_write(3.75);
        assert_eq!(prices.price(Some("acme"), "small"), Some(small));
        assert_eq!(prices.price(Some("acme"), "free"), Some(Price::new(0.0, 0.0)));
        assert_eq!(prices.price(Some("acme"), "unpriced"), None);
        assert_eq!(prices.price(Some("acme"), "null"), None);
        assert_eq!(prices.len(), 2);
    }

    #[test]
    fn both_shapes_may_stand_in_one_table() {
        let json = r#"{"acme": {"models": {"m": {"cost": {"input": 1, "output": 2}}}},
                       "m": {"input": 3, "output": 4, "note": "ignored"}}"#;
        let prices = Prices::from_json(json).unwrap();
        assert_eq!(prices.price(Some("acme"), "m"), Some(Price::new(1.0, 2.0)));
        assert_eq!(prices.price(None, "m"), Some(Price::new(3.0, 4.0)));
        assert!(Prices::from_json("{}").unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_the_row_is_named() {
        let table = [
            ("", "the table of prices is no JSON"),
            ("[]", "the table of prices is an array, not an object"),
            ("3", "the table of prices is a number"),
            (r#"{"m": {"input": 1}}"#, "the price of \"m\" cannot be read"),
            (r#"{"m": {"input": "1", "output": 2}}"#, "the price of \"m\" cannot be read"),
            (r#"{"m": 3}"#, "the price of \"m\" cannot be read"),
            (r#"{"a": {"models": []}}"#, "the price of \"a\" cannot be read"),
            (r#"{"a": {"models": {"m": {"cost": 7}}}}"#, "the price of \"a/m\" cannot be read"),
            (
                r#"{"a": {"models": {"m": {"cost": {"input": -1, "output": 2}}}}}"#,
                "the price of \"a/m\" has the input -1, not",
            ),
            (
                r#"{"m": {"input": 1, "output": 2, "cache_read": -0.5}}"#,
                "the price of \"m\" has the cache_read -0.5, not",
            ),
        ];
        for (json, expected) in table {
            let error = Prices::from_json(json).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{json}: {error}");
        }
    }

    #[test]
    fn infinite_numbers_do_not_get_in() {
        let error = Prices::from_json(r#"{"m": {"input": 1e999, "output": 2}}"#).unwrap_err();
        assert!(matches!(error, PricesError::NotJson(_)), "{error}");
    }

    #[test]
    fn the_reason_is_the_source_and_is_not_printed_twice() {
        let error = Prices::from_json(r#"{"m": {"input": 1}}"#).unwrap_err();
        let source = error.source().unwrap().to_string();
        assert_eq!(source, "missing field `output`");
        assert!(!error.to_string().contains(&source), "{error}");
    }
}
