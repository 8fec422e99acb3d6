//! The prices of rig's catalog.

use std::collections::BTreeMap;

use probity_eval::{Prices, prices::PricesError};
use rig_core::catalog::{Catalog, ModelSpec, Pricing};
use serde_json::{Map, Value, json};

/// Returns the prices that rig ships: those of models.dev as of rig-core 0.44.0, which was released on
/// 2026-10-07.
///
/// Providers are named as spans name them, such as `openai` and `gcp.gemini`, and models by the names that
/// the provider takes, without a date. Merge a table of your own on top for what is newer or has
/// another price.
///
/// # Errors
///
/// Errs where a number of the catalog is no price, and names the row.
///
/// # Examples
///
/// ```
/// let prices = probity_adapters::rig::prices()?;
/// let price = prices.price(Some("anthropic"), "claude-haiku-4-5").unwrap();
/// assert!(price.output > price.input);
/// # Ok::<(), probity_eval::prices::PricesError>(())
/// ```
pub fn prices() -> Result<Prices, PricesError> {
    prices_of(Catalog::builtin())
}

/// Returns the prices of a catalog, such as one read from a newer file of models.dev.
///
/// Models without prices are left out: their price is unknown.
///
/// # Errors
///
/// Errs where a number of the catalog is negative, infinite or NaN, and names the row.
pub fn prices_of(catalog: &Catalog) -> Result<Prices, PricesError> {
    let mut table: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (spec, pricing) in catalog.iter().filter_map(|spec| Some((spec, spec.pricing?))) {
        let (provider, row) = row(spec, &pricing);
        table.entry(provider).or_default().insert(spec.id.clone(), row);
    }
    // Grouped by provider, so that a user's rows in either shape count before these.
    let table: BTreeMap<_, _> = table
        .into_iter()
        .map(|(provider, models)| (provider, json!({ "models": models })))
        .collect();
    Prices::from_json(&json!(table).to_string())
}

fn row<'a>(spec: &ModelSpec, pricing: &Pricing) -> (&'a str, Value) {
    let cost = json!({
        "input": pricing.input,
        "output": pricing.output,
        "cache_read": pricing.cache_read,
        "cache_write": pricing.cache_write,
    });
    (spec.provider.vendor(), json!({ "cost": cost }))
}

#[cfg(test)]
mod tests {
    use probity_eval::Price;
    use probity_trace::genai::Usage;

    use super::*;

    const CATALOG: &str = r#"{
        "openai": {"models": {
            "small": {"id": "small", "cost": {"input": 0.4, "output": 1.6, "cache_read": 0.1}},
            "free": {"id": "free", "cost": {"input": 0, "output": 0}},
            "unpriced": {"id": "unpriced"}
        }},
        "google": {"models": {"flash": {"id": "flash", "cost": {"input": 0.3, "output": 2.5}}}}
    }"#;

    #[test]
    fn rows_keep_their_numbers_and_get_the_provider_s_name_of_the_spans() {
        let prices = prices_of(&Catalog::from_json(CATALOG).unwrap()).unwrap();
        let small = Price::new(0.4, 1.6).with_cache_read(0.1);
        assert_eq!(prices.price(Some("openai"), "small"), Some(small));
        assert_eq!(prices.price(Some("openai"), "free"), Some(Price::new(0.0, 0.0)));
        assert_eq!(prices.price(Some("openai"), "unpriced"), None);
        assert_eq!(prices.price(Some("gcp.gemini"), "flash"), Some(Price::new(0.3, 2.5)));
        assert_eq!(prices.len(), 3);
    }

    #[test]
    fn the_catalog_that_rig_ships_is_read_whole() {
        let priced = Catalog::builtin().iter().filter(|spec| spec.pricing.is_some()).count();
        assert!(priced > 500, "{priced}");
        assert_eq!(prices().unwrap().len(), priced);
    }

    #[test]
    fn a_call_costs_what_rig_says() {
        let spec = Catalog::builtin().resolve("anthropic/claude-haiku-4-5").unwrap();
        let usage = rig_core::completion::Usage::new().input_tokens(5_000).output_tokens(700);
        let expected = spec.pricing.unwrap().cost(&usage).unwrap().total;
        let cost = prices().unwrap().cost(&Usage::new(5_000, 700), Some("anthropic"), &spec.id);
        assert!((cost.unwrap() - expected).abs() < 1e-12);
    }
}
