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

/// Writes to a file, or to standard output where the path is `-`; says in words what was written.
pub(crate) fn write(
    out: Out<'_>,
    path: &Path,
    content: impl FnOnce(Out<'_>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    if is_stdout(path) {
        return content(out);
    }
    let named = |error: io::Error| {
        let reason = format!("{} cannot be written: {error}", path.display());
        CliError::from(io::Error::new(error.kind(), reason))
    };
    let mut file = BufWriter::new(File::create(path).map_err(named)?);
    content(&mut file)?;
    file.flush().map_err(named)?;
    writeln!(out, "written: {}", path.display())?;
    Ok(())
}
