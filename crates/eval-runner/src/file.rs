//! Files that are there as a whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// A file that takes the place of another once it is whole; where it is dropped before, nothing has changed.
///
/// A link stays a link, and the file that it leads to is replaced. What is no file, such as a pipe or `/dev/stdout`,
/// cannot be replaced and is written to as it is.
#[derive(Debug)]
pub(crate) struct WholeFile {
    file: File,
    /// Where the file is put once it is whole; `None` where it is written in its place.
    place: Option<Place>,
}

/// Where a file is to be, and where it is meanwhile.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    beside: PathBuf,
}

impl WholeFile {
    /// Begins a file beside the one that it will replace.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let Some(path) = replaceable(path)? else {
            // A link to a file that is not there yet makes that file.
            let file = File::options().write(true).create(true).truncate(false).open(path)?;
            return Ok(Self { file, place: None });
        };
        let beside = beside(&path)?;
        let file = File::options().write(true).create_new(true).open(&beside)?;
        Ok(Self { file, place: Some(Place { path, beside }) })
    }

    /// Puts the file in its place.
    pub(crate) fn commit(mut self) -> io::Result<()> {
        let Some(place) = &self.place else { return self.file.flush() };
        self.file.sync_all()?;
        fs::rename(&place.beside, &place.path)?;
        self.place = None;
        Ok(())
    }
}

/// Returns the path of a file that can be replaced, behind all links; `None` where something else is there.
fn replaceable(path: &Path) -> io::Result<Option<PathBuf>> {
    match fs::metadata(path) {
        Ok(there) if there.is_file() || there.is_dir() => fs::canonicalize(path).map(Some),
        Ok(_) => Ok(None),
        Err(_) if fs::symlink_metadata(path).is_ok() => Ok(None),
        Err(_) => Ok(Some(path.to_owned())),
    }
}

fn beside(path: &Path) -> io::Result<PathBuf> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "this names no file");
    let name = path.file_name().ok_or_else(no_name)?.to_string_lossy();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Ok(path.with_file_name(format!(".{name}.{}-{count}.part", std::process::id())))
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
        if let Some(place) = &self.place {
            // What cannot be removed is a file that nobody asked for, and no reason to fail.
            _ = fs::remove_file(&place.beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_stay_what_they_are() {
        let folder = std::env::temp_dir().join(format!("probity-links-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let place = |name: &str| folder.join(name);
        let write = |name: &str| {
            let mut file = WholeFile::create(&place(name)).unwrap();
            file.write_all(b"whole").unwrap();
            file.commit().unwrap();
        };
        fs::write(place("file"), "a longer text, before").unwrap();
        for (target, link) in [("file", "link"), ("absent", "hanging")] {
            std::os::unix::fs::symlink(target, place(link)).unwrap();
            write(link);
            assert!(fs::symlink_metadata(place(link)).unwrap().is_symlink(), "{link}");
            assert_eq!(fs::read_to_string(place(target)).unwrap(), "whole");
        }
        let pipe = place("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn(move || fs::read_to_string(pipe).unwrap());
        write("pipe");
        assert_eq!(reader.join().unwrap(), "whole");
        assert!(!fs::symlink_metadata(place("pipe")).unwrap().is_file());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 5);
        fs::remove_dir_all(&folder).unwrap();
    }

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
