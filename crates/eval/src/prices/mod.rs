//! What models cost: a table of prices that the user brings.

mod error;
mod price;
mod read;

use std::{collections::BTreeMap, sync::Arc};

use probity_trace::genai::{LlmCall, Usage};

pub use self::{error::PricesError, price::Price};

/// A table of what models cost. No price is built in.
///
/// Rows come from [`with`](Self::with) and from a file read by [`from_json`](Self::from_json).
/// A price that is not in the table is unknown, never 0. A clone is cheap, since clones share the table.
///
/// # Which row counts
///
/// Names are compared as they are written, letter by letter: nothing is guessed from a part of a
/// name, a date in it, or another provider. For a model and its provider, the first of these rows that
/// exists:
///
/// 1. the row written as `provider/model`,
/// 2. the row of the model in a file that groups models by provider,
/// 3. the row written as `model`, for any provider.
///
/// For a model whose provider is not known: the row written as `model`, and where the name has a
/// slash, the row of what follows it in the provider that precedes it.
///
/// # Examples
///
/// ```
/// use probity_eval::{Price, Prices};
/// use probity_trace::genai::Usage;
///
/// let prices = Prices::new()
///     .with("small", Price::new(0.15, 0.6))?
///     .with("dear/small", Price::new(15.0, 60.0))?;
///
/// let usage = Usage::new(1_000_000, 100_000);
/// assert_eq!(prices.cost(&usage, None, "small"), Some(0.15 + 0.06));
/// assert_eq!(prices.cost(&usage, Some("dear"), "small"), Some(15.0 + 6.0));
/// assert_eq!(prices.cost(&usage, None, "small-2026-01-01"), None);
/// # Ok::<(), probity_eval::prices::PricesError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    rows: Arc<Rows>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Rows {
    /// By the name as it was written: `model`, or `provider/model`.
    flat: BTreeMap<String, Price>,
    /// By provider, then by model.
    grouped: BTreeMap<String, BTreeMap<String, Price>>,
}

impl Prices {
    /// Makes an empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the price of a model, written as `model` or as `provider/model`, or replaces it.
    ///
    /// # Errors
    ///
    /// Errs where a number of the price is negative, infinite or NaN, and names the row.
    pub fn with(mut self, model: impl Into<String>, price: Price) -> Result<Self, PricesError> {
        let model = model.into();
        error::check(&model, &price)?;
        Arc::make_mut(&mut self.rows).flat.insert(model, price);
        Ok(self)
    }

    /// Reads a table, in US dollars per million tokens.
    ///
    /// Each entry of the object is either a model with its price, `{"input": 3, "output": 15}` with
    /// `cache_read` and `cache_write` where they are known, or a provider with its models, in the shape
    /// that models.dev publishes: `{"models": {"small": {"cost": {"input": 3, "output": 15}}}}`.
    /// Other keys are ignored. A model of a provider without a `cost` has no price.
    ///
    /// # Errors
    ///
    /// Errs where the text is no JSON object, and names the row where a price is incomplete, no number,
    /// negative or infinite.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::{Price, Prices};
    ///
    /// let grouped = r#"{"acme": {"models": {"small": {"cost": {"input": 3, "output": 15}}}}}"#;
    /// let prices = Prices::from_json(grouped)?;
    /// assert_eq!(prices.price(Some("acme"), "small"), Some(Price::new(3.0, 15.0)));
    /// assert_eq!(prices.price(None, "small"), None);
    ///
    /// let flat = Prices::from_json(r#"{"small": {"input": 3, "output": 15, "cache_read": 0.3}}"#)?;
    /// assert_eq!(flat.price(None, "small"), Some(Price::new(3.0, 15.0).with_cache_read(0.3)));
    /// # Ok::<(), probity_eval::prices::PricesError>(())
    /// ```
    pub fn from_json(json: &str) -> Result<Self, PricesError> {
        read::rows(json).map(|rows| Self { rows: Arc::new(rows) })
    }

