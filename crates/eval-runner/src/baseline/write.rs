//! Writes a baseline file, whole or not at all.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use super::{
    error::BaselineError,
    file::Baseline,
    format::{FAMILY, text},
    read::check_format,
};
use crate::file::WholeFile;

/// What writing a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Written {
    /// There was no file, and now there is.
    Created,
    /// The file holds something else now.
    Changed,
    /// The file held this already and was not touched.
    Unchanged,
}

impl Baseline {
    /// Writes the file, unless it holds the same already.
    ///
    /// It is written beside its place and moved there, so that a reader finds the old file or the new one. A baseline
    /// file that cannot be read, as after a merge with conflicts, is replaced; a file of another kind is not.
    ///
    /// # Errors
    ///
    /// If the file cannot be written, or something else is there, or the file of a newer probity. Then what was there
    /// is as it was.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<Written, BaselineError> {
        let path = path.as_ref();
        let unwritable = |source| BaselineError::Unwritable { path: path.to_owned(), source };
        let text = text(self).map_err(|error| unwritable(error.into()))?;
        let written = match fs::read_to_string(path) {
            // Some checkouts change the ends of lines.
            Ok(old) if old.replace("\r\n", "\n") == text => return Ok(Written::Unchanged),
            Ok(old) => check_replaceable(&old, path).map(|()| Written::Changed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Written::Created,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(BaselineError::OtherFile { path: path.to_owned() });
            }
            Err(error) => return Err(unwritable(error)),
        };
        replace(path, &text).map_err(unwritable)?;
        Ok(written)
    }
}

fn check_replaceable(old: &str, path: &Path) -> Result<(), BaselineError> {
    match check_format(old, path) {
        Err(BaselineError::Invalid { .. }) if old.contains(FAMILY) => Ok(()),
        Err(BaselineError::Invalid { .. }) => {
            Err(BaselineError::OtherFile { path: path.to_owned() })
        }
        checked => checked,
    }
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(text.as_bytes())?;
    file.commit()
}
