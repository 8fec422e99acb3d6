//! What can go wrong, and the code to exit with.

use std::{error::Error, fmt, io};

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
        let mut error: Option<&(dyn Error + 'static)> = Some(&**error);
        while let Some(inner) = error {
            let io = inner.downcast_ref::<io::Error>();
            if io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe) {
                return true;
            }
            error = inner.source();
        }
        false
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Failed(error) => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(error) = source {
                    write!(f, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
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
        if error.may_pass() { Self::Failed(error.into()) } else { Self::Usage(error.to_string()) }
    }
}

impl From<HtmlError> for CliError {
    fn from(error: HtmlError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ReportError> for CliError {
    fn from(error: ReportError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ComparisonError> for CliError {
    fn from(error: ComparisonError) -> Self {
        Self::Usage(error.to_string())
    }
}
