//! The price of one model, and the formula for the cost of a call.

use probity_trace::genai::Usage;
use serde::{Deserialize, Serialize};

/// What the tokens of a model cost, in US dollars per million tokens.
///
/// Every number is finite and not negative once the price is in a table of [`Prices`](super::Prices).
///
/// # Examples
///
/// ```
/// use probity_eval::Price;
/// use probity_trace::genai::Usage;
///
/// let price = Price::new(3.0, 15.0).with_cache_read(0.3).with_cache_write(3.75);
/// let usage = Usage::new(1_000_000, 0).with_cache_read(800_000);
/// assert_eq!(price.cost(&usage), Some(0.2 * 3.0 + 0.8 * 0.3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Price {
    /// Of input that no cache was involved in.
    pub input: f64,
    /// Of output, reasoning among it.
    pub output: f64,
    /// Of input that was read from a cache; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    /// Of input that was written to a cache; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<f64>,
}

impl Price {
    /// Makes a price of input and output, with no price for what a cache is involved in.
    #[must_use]
    pub const fn new(input: f64, output: f64) -> Self {
        Self { input, output, cache_read: None, cache_write: None }
    }

    /// Sets the price of input that was read from a cache.
    #[must_use]
    pub const fn with_cache_read(mut self, price: f64) -> Self {
        self.cache_read = Some(price);
        self
    }

    /// Sets the price of input that was written to a cache.
    #[must_use]
    pub const fn with_cache_write(mut self, price: f64) -> Self {
        self.cache_write = Some(price);
        self
    }

    /// Returns what a call costs, in US dollars.
    ///
    /// With `r` and `w` the tokens read from and written to a cache, which are a part of the input:
    ///
    /// ```text
    /// ((input - r - w) * price of input + r * price of reading + w * price of writing
    ///     + output * price of output) / 1,000,000
    /// ```
    ///
    /// This is the list price of text tokens: price tiers for long contexts, for batches and for how
    /// long a cache keeps, and fees for hosted tools are not in it.
    ///
    /// `None` where the cost is not known: the input or the output was not reported, a cache was used
    /// and its price is not known, or the counts contradict each other because more was cached
    /// than went in. Cached tokens that were not reported count as none.
    #[must_use]
    pub fn cost(&self, usage: &Usage) -> Option<f64> {
        let read = usage.cache_read_input_tokens.unwrap_or(0);
        let written = usage.cache_write_input_tokens.unwrap_or(0);
        let uncached = usage.input_tokens?.checked_sub(read)?.checked_sub(written)?;
        let of_input = part(uncached, Some(self.input))?;
        let of_cache = part(read, self.cache_read)? + part(written, self.cache_write)?;
        let of_output = part(usage.output_tokens?, Some(self.output))?;
        Some(of_input + of_cache + of_output).filter(|cost| cost.is_finite())
    }

    /// Returns the numbers with their names.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let named = [
            ("input", Some(self.input)),
            ("output", Some(self.output)),
            ("cache_read", self.cache_read),
            ("cache_write", self.cache_write),
        ];
        named.into_iter().filter_map(|(name, number)| Some((name, number?)))
    }
}

/// Returns what a part of the tokens costs; nothing costs nothing, whatever its price.
#[expect(clippy::cast_precision_loss, reason = "counts of tokens are far below 2^53")]
fn part(tokens: u64, per_million: Option<f64>) -> Option<f64> {
    if tokens == 0 {
        return Some(0.0);
    }
    Some(tokens as f64 / 1_000_000.0 * per_million?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a model with a cache costs.
    const TIERED: Price = Price::new(3.0, 15.0).with_cache_read(0.3).with_cache_write(3.75);

    #[track_caller]
    fn check(price: Price, usage: Usage, expected: Option<f64>) {
        match (price.cost(&usage), expected) {
            (Some(found), Some(expected)) => {
                assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
            }
            (found, expected) => assert_eq!(found, expected, "{usage:?}"),
        }
    }

    #[test]
    fn costs_are_those_computed_by_hand() {
        // 1000 * 2.50 / 1e6 + 500 * 10 / 1e6 = 0.0025 + 0.005
        check(Price::new(2.5, 10.0), Usage::new(1000, 500), Some(0.0075));
        // 29 * 0.15 / 1e6 + 11 * 0.60 / 1e6 = 4.35e-6 + 6.6e-6
        check(Price::new(0.15, 0.6), Usage::new(29, 11), Some(10.95e-6));
        // Of 10,000 tokens 6,000 were read and 1,000 written: 3,000 * 3 + 6,000 * 0.3 + 1,000 * 3.75,
        // and 200 * 15, all of it by a million: 0.009 + 0.0018 + 0.00375 + 0.003
        let cached = Usage::new(10_000, 200).with_cache_read(6_000).with_cache_write(1_000);
        check(TIERED, cached, Some(0.01755));
        // Reasoning is a part of the output: 100 * 15 / 1e6
        check(TIERED, Usage::new(0, 100).with_reasoning(80), Some(0.0015));
    }

    #[test]
    fn a_price_of_nothing_is_a_cost_of_nothing() {
        check(Price::new(0.0, 0.0), Usage::new(1_000_000, 1_000_000), Some(0.0));
        check(TIERED, Usage::new(0, 0), Some(0.0));
    }

    #[test]
    fn counts_that_were_not_reported_make_no_cost() {
        let mut no_input = Usage::new(0, 10);
        no_input.input_tokens = None;
        let mut no_output = Usage::new(10, 0);
        no_output.output_tokens = None;
        for usage in [Usage::default(), no_input, no_output] {
            check(TIERED, usage, None);
        }
    }

    #[test]
    fn a_cache_without_a_price_makes_no_cost_once_it_was_used() {
        let price = Price::new(1.0, 1.0);
        check(price, Usage::new(10, 10).with_cache_read(5), None);
        check(price, Usage::new(10, 10).with_cache_write(5), None);
        check(price, Usage::new(10, 10).with_cache_read(0).with_cache_write(0), Some(20e-6));
    }

    #[test]
    fn counts_that_contradict_each_other_make_no_cost() {
        check(TIERED, Usage::new(10, 0).with_cache_read(11), None);
        check(TIERED, Usage::new(10, 0).with_cache_read(6).with_cache_write(6), None);
    }

    #[test]
    fn json_brings_a_price_back() {
        for price in [TIERED, Price::new(0.15, 0.6)] {
            let json = serde_json::to_string(&price).unwrap();
            assert_eq!(serde_json::from_str::<Price>(&json).unwrap(), price);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(2_026),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_cache_never_costs_more_than_the_dearest_input_and_never_less_than_nothing(
            input in 0_u64..10_000_000,
            read in 0_u64..10_000_000,
            written in 0_u64..10_000_000,
        ) {
            let usage = Usage::new(input, 0).with_cache_read(read).with_cache_write(written);
            match TIERED.cost(&usage) {
                Some(cost) => {
                    prop_assert!(cost >= 0.0);
                    prop_assert!(cost <= part(input, Some(3.75)).unwrap() + 1e-9);
                }
                None => prop_assert!(read + written > input),
            }
        }
    }
}
