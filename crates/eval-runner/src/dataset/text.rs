//! The text of a file: read, and freed of what editors put before it.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{error::DatasetError, origin::Source};
use crate::nearest::nearest;

/// Reads a file as UTF-8.
pub(super) fn read(path: &Path) -> Result<String, DatasetError> {
    let bytes = fs::read(path).map_err(|source| unreadable(path, source))?;
    String::from_utf8(bytes).map_err(|error| {
        let from = Arc::new(Source::File(path.to_owned()));
        not_utf8(from, error.as_bytes())
    })
}

/// Drops the mark that some editors put at the beginning of a file.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn unreadable(path: &Path, source: io::Error) -> DatasetError {
    let path = path.to_owned();
    if path.is_dir() {
        DatasetError::Folder { path }
    } else if source.kind() == io::ErrorKind::NotFound {
        let folder = if path.is_relative() { env::current_dir().ok() } else { None };
        let alike = alike(&path);
        DatasetError::Missing { path, folder, alike }
    } else {
        DatasetError::Unreadable { path, source }
    }
}

/// Returns files beside a missing one that are named alike.
fn alike(path: &Path) -> Vec<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let (Ok(entries), Some(name)) = (fs::read_dir(folder), path.file_name()) else {
        return Vec::new();
    };
    let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
    nearest(&name.to_string_lossy(), names, 3).into_iter().map(str::to_owned).collect()
}

fn not_utf8(from: Arc<Source>, bytes: &[u8]) -> DatasetError {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
    let mut wrong = lines.filter(|(line, _)| str::from_utf8(line).is_err()).map(|(_, line)| line);
    let line = wrong.next().unwrap_or(1);
    let lines = u64::try_from(wrong.count()).unwrap_or(u64::MAX).saturating_add(1);
    DatasetError::NotUtf8 { from, utf16, line, lines }
}
