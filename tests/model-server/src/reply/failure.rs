//! An error that a provider reports.

/// What a provider complains about.
///
/// The numbers are the HTTP status with OpenAI and with Anthropic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The request is not valid: 400.
    BadRequest,
    /// The key is missing or wrong: 401.
    Authentication,
    /// The key may not do this: 403.
    Permission,
    /// There is no such model or path: 404.
    NotFound,
    /// Too many requests: 429.
    RateLimited,
    /// There is no money left: 429 with OpenAI, 402 with Anthropic.
    InsufficientQuota,
    /// The provider broke: 500.
    Server,
    /// The provider is away for a while: 503.
    Unavailable,
    /// The provider has too much to do: 503 with OpenAI, 529 with Anthropic.
    Overloaded,
}

impl FailureKind {
    /// All kinds.
    pub const ALL: &[Self] = &[
        Self::BadRequest,
        Self::Authentication,
        Self::Permission,
        Self::NotFound,
        Self::RateLimited,
        Self::InsufficientQuota,
        Self::Server,
        Self::Unavailable,
        Self::Overloaded,
    ];

    fn message(self) -> &'static str {
        match self {
            Self::BadRequest => "The request is not valid.",
            Self::Authentication => "The API key is not valid.",
            Self::Permission => "The API key may not do this.",
            Self::NotFound => "The model does not exist.",
            Self::RateLimited => "The rate limit is reached.",
            Self::InsufficientQuota => "The quota is used up.",
            Self::Server => "The server had an error.",
            Self::Unavailable => "The service is not available.",
            Self::Overloaded => "The service is overloaded.",
        }
    }
}

/// An error that a provider reports, in its body and headers.
#[derive(Clone, Debug)]
pub struct Failure {
    kind: FailureKind,
    message: String,
    param: Option<String>,
    code: Option<String>,
    retry_after: Vec<(&'static str, u64)>,
}

impl Failure {
    /// Reports an error of this kind.
    pub fn new(kind: FailureKind) -> Self {
        Self {
            kind,
            message: kind.message().to_owned(),
            param: None,
            code: None,
            retry_after: Vec::new(),
        }
    }

    /// Sets what the error says; it may repeat a key, as providers do.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Names the parameter that is wrong; only OpenAI's protocol has a place for it.
    #[must_use]
    pub fn with_param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// Sets the code, in place of that of the kind; only OpenAI's protocol has a place for it.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Asks the client to wait so many seconds, in the header `retry-after`.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after.push(("retry-after", seconds));
        self
    }

    /// Asks the client to wait so many milliseconds, in the header `retry-after-ms`.
    #[must_use]
    pub fn with_retry_after_ms(mut self, milliseconds: u64) -> Self {
        self.retry_after.push(("retry-after-ms", milliseconds));
        self
    }

    pub(crate) fn kind(&self) -> FailureKind {
        self.kind
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn param(&self) -> Option<&str> {
        self.param.as_deref()
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(crate) fn retry_after(&self) -> &[(&'static str, u64)] {
        &self.retry_after
    }
}
