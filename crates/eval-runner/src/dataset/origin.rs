//! Where cases came from.

use std::{fmt, path::PathBuf, sync::Arc};

use super::format::Format;

/// Where a case came from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The file, text or program.
    pub source: Arc<Source>,
    /// The line on which the case begins, from 1 on; `None` for one from code.
    pub line: Option<u64>,
}

/// What cases were read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A text in memory.
    Text(Format),
    /// The program itself.
    Code,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Text(format) => write!(f, "the {format} text"),
            Self::Code => f.write_str("the program"),
        }
    }
}

/// Prints the place in a way that editors open: `cases.jsonl:3`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &*self.source) {
            (None, source) => source.fmt(f),
            (Some(line), Source::File(path)) => write!(f, "{}:{line}", path.display()),
            (Some(line), source) => write!(f, "line {line} of {source}"),
        }
    }
}
