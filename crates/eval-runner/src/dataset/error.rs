//! Why cases could not be read, and where.

use std::{fmt, io, path::PathBuf, sync::Arc};

use super::{format::Format, origin::Source};

/// Why a dataset could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// The file does not exist.
    #[error("{} does not exist{}", path.display(), write_where(folder.as_ref(), alike))]
    #[non_exhaustive]
    Missing {
        /// The path that was asked for.
        path: PathBuf,
        /// The folder at which a relative path begins.
        folder: Option<PathBuf>,
        /// The names of files beside it that are spelled alike.
        alike: Vec<String>,
    },
    /// The path is that of a folder.
    #[error("{} is a folder, not a file of cases", path.display())]
    #[non_exhaustive]
    Folder {
        /// The path.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    #[non_exhaustive]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// The file's ending says no format.
    #[error("{} has none of the endings of datasets: {}", path.display(), Format::endings())]
    #[non_exhaustive]
    UnknownFormat {
        /// The path.
        path: PathBuf,
    },
    /// The file is no UTF-8.
    #[error("{from} is not UTF-8 text: {}", write_encoding(*utf16, *line, *lines))]
    #[non_exhaustive]
    NotUtf8 {
        /// What was read.
        from: Arc<Source>,
        /// Whether it begins with the mark of UTF-16.
        utf16: bool,
        /// The first line with bytes that are no text.
        line: u64,
        /// The number of such lines.
        lines: u64,
    },
    /// There are no cases.
    #[error("{from} has no cases")]
    #[non_exhaustive]
    Empty {
        /// What was read.
        from: Arc<Source>,
    },
    /// Rows are no cases.
    #[error("{}", write_problems(from, problems, *omitted))]
    #[non_exhaustive]
    Invalid {
        /// What was read.
        from: Arc<Source>,
        /// What is wrong, in the order of the file: at most 20.
        problems: Vec<Problem>,
        /// How many problems more there are.
        omitted: u64,
    },
}

/// What is wrong with a row, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The line, from 1 on; `None` for a case from code.
    pub line: Option<u64>,
    /// The column, in characters from 1 on, where it is known.
    pub column: Option<u64>,
    /// The number of the row among the cases, from 1 on; `None` where the whole file is meant.
    pub row: Option<u64>,
    /// The path of the field inside the row, as `input.messages[2].role`; `None` where the whole row is meant.
    pub field: Option<String>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Prints the place, the field and what is wrong.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column, self.row) {
            (Some(line), Some(column), _) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None, _) => write!(f, "line {line}: ")?,
            (None, _, Some(row)) => write!(f, "case {row}: ")?,
            (None, _, None) => {}
        }
        self.write_what(f)
    }
}

impl Problem {
    /// Prints the place as editors open it.
    fn write_in_file(&self, f: &mut fmt::Formatter<'_>, path: &impl fmt::Display) -> fmt::Result {
        write!(f, "{path}:")?;
        for place in [self.line, self.column].into_iter().flatten() {
            write!(f, "{place}:")?;
        }
        f.write_str(" ")?;
        self.write_what(f)
    }

    fn write_what(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)
    }
}

fn write_where(folder: Option<&PathBuf>, alike: &[String]) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        if let Some(folder) = folder {
            write!(f, " below {}", folder.display())?;
        }
        if alike.is_empty() {
            return Ok(());
        }
        write!(f, "; there is {}", alike.join(", "))
    })
}

fn write_encoding(utf16: bool, line: u64, lines: u64) -> impl fmt::Display {
    fmt::from_fn(move |f| match (utf16, lines) {
        (true, _) => f.write_str("it is UTF-16; save it as UTF-8"),
        (false, 1) => write!(f, "line {line} holds bytes of another encoding"),
        (false, lines) => {
            write!(f, "{lines} lines hold bytes of another encoding, the first of them is {line}")
        }
    })
}

fn write_problems(source: &Source, problems: &[Problem], omitted: u64) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        match source {
            Source::Code => f.write_str("the cases of the program are no dataset:")?,
            Source::File(_) | Source::Text(_) => write!(f, "{source} cannot be read as cases:")?,
        }
        for problem in problems {
            f.write_str("\n  ")?;
            match source {
                Source::File(path) => problem.write_in_file(f, &path.display())?,
                Source::Text(_) | Source::Code => write!(f, "{problem}")?,
            }
        }
        match omitted {
            0 => Ok(()),
            omitted => write!(f, "\n  and {omitted} more"),
        }
    })
}
