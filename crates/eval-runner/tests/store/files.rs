//! What is wrong with a file is said, and harms nothing that was written.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use futures::executor::block_on;
use probity_eval_runner::store::{
    self, RunManifest, RunQuery, RunStore as _, SqliteSettings, SqliteStore, StoreError, Stored,
    StoredTrial,
};
use rusqlite::Connection;
use serde_json::json;

use crate::support::{Folder, created, failed, finish, key, open, passed, trial};

fn error_of(file: &Path) -> StoreError {
    block_on(SqliteStore::open(file)).expect_err("the file is no store")
}

#[track_caller]
fn check(file: &Path, expected: &str) {
    let error = error_of(file).to_string();
    let file = file.display().to_string();
    assert_eq!(error.replace(&file, "FILE"), expected);
}

#[test]
fn a_folder_is_no_file() {
    let folder = Folder::new();
    check(&folder.0, "the store FILE is a folder; name a file in it, such as probity.db");
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let folder = Folder::new();
    let error = error_of(&folder.file("no").join("probity.db")).to_string();
    let missing = folder.file("no").display().to_string();
    assert!(error.ends_with(&format!("there is no folder {missing}; make it first")), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = Folder::new();
    let file = folder.file("notes.txt");
    let text = "not a database at all\n".repeat(100);
    fs::write(&file, &text).unwrap();
    check(
        &file,
        "the store FILE is no SQLite database; nothing was written to it, name another file",
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let folder = Folder::new();
    let file = folder.file("other.db");
    Connection::open(&file).unwrap().execute_batch("CREATE TABLE run (x)").unwrap();
    let before = fs::read(&file).unwrap();
    check(
        &file,
        "the store FILE is a database of another program; nothing was written to it, name another file",
    );
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_newer_store_is_refused_and_left_as_it_is() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    drop(block_on(open(&file)));
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&file).unwrap();
    check(
        &file,
        "the store FILE has schema version 99, and this probity knows versions up to 2; use a newer probity",
    );
    assert_eq!(fs::read(&file).unwrap(), before);
}

/// Makes a trial with about 20 bytes of noise, which stays as large, for each of these.
fn large(index: u32, numbers: u64) -> StoredTrial {
    let mut large = trial(key("a", index), passed());
    let noise =
        |n: u64| (n ^ u64::from(index) << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    large.artifact = Some(json!((0..numbers).map(noise).collect::<Vec<_>>()));
    large
}

/// Makes a store with 200 trials, closed.
fn filled(file: &Path) -> RunManifest {
    block_on(async {
        let store = open(file).await;
        let run = created(&store, &["a"], 200).await;
        for index in 0..200 {
            let stored = store.finish(run.id, &large(index, 200)).await.unwrap();
            assert_eq!(stored, Stored::Now);
        }
        run
    })
}

#[test]
fn a_damaged_file_is_called_damaged() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    let run = filled(&file);
    let mut bytes = fs::read(&file).unwrap();
    let length = bytes.len();
    // Every page but the first, which has the tables.
    bytes[4_096..].iter_mut().for_each(|byte| *byte = 0x5a);
    fs::write(&file, &bytes).unwrap();
    let error = block_on(async {
        let store = SqliteStore::open(&file).await?;
        store.trial(run.id, &key("a", 100)).await.map(drop)
    });
    let error = error.expect_err("the file is damaged");
    assert!(matches!(error, StoreError::Damaged { .. }), "{length} bytes: {error:?}");
    assert!(error.to_string().contains("is damaged: "), "{error}");
}

#[test]
fn a_damaged_trace_is_named_and_the_others_are_read() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    let run = filled(&file);
    Connection::open(&file)
        .unwrap()
        .execute("UPDATE trial_body SET trace = x'28b52ffd00' WHERE idx = 3", [])
        .unwrap();
    block_on(async {
        let store = open(&file).await;
        let error = store.trial(run.id, &key("a", 3)).await.unwrap_err();
        assert!(
            error.to_string().starts_with("a trace cannot be read from the store: "),
            "{error}"
        );
        assert!(store.trial(run.id, &key("a", 4)).await.unwrap().is_some());
    });
}

