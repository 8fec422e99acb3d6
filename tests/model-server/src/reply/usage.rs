//! The tokens that an answer took.

/// The tokens that an answer took; one of input and one of output by default.
///
/// The parts of the input are kept apart, so that each protocol can add them up in its own way:
/// OpenAI's `prompt_tokens` includes the cache, Anthropic's `input_tokens` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    input: u64,
    cache_read: u64,
    cache_write: u64,
    output: u64,
    reasoning: u64,
}

impl Default for Usage {
    fn default() -> Self {
        Self::new(1, 1)
    }
}

impl Usage {
    /// Counts tokens of input that no cache had and none keeps, and all tokens of output.
    pub fn new(input: u64, output: u64) -> Self {
        Self { input, cache_read: 0, cache_write: 0, output, reasoning: 0 }
    }

    /// Adds tokens of input that were read from a cache.
    #[must_use]
    pub fn with_cache_read(mut self, tokens: u64) -> Self {
        self.cache_read = tokens;
        self
    }

    /// Adds tokens of input that were written to a cache.
    #[must_use]
    pub fn with_cache_write(mut self, tokens: u64) -> Self {
        self.cache_write = tokens;
        self
    }

    /// Says how many of the tokens of output were reasoning.
    #[must_use]
    pub fn with_reasoning(mut self, tokens: u64) -> Self {
        self.reasoning = tokens;
        self
    }

    /// Returns the tokens of input that no cache had and none keeps.
    pub fn input(&self) -> u64 {
        self.input
    }

    /// Returns all tokens of input, those of the cache among them.
    pub fn input_total(&self) -> u64 {
        self.input.saturating_add(self.cache_read).saturating_add(self.cache_write)
    }

    /// Returns the tokens of input that were read from a cache.
    pub fn cache_read(&self) -> u64 {
        self.cache_read
    }

    /// Returns the tokens of input that were written to a cache.
    pub fn cache_write(&self) -> u64 {
        self.cache_write
    }

    /// Returns all tokens of output.
    pub fn output(&self) -> u64 {
        self.output
    }

    /// Returns how many of the tokens of output were reasoning.
    pub fn reasoning(&self) -> u64 {
        self.reasoning
    }

    /// Returns all tokens.
    pub fn total(&self) -> u64 {
        self.input_total().saturating_add(self.output)
    }
}
