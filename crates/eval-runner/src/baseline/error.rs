//! Why there is no baseline.

use std::{fmt, io, path::PathBuf};

use super::format::FORMAT;
use crate::gate::Completeness;

/// Why a baseline cannot be made, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// The run is not complete, and what is missing would make the baseline easy to beat.
    #[error("the run is no baseline, it is incomplete: {completeness}")]
    #[non_exhaustive]
    Incomplete {
        /// How much of its plan was carried out.
        completeness: Completeness,
    },
    /// The run holds something that no run of a whole suite does.
    #[error("the run is no baseline: {reason}")]
    #[non_exhaustive]
    NoRun {
        /// What is wrong.
        reason: String,
    },
    /// There is no such file.
    #[error("the baseline file {} does not exist", path.display())]
    #[non_exhaustive]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("the baseline file {} cannot be read", path.display())]
    #[non_exhaustive]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// The file is something else.
    #[error(
        "{} is no baseline file, which would begin with the format {FORMAT:?}; nothing was written to it",
        path.display()
    )]
    #[non_exhaustive]
    OtherFile {
        /// The path.
        path: PathBuf,
    },
    /// A newer probity has written the file.
    #[error(
        "the baseline file {} has the format {found:?}, and this probity knows {FORMAT:?}; use a newer probity",
        path.display()
    )]
    #[non_exhaustive]
    Newer {
        /// The path.
        path: PathBuf,
        /// The format of the file.
        found: String,
    },
    /// The file holds no baseline.
    #[error("the baseline file {} cannot be read: {}{message}", path.display(), write_field(field.as_ref()))]
    #[non_exhaustive]
    Invalid {
        /// The path.
        path: PathBuf,
        /// The path of the field inside the file, as `cases.refund.passed`; `None` where the whole file is meant.
        field: Option<String>,
        /// What is wrong, with the line where it is known.
        message: String,
    },
    /// The file cannot be written; if there was one, it is as it was.
    #[error("the baseline file {} cannot be written", path.display())]
    #[non_exhaustive]
    Unwritable {
        /// The path.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
}

fn write_field(field: Option<&String>) -> impl fmt::Display {
    fmt::from_fn(move |f| match field {
        Some(field) => write!(f, "{field}: "),
        None => Ok(()),
    })
}
