//! What can go wrong, and the code to exit with.

use std::{error::Error, fmt, io, iter};

use probity_eval_runner::{
    gate::exit,
    html::HtmlError,
    report::{ComparisonError, ReportError},
    store::StoreError,
};

/// The program was used wrongly.
pub(crate) const USAGE: u8 = exit::USAGE;

/// What can go wrong.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The arguments cannot be used.
    Usage(String),
    /// Something cannot be read or written.
    Failed(Box<dyn Error + Send + Sync>),
}

impl CliError {
    /// The arguments cannot be used.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// The arguments cannot be used, as an error and its sources say.
    pub(crate) fn wrong(error: &(dyn Error + 'static)) -> Self {
        Self::Usage(with_sources(error))
    }

    /// Returns the code to exit with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => exit::USAGE,
            Self::Failed(_) => exit::INCOMPLETE,
        }
    }

    /// Returns whether the reader of what was printed has gone away.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        let Self::Failed(error) = self else { return false };
        chain(&**error).any(|error| {
            let io = error.downcast_ref::<io::Error>();
            io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
        })
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Failed(error) => f.write_str(&with_sources(&**error)),
        }
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        // Where writing fails, the reason is that of the file.
        io::Error::from(error).into()
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        if error.may_pass() { Self::Failed(error.into()) } else { Self::wrong(&error) }
    }
}

impl From<HtmlError> for CliError {
    fn from(error: HtmlError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ReportError> for CliError {
    fn from(error: ReportError) -> Self {
        match error {
            // There are trials, and not as many as the k that was asked for.
            ReportError::Metric(_) => Self::wrong(&error),
            error => Self::Failed(error.into()),
        }
    }
}

impl From<ComparisonError> for CliError {
    fn from(error: ComparisonError) -> Self {
        Self::wrong(&error)
    }
}

/// Returns an error and its sources, the last of which is where it began.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| error.source())
}

fn with_sources(error: &(dyn Error + 'static)) -> String {
    chain(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
