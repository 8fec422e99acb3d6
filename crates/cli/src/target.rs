//! Where a report is written to: a file, or standard output.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use crate::error::CliError;

/// What is written to.
pub(crate) type Out<'a> = &'a mut (dyn Write + Send);

/// The name of standard output.
const STDOUT: &str = "-";

/// Returns whether a path means standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == STDOUT
}

/// A file that is written to. Its errors name it.
#[derive(Debug)]
pub(crate) struct TargetFile<'a> {
    path: &'a Path,
    file: BufWriter<File>,
}

impl<'a> TargetFile<'a> {
    /// Makes the file, or empties it.
    pub(crate) fn create(path: &'a Path) -> Result<Self, CliError> {
        let file = File::create(path).map_err(|error| named(path, &error))?;
        Ok(Self { path, file: BufWriter::new(file) })
    }

    /// Writes what is still held.
    pub(crate) fn close(mut self) -> Result<(), CliError> {
        Ok(self.flush()?)
    }
}

impl Write for TargetFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|error| named(self.path, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(|error| named(self.path, &error))
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{} cannot be written: {error}", path.display()))
}

/// Writes to a file, or to standard output where the path is `-`.
pub(crate) fn write(
    out: Out<'_>,
    path: &Path,
    content: impl FnOnce(Out<'_>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    if is_stdout(path) {
        return content(out);
    }
    let mut file = TargetFile::create(path)?;
    content(&mut file)?;
    file.close()
}