    /// Adds the rows of another table; where both have a row of the same name and shape, the other's
    /// counts.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        let other = Arc::unwrap_or_clone(other.rows);
        let rows = Arc::make_mut(&mut self.rows);
        rows.flat.extend(other.flat);
        for (provider, models) in other.grouped {
            rows.grouped.entry(provider).or_default().extend(models);
        }
        self
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.flat.len() + self.rows.grouped.values().map(BTreeMap::len).sum::<usize>()
    }

    /// Returns whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the price of a model, found as [the type](Self#which-row-counts) says; `None` if it is
    /// not known.
    #[must_use]
    pub fn price(&self, provider: Option<&str>, model: &str) -> Option<Price> {
        let flat = |name: &str| self.rows.flat.get(name).copied();
        let grouped =
            |provider: &str, model: &str| self.rows.grouped.get(provider)?.get(model).copied();
        match provider {
            Some(provider) => flat(&format!("{provider}/{model}"))
                .or_else(|| grouped(provider, model))
                .or_else(|| flat(model)),
            None => flat(model).or_else(|| {
                let (provider, model) = model.split_once('/')?;
                grouped(provider, model)
            }),
        }
    }

    /// Returns what a call costs, in US dollars; `None` where it is not known.
    ///
    /// It is not known where the model has no price, and in the cases that [`Price::cost`] lists.
    #[must_use]
    pub fn cost(&self, usage: &Usage, provider: Option<&str>, model: &str) -> Option<f64> {
        self.price(provider, model)?.cost(usage)
    }

    /// Returns what a call costs, in US dollars; `None` where it is not known.
    ///
    /// The price is that of the model that answered or, where that one has none, of the model that was
    /// asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::{Price, Prices};
    /// use probity_trace::genai::{LlmCall, Usage};
    ///
    /// # let (id, now) = (probity_trace::SpanId::from_bytes([1; 8]).unwrap(), std::time::SystemTime::now());
    /// let mut call = LlmCall::new(id, "chat", now);
    /// call.request_model = Some("small".to_owned());
    /// call.response_model = Some("small-2026-01-01".to_owned());
    /// call.usage = Usage::new(1_000_000, 0);
    /// let prices = Prices::new().with("small", Price::new(0.5, 2.0))?;
    /// assert_eq!(prices.cost_of_call(&call), Some(0.5));
    /// # Ok::<(), probity_eval::prices::PricesError>(())
    /// ```
    #[must_use]
    pub fn cost_of_call(&self, call: &LlmCall) -> Option<f64> {
        let models = [call.response_model.as_deref(), call.request_model.as_deref()];
        let provider = call.provider.as_deref();
        let price = models.into_iter().flatten().find_map(|model| self.price(provider, model));
        price?.cost(&call.usage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOW: Price = Price::new(1.0, 2.0);
    const HIGH: Price = Price::new(10.0, 20.0);

    fn grouped(provider: &str, model: &str, price: Price) -> Prices {
        let json = serde_json::json!({ provider: { "models": { model: { "cost": price } } } });
        Prices::from_json(&json.to_string()).unwrap()
    }

    #[test]
    fn the_more_exact_row_counts() {
        let any = Prices::new().with("small", LOW).unwrap();
        let prices = any.clone().merge(grouped("acme", "small", HIGH));
        assert_eq!(prices.price(Some("acme"), "small"), Some(HIGH));
        assert_eq!(prices.price(Some("other"), "small"), Some(LOW));
        assert_eq!(prices.price(None, "small"), Some(LOW));
        let written = prices.with("acme/small", LOW).unwrap();
        assert_eq!(written.price(Some("acme"), "small"), Some(LOW), "written by hand");
    }

    #[test]
    fn a_model_named_with_its_provider_is_found_in_either_shape() {
        let written = Prices::new().with("acme/small", LOW).unwrap();
        for prices in [written, grouped("acme", "small", LOW)] {
            assert_eq!(prices.price(None, "acme/small"), Some(LOW));
            assert_eq!(prices.price(Some("acme"), "small"), Some(LOW));
        }
    }

    #[test]
    fn models_whose_names_have_slashes_are_found_with_their_provider() {
        let prices = grouped("router", "acme/small", LOW);
        assert_eq!(prices.price(Some("router"), "acme/small"), Some(LOW));
        assert_eq!(prices.price(None, "router/acme/small"), Some(LOW));
    }

    #[test]
    fn nothing_is_guessed() {
        let prices = grouped("acme", "small", LOW).with("big", HIGH).unwrap();
        for (provider, model) in [
            (None, "small"),
            (Some("other"), "small"),
            (Some("router"), "acme/small"),
            (Some("acme"), "small-2026-01-01"),
            (Some("ACME"), "small"),
            (None, "Big"),
            (None, ""),
            (Some(""), ""),
        ] {
            assert_eq!(prices.price(provider, model), None, "{provider:?} {model:?}");
            assert_eq!(prices.cost(&Usage::new(1, 1), provider, model), None);
        }
    }

    #[test]
    fn an_unknown_provider_leaves_the_row_of_the_model() {
        let prices = Prices::new().with("small", LOW).unwrap();
        assert_eq!(prices.price(Some(""), "small"), Some(LOW));
        assert_eq!(prices.cost(&Usage::new(3, 4), Some("any"), "small"), Some(11e-6));
    }

    #[test]
    fn the_table_merged_last_counts() {
        let (low, high) = (Prices::new().with("m", LOW), Prices::new().with("m", HIGH));
        let merged = low.unwrap().merge(high.unwrap());
        assert_eq!((merged.price(None, "m"), merged.len()), (Some(HIGH), 1));
        let merged = grouped("a", "m", LOW).merge(grouped("a", "m", HIGH));
        let merged = merged.merge(grouped("a", "n", LOW)).merge(grouped("b", "m", LOW));
        assert_eq!((merged.price(Some("a"), "m"), merged.len()), (Some(HIGH), 3));
    }

    #[test]
    fn a_clone_is_not_changed_by_what_is_added_to_the_other() {
        let prices = Prices::new().with("m", LOW).unwrap();
        let more = prices.clone().with("n", HIGH).unwrap();
        assert_eq!((prices.len(), more.len()), (1, 2));
        assert!(Prices::new().is_empty() && !prices.is_empty());
    }
}
