//! Finds the program of the example suite.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    time::SystemTime,
};

use serde_json::Value;

/// The program: as `cargo test` has built it beside this test, else built now.
pub(crate) static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| built().unwrap_or_else(build));

/// Returns the newest one beside this test; `None` where there is none, as with `--test reliability_suite`, or where
/// a source has changed since.
fn built() -> Option<PathBuf> {
    let folder = env::current_exe().ok()?.parent()?.to_owned();
    let programs = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let programs = programs.filter(|path| is_program(path));
    let newest = programs.max_by_key(|path| changed(path))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = ["benches/reliability", "crates", "src"];
    let source = sources.iter().filter_map(|folder| last_change(&root.join(folder))).max();
    (changed(&newest) > source).then_some(newest)
}

/// Returns whether a file has the name that cargo gives to the program, which ends in a number of its own.
fn is_program(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let number = name
        .strip_prefix("reliability-")
        .and_then(|rest| rest.strip_suffix(env::consts::EXE_SUFFIX));
    number.is_some_and(|number| number.chars().all(|digit| digit.is_ascii_hexdigit()))
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// Returns when a source file in the folder was last changed.
fn last_change(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    entries.filter_map(|path| if path.is_dir() { last_change(&path) } else { changed(&path) }).max()
}

/// Builds it, and reads from cargo's messages where it is.
fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "test",
        "--offline",
        "--bench",
        "reliability",
        "--no-run",
        "--message-format",
        "json",
    ]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = messages.filter(|message| message["target"]["name"] == "reliability");
    let program = programs.find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
    program
        .unwrap_or_else(|| panic!("it is not built:\n{}", String::from_utf8_lossy(&output.stderr)))
}