#[test]
fn a_locked_file_is_waited_for_and_then_called_locked() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    block_on(async {
        let settings = SqliteSettings::new().patience(Duration::from_millis(20));
        let store = SqliteStore::open_with(&file, settings).await.unwrap();
        let run = created(&store, &["a"], 2).await;
        finish(&store, &run, key("a", 0), passed()).await;
        let other = Connection::open(&file).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let next = trial(key("a", 1), failed());
        let error = store.finish(run.id, &next).await.unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }) && error.may_pass(), "{error:?}");
        assert!(error.to_string().contains("another process has held it for 20ms"), "{error}");
        // Reading goes on.
        assert!(store.trial(run.id, &key("a", 0)).await.unwrap().is_some());
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(store.finish(run.id, &next).await.unwrap(), Stored::Now);
    });
}

/// A small file system in memory; `None`, with a message, where it cannot be made.
struct Disk {
    folder: Folder,
}

impl Disk {
    fn new(size: &str) -> Option<Self> {
        let disk = Self { folder: Folder::new() };
        if disk.mount(&format!("size={size}")) {
            return Some(disk);
        }
        println!("skipped: a small file system cannot be mounted here");
        None
    }

    fn mount(&self, options: &str) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&self.folder.0);
        mount.output().is_ok_and(|output| output.status.success())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.file(name)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        _ = Command::new("umount").arg("--lazy").arg(&self.folder.0).output();
    }
}

#[test]
fn a_full_disk_loses_nothing_and_is_written_again_when_it_has_room() {
    let Some(disk) = Disk::new("64m") else { return };
    let ballast = disk.file("ballast");
    fs::write(&ballast, vec![0; 24 << 20]).unwrap();
    let file = disk.file("probity.db");
    block_on(async {
        let store = open(&file).await;
        let run = created(&store, &["a"], 10_000).await;
        let mut stored = 0;
        let error = loop {
            match store.finish(run.id, &large(stored, 10_000)).await {
                Ok(now) => assert_eq!(now, Stored::Now),
                Err(error) => break error,
            }
            stored += 1;
        };
        assert!(stored > 50, "{stored}");
        assert!(matches!(error, StoreError::NoRoom { .. }) && error.may_pass(), "{error:?}");
        assert!(error.to_string().contains("has no room left"), "{error}");
        // What is there is read meanwhile.
        assert!(store.trial(run.id, &key("a", stored - 1)).await.unwrap().is_some());

        fs::remove_file(&ballast).unwrap();
        // The one that was refused, and more.
        for index in stored..stored + 20 {
            let now = store.finish(run.id, &large(index, 10_000)).await.unwrap();
            assert_eq!(now, Stored::Now);
        }
        drop(store);
        let store = open(&file).await;
        let runs = store.runs(&RunQuery::new()).await.unwrap();
        assert_eq!(runs[0].tally.passed, u64::from(stored + 20));
        for index in 0..stored + 20 {
            let found = store.trial(run.id, &key("a", index)).await.unwrap().unwrap();
            assert_eq!(found.artifact, large(index, 10_000).artifact);
        }
    });
}

#[test]
fn a_disk_that_cannot_be_written_is_read() {
    let Some(disk) = Disk::new("2m") else { return };
    let file = disk.file("probity.db");
    let run = block_on(async {
        let store = open(&file).await;
        let run = created(&store, &["a"], 1).await;
        finish(&store, &run, key("a", 0), passed()).await;
        run
    });
    let mut remount = Command::new("mount");
    remount.args(["-o", "remount,ro"]).arg(&disk.folder.0);
    assert!(remount.status().unwrap().success());

    check(
        &file,
        "the store FILE cannot be written, it is read-only; what was to be written was not",
    );
    block_on(async {
        let settings = SqliteSettings::new().read_only();
        let store = SqliteStore::open_with(&file, settings).await.unwrap();
        assert!(store.trial(run.id, &key("a", 0)).await.unwrap().is_some());
        let error = store.continue_run(&run).await.unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    });
}

#[test]
fn a_file_that_is_not_there_is_not_made_for_reading() {
    let folder = Folder::new();
    let file = folder.file("probity.db");
    let opened = SqliteStore::open_with(&file, SqliteSettings::new().read_only());
    let error = block_on(opened).unwrap_err();
    assert!(error.to_string().ends_with("there is no such file; a run with this store makes it"));
    assert!(!file.exists());
}

#[test]
fn a_store_is_opened_by_the_name_of_its_place() {
    let folder = Folder::new();
    let file = folder.file("probity.db").display().to_string();
    let store = block_on(store::open(&file)).unwrap();
    assert_eq!(store.place(), file);
    let error = block_on(store::open("mysql://ann:s3cret@db/x")).unwrap_err();
    assert!(error.to_string().starts_with("\"mysql://...\" names no store"), "{error}");
    assert!(!error.to_string().contains("s3cret"));
}
