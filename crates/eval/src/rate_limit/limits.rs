//! How many requests and tokens per minute may be sent to which provider.

use std::{collections::BTreeMap, fmt, num::NonZeroU32, time::Duration};

use super::per_minute::{PerMinute, name};

/// How many requests and tokens per minute may be sent to which provider.
///
/// A limit without a provider is one for each provider that has none of its own; two providers do not share it.
/// Providers are named as `gen_ai.provider.name` names them, in lowercase. What is not limited is sent at once, until
/// the provider refuses calls.
///
/// # Examples
///
/// ```
/// use probity_eval::RateLimits;
///
/// let limits = RateLimits::new()
///     .with_requests_per_minute(500)
///     .with_requests_per_minute(("anthropic", 50))
///     .with_tokens_per_minute(("anthropic", 30_000));
/// assert_eq!(
///     limits.to_string(),
///     "500 requests per minute; anthropic: 50 requests and 30000 tokens per minute"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimits {
    others: Rates,
    providers: BTreeMap<String, Rates>,
    longest_hold: Duration,
}

/// The limits of one provider; what is `None` is not limited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Rates {
    pub(super) requests: Option<NonZeroU32>,
    pub(super) tokens: Option<NonZeroU32>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            others: Rates::default(),
            providers: BTreeMap::new(),
            longest_hold: Duration::from_mins(2),
        }
    }
}

impl RateLimits {
    /// Limits nothing, until a provider refuses calls.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many requests are sent per minute, each attempt of a call counted.
    #[must_use]
    pub fn with_requests_per_minute(mut self, limit: impl Into<PerMinute>) -> Self {
        let (provider, amount) = limit.into().into_parts();
        self.rates(provider).requests = Some(amount);
        self
    }

    /// Sets how many tokens are sent and received per minute, of inputs and outputs together.
    #[must_use]
    pub fn with_tokens_per_minute(mut self, limit: impl Into<PerMinute>) -> Self {
        let (provider, amount) = limit.into().into_parts();
        self.rates(provider).tokens = Some(amount);
        self
    }

    /// Sets the longest time for which a provider that refused a call may keep others waiting. What asks for more
    /// concerns that call alone. The default is 2 minutes, as that of
    /// [`RetryPolicy::max_retry_after`](crate::RetryPolicy::max_retry_after).
    #[must_use]
    pub fn with_longest_hold(mut self, hold: Duration) -> Self {
        self.longest_hold = hold;
        self
    }

    /// Returns whether no limit is set.
    pub fn is_unlimited(&self) -> bool {
        self.providers.values().chain([&self.others]).all(|rates| *rates == Rates::default())
    }

    /// Returns the limits of a provider: its own, or else those of all.
    pub(super) fn of(&self, provider: &str) -> Rates {
        let own = self.providers.get(provider).copied().unwrap_or_default();
        Rates {
            requests: own.requests.or(self.others.requests),
            tokens: own.tokens.or(self.others.tokens),
        }
    }

    pub(super) fn longest_hold(&self) -> Duration {
        self.longest_hold
    }

    fn rates(&mut self, provider: Option<String>) -> &mut Rates {
        match provider {
            Some(provider) => self.providers.entry(name(&provider)).or_default(),
            None => &mut self.others,
        }
    }
}

impl fmt::Display for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.providers.iter().map(|(provider, rates)| (Some(provider), rates));
        let all = [(None, &self.others)].into_iter().chain(own);
        let set: Vec<_> = all.filter(|(_, rates)| **rates != Rates::default()).collect();
        if set.is_empty() {
            return f.write_str("no limits per minute");
        }
        for (index, (provider, rates)) in set.into_iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            if let Some(provider) = provider {
                write!(f, "{provider}: ")?;
            }
            write!(f, "{rates} per minute")?;
        }
        Ok(())
    }
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.requests, self.tokens) {
            (Some(requests), Some(tokens)) => write!(f, "{requests} requests and {tokens} tokens"),
            (Some(requests), None) => write!(f, "{requests} requests"),
            (None, Some(tokens)) => write!(f, "{tokens} tokens"),
            (None, None) => f.write_str("any number of requests"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_s_own_limit_goes_before_that_of_all_each_by_itself() {
        let limits = RateLimits::new()
            .with_requests_per_minute(500)
            .with_tokens_per_minute(9_000)
            .with_requests_per_minute(("OpenAI ", 50));
        let of = |provider| {
            let Rates { requests, tokens } = limits.of(provider);
            (requests.map(NonZeroU32::get), tokens.map(NonZeroU32::get))
        };
        assert_eq!(of("openai"), (Some(50), Some(9_000)));
        assert_eq!(of("anthropic"), (Some(500), Some(9_000)));
        assert!(!limits.is_unlimited() && RateLimits::new().is_unlimited());
        assert_eq!(RateLimits::new().to_string(), "no limits per minute");
    }
}
