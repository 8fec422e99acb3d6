//! Reads a baseline file, or says what is wrong with it and where.

use std::{fs, io, path::Path};

use serde::Deserialize;
use serde_json::Value;

use super::{
    error::BaselineError,
    file::Baseline,
    format::{FAMILY, FORMAT, File},
};
use crate::facts::RunFacts;

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If there is no such file, it is none of these or one of a newer probity, a field is wrong, a case is there
    /// twice or does not have as many trials as the others.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, BaselineError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => BaselineError::Missing { path: path.to_owned() },
            _ => BaselineError::Unreadable { path: path.to_owned(), source },
        })?;
        check_format(&text, path)?;
        let mut json = serde_json::Deserializer::from_str(&text);
        let file: File = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let field = error.path().iter().next().map(|_| error.path().to_string());
            invalid(path, field, error.into_inner().to_string())
        })?;
        Self::checked(RunFacts::from(file)).map_err(|(case, reason)| {
            invalid(path, case.map(|case| format!("cases.{case}")), reason)
        })
    }
}

/// Checks that a text is that of a baseline file in a format that is known.
pub(super) fn check_format(text: &str, path: &Path) -> Result<(), BaselineError> {
    #[derive(Deserialize)]
    struct Head {
        #[serde(default)]
        format: Value,
    }
    let head: Head =
        serde_json::from_str(text).map_err(|error| invalid(path, None, error.to_string()))?;
    let other = || BaselineError::OtherFile { path: path.to_owned() };
    let found = head.format.as_str().ok_or_else(other)?;
    match found.strip_prefix(FAMILY).map(str::parse::<u32>) {
        Some(Ok(_)) if found == FORMAT => Ok(()),
        Some(Ok(version)) if version > 1 => {
            Err(BaselineError::Newer { path: path.to_owned(), found: found.to_owned() })
        }
        _ => Err(other()),
    }
}

fn invalid(path: &Path, field: Option<String>, message: String) -> BaselineError {
    BaselineError::Invalid { path: path.to_owned(), field, message }
}
