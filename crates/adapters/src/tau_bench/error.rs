//! Why a results file cannot be read.

use std::{io, path::PathBuf};

use serde_path_to_error::{Path, Segment};

/// Says why a file gave no [`Results`](super::Results).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file cannot be read at all.
    #[error("cannot read {}", path.display())]
    File {
        /// The path that was given.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file can be read, and is not what it should be.
    #[error("{} is not a results file of tau-bench", path.display())]
    Content {
        /// The path that was given.
        path: PathBuf,
        /// What is wrong with it.
        source: ParseError,
    },
}

/// Says why a text gave no [`Results`](super::Results).
///
/// Records are counted from 0, as they are in the JSON array.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The text is not JSON, or a field is missing or not what it should be.
    #[error("{}", place(*record, field))]
    Malformed {
        /// The record, where the trouble is inside of one.
        record: Option<usize>,
        /// The path of the field in the record, such as `traj[2].role`; empty for the record itself.
        field: String,
        /// What is wrong, with its line and column.
        source: serde_json::Error,
    },
    /// The array has no records, so that there is nothing to grade.
    #[error("there are no records")]
    Empty,
    /// Two records say how the same trial went.
    #[error("records {first} and {second} are both trial {trial} of task {task}")]
    Duplicate {
        /// The task.
        task: u64,
        /// The trial.
        trial: u32,
        /// The first record of that trial.
        first: usize,
        /// The second one.
        second: usize,
    },
}

impl ParseError {
    /// Says that the text goes on where it should end.
    pub(super) fn after_the_array(source: serde_json::Error) -> Self {
        Self::Malformed { record: None, field: String::new(), source }
    }

    /// Splits the path to what is malformed into the record and the field in it.
    pub(super) fn malformed(path: &Path, source: serde_json::Error) -> Self {
        let mut segments = path.iter().peekable();
        let record = segments.next_if(|segment| matches!(segment, Segment::Seq { .. })).and_then(
            |segment| match segment {
                Segment::Seq { index } => Some(*index),
                _ => None,
            },
        );
        let field = segments.map(segment).collect::<String>();
        Self::Malformed { record, field: field.trim_start_matches('.').to_owned(), source }
    }
}

fn segment(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("[{index}]"),
        Segment::Map { key } => format!(".{key}"),
        Segment::Enum { variant } => format!(".{variant}"),
        Segment::Unknown => String::new(),
    }
}

fn place(record: Option<usize>, field: &str) -> String {
    match (record, field) {
        (None, _) => "this is not a JSON array of records".to_owned(),
        (Some(record), "") => format!("record {record} is malformed"),
        (Some(record), field) => format!("record {record} is malformed at `{field}`"),
    }
}
