//! The tokens that a model call used.

use std::{iter::Sum, ops::AddAssign};

use serde::{Deserialize, Serialize};

/// The tokens that a model call, or several, used.
///
/// `None` means that it was not reported, which is not the same as 0. As in the OpenTelemetry GenAI
/// conventions, the input includes what was read from and written to a cache, and the output
/// includes reasoning.
///
/// # Examples
///
/// ```
/// use probity_trace::genai::Usage;
///
/// let first = Usage::new(29, 11);
/// let total: Usage = [first, Usage::new(40, 2)].into_iter().sum();
/// assert_eq!(total.input_tokens, Some(69));
/// assert_eq!(total.total_tokens(), Some(82));
/// assert_eq!(total.reasoning_output_tokens, None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Usage {
    /// All tokens of the input, cached ones among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// All tokens of the output, those of reasoning among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// The tokens of the input that were read from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_read_input_tokens: Option<u64>,
    /// The tokens of the input that were written to a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_input_tokens: Option<u64>,
    /// The tokens of the output that were spent on reasoning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_output_tokens: Option<u64>,
}

impl Usage {
    /// Makes a usage of input and output tokens.
    #[must_use]
    pub fn new(input_tokens: u64, output_tokens: u64) -> Self {
        Self {
            input_tokens: Some(input_tokens),
            output_tokens: Some(output_tokens),
            ..Self::default()
        }
    }

    /// Sets the tokens that were read from a cache; they are a part of the input.
    #[must_use]
    pub fn with_cache_read(mut self, tokens: u64) -> Self {
        self.cache_read_input_tokens = Some(tokens);
        self
    }

    /// Sets the tokens that were written to a cache; they are a part of the input.
    #[must_use]
    pub fn with_cache_write(mut self, tokens: u64) -> Self {
        self.cache_write_input_tokens = Some(tokens);
        self
    }

    /// Sets the tokens that were spent on reasoning; they are a part of the output.
    #[must_use]
    pub fn with_reasoning(mut self, tokens: u64) -> Self {
        self.reasoning_output_tokens = Some(tokens);
        self
    }

    /// Returns the sum of input and output, of those that are known; `None` if neither is.
    #[must_use]
    pub fn total_tokens(&self) -> Option<u64> {
        add(self.input_tokens, self.output_tokens)
    }

    /// Returns whether nothing was reported.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Fills what is unknown from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            input_tokens: self.input_tokens.or(other.input_tokens),
            output_tokens: self.output_tokens.or(other.output_tokens),
            cache_read_input_tokens: self.cache_read_input_tokens.or(other.cache_read_input_tokens),
            cache_write_input_tokens: self
                .cache_write_input_tokens
                .or(other.cache_write_input_tokens),
            reasoning_output_tokens: self.reasoning_output_tokens.or(other.reasoning_output_tokens),
        }
    }
}

impl Usage {
    /// Returns what is left of each number without a part of it; `None` if a part is more than the whole.
    pub(super) fn without(self, part: Self) -> Option<Self> {
        let left = |whole: Option<u64>, part: Option<u64>| match whole {
            Some(whole) => whole.checked_sub(part.unwrap_or(0)).map(Some),
            None => Some(None),
        };
        Some(Self {
            input_tokens: left(self.input_tokens, part.input_tokens)?,
            output_tokens: left(self.output_tokens, part.output_tokens)?,
            cache_read_input_tokens: left(
                self.cache_read_input_tokens,
                part.cache_read_input_tokens,
            )?,
            cache_write_input_tokens: left(
                self.cache_write_input_tokens,
                part.cache_write_input_tokens,
            )?,
            reasoning_output_tokens: left(
                self.reasoning_output_tokens,
                part.reasoning_output_tokens,
            )?,
        })
    }
}

impl AddAssign for Usage {
    /// Adds what is known; a sum of which one part is known is that part.
    fn add_assign(&mut self, other: Self) {
        self.input_tokens = add(self.input_tokens, other.input_tokens);
        self.output_tokens = add(self.output_tokens, other.output_tokens);
        self.cache_read_input_tokens =
            add(self.cache_read_input_tokens, other.cache_read_input_tokens);
        self.cache_write_input_tokens =
            add(self.cache_write_input_tokens, other.cache_write_input_tokens);
        self.reasoning_output_tokens =
            add(self.reasoning_output_tokens, other.reasoning_output_tokens);
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(usages: I) -> Self {
        usages.fold(Self::default(), |mut sum, usage| {
            sum += usage;
            sum
        })
    }
}

fn add(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (known, None) | (None, known) => known,
    }
}
