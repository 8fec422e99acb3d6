//! A number per minute, for one provider or for each.

use std::{fmt, num::NonZeroU32, str::FromStr};

/// A number per minute, for one provider or for each that has none of its own.
///
/// Made of a number, of a pair, or of a text such as `500` or `openai=500`. A number below 1 counts as 1; a text
/// that says so is an error.
///
/// # Examples
///
/// ```
/// use probity_eval::rate_limit::PerMinute;
///
/// let limit: PerMinute = "openai=30_000".parse()?;
/// assert_eq!((limit.provider(), limit.amount()), (Some("openai"), 30_000));
/// assert_eq!(limit, PerMinute::from(("openai", 30_000)));
///
/// let error = "openai=many".parse::<PerMinute>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"many\" is no number per minute: write a whole number from 1 to 4294967295, or one for a provider as in \
///      \"openai=500\""
/// );
/// # Ok::<(), probity_eval::rate_limit::InvalidPerMinute>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerMinute {
    provider: Option<String>,
    amount: NonZeroU32,
}

/// A text is no number per minute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPerMinute {
    /// What should be a number is none, or is out of range.
    #[error(
        "{amount:?} is no number per minute: write a whole number from 1 to {max}, or one for a provider as in \
         \"openai=500\"",
        max = u32::MAX
    )]
    #[non_exhaustive]
    Amount {
        /// What stands in the place of the number.
        amount: String,
    },
    /// There is no name before the sign of equality.
    #[error("{text:?} names no provider: write its name before the \"=\", as in \"openai=500\"")]
    #[non_exhaustive]
    Provider {
        /// The whole text.
        text: String,
    },
}

impl PerMinute {
    /// Returns the provider whose limit this is, in lowercase; `None` for all that have none of their own.
    pub fn provider(&self) -> Option<&str> {
        self.provider.as_deref()
    }

    /// Returns the number per minute, at least 1.
    pub fn amount(&self) -> u32 {
        self.amount.get()
    }

    pub(super) fn into_parts(self) -> (Option<String>, NonZeroU32) {
        (self.provider, self.amount)
    }
}

impl From<u32> for PerMinute {
    fn from(amount: u32) -> Self {
        Self { provider: None, amount: NonZeroU32::new(amount).unwrap_or(NonZeroU32::MIN) }
    }
}

impl From<(&str, u32)> for PerMinute {
    fn from((provider, amount): (&str, u32)) -> Self {
        Self { provider: Some(name(provider)), ..Self::from(amount) }
    }
}

impl FromStr for PerMinute {
    type Err = InvalidPerMinute;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (provider, amount) = match text.rsplit_once('=') {
            Some((provider, amount)) => (Some(name(provider)), amount),
            None => (None, text),
        };
        if provider.as_deref() == Some("") {
            return Err(InvalidPerMinute::Provider { text: text.to_owned() });
        }
        let amount = amount.trim();
        let digits = amount.replace('_', "").parse();
        let amount = digits.map_err(|_| InvalidPerMinute::Amount { amount: amount.to_owned() })?;
        Ok(Self { provider, amount })
    }
}

impl fmt::Display for PerMinute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(provider) = &self.provider {
            write!(f, "{provider}=")?;
        }
        write!(f, "{}", self.amount)
    }
}

/// Returns the name of a provider as limits are found by it.
pub(super) fn name(provider: &str) -> String {
    provider.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_number_with_or_without_a_provider() {
        for (text, expected) in [
            ("500", PerMinute::from(500)),
            (" 30_000 ", PerMinute::from(30_000)),
            ("OpenAI=1", PerMinute::from(("openai", 1))),
            ("127.0.0.1:8080 = 7", PerMinute::from(("127.0.0.1:8080", 7))),
        ] {
            let read: PerMinute = text.parse().unwrap();
            assert_eq!(read, expected, "{text}");
            assert_eq!(read.to_string().parse(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_says_what_would_be() {
        for text in ["", "many", "0", "-1", "1.5", "openai=", "openai=0", "4294967296"] {
            let error = text.parse::<PerMinute>().unwrap_err();
            assert!(matches!(error, InvalidPerMinute::Amount { .. }), "{text}: {error}");
        }
        let error = "=5".parse::<PerMinute>().unwrap_err();
        assert!(error.to_string().starts_with("\"=5\" names no provider"), "{error}");
    }

    #[test]
    fn a_number_below_one_counts_as_one() {
        assert_eq!(PerMinute::from(0).amount(), 1);
    }
}
