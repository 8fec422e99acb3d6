//! Files that are there as a whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// A file that takes the place of another once it is whole; where it is dropped before, nothing has changed.
#[derive(Debug)]
pub(crate) struct WholeFile {
    path: PathBuf,
    /// The file beside it that is written meanwhile.
    beside: PathBuf,
    file: File,
    is_whole: bool,
}

impl WholeFile {
    /// Begins a file beside the one that it will replace.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "this names no file");
        let name = path.file_name().ok_or_else(no_name)?.to_string_lossy();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let beside = path.with_file_name(format!(".{name}.{}-{count}.part", std::process::id()));
        let file = File::options().write(true).create_new(true).open(&beside)?;
        Ok(Self { path: path.to_owned(), beside, file, is_whole: false })
    }

    /// Puts the file in its place.
    pub(crate) fn commit(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.beside, &self.path)?;
        self.is_whole = true;
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if !self.is_whole {
            // What cannot be removed is a file that nobody asked for, and no reason to fail.
            _ = fs::remove_file(&self.beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_committed_leaves_what_was_there() {
        let folder = std::env::temp_dir().join(format!("probity-file-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("page.html");
        fs::write(&path, "before").unwrap();
        let mut half = WholeFile::create(&path).unwrap();
        half.write_all(b"half").unwrap();
        drop(half);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        let mut whole = WholeFile::create(&path).unwrap();
        whole.write_all(b"whole").unwrap();
        whole.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
        assert!(WholeFile::create(Path::new("/")).is_err());
    }
}
