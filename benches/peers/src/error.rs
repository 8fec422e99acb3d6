//! What can go wrong in `peer-bench`.

use std::error::Error;
use std::io;
use std::path::PathBuf;

/// Why a comparison ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// The file for the figures cannot be created.
    #[error("cannot create {}", path.display())]
    Create { path: PathBuf, source: io::Error },
    /// The figures cannot be written.
    #[error("cannot write the figures")]
    Write(#[source] serde_json::Error),
    /// A workload cannot be run.
    #[error("cannot run {name}")]
    Workload { name: String, source: io::Error },
}

/// Returns the message of an error and those of its sources, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_names_the_cause_once() {
        let source = io::Error::other("no such place");
        let error = BenchError::Create { path: PathBuf::from("out.json"), source };
        assert_eq!(chain(&error), "cannot create out.json: no such place");
    }
}
