//! Why a command comes to no verdict, and the code that it then exits with.

use std::{error::Error, fmt};

use crate::gate::exit;

/// Why a command comes to no verdict.
#[derive(Debug)]
pub(super) struct CommandError {
    code: u8,
    message: String,
}

impl CommandError {
    /// The command was used wrongly.
    pub(super) fn usage(message: impl fmt::Display) -> Self {
        Self { code: exit::USAGE, message: message.to_string() }
    }

    /// The command was used wrongly, as an error and its sources say.
    pub(super) fn wrong(error: &dyn Error) -> Self {
        Self::usage(with_sources(error))
    }

    /// Something failed that is not the user's fault, so that the work is not complete.
    pub(super) fn incomplete(error: &dyn Error) -> Self {
        Self { code: exit::INCOMPLETE, message: with_sources(error) }
    }

    /// Adds what the user can do.
    pub(super) fn with_advice(mut self, advice: &str) -> Self {
        self.message.push_str("; ");
        self.message.push_str(advice);
        self
    }

    /// Returns the code to exit with.
    pub(super) fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Joins the messages of an error and its sources.
pub(super) fn with_sources(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        message.push_str(": ");
        message.push_str(&error.to_string());
        source = error.source();
    }
    message
}
