//! The tests that `docs/compatibility.md` names.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::crates::root;

/// Where the tests are that it may name.
const PLACES: [&str; 3] = ["tests", "crates/trace/tests", "crates/trace/src"];

#[test]
fn every_test_that_the_table_names_is_there() {
    let table = fs::read_to_string(root().join("docs/compatibility.md")).expect("a table");
    let named: BTreeSet<&str> = table.split('`').skip(1).step_by(2).filter_map(test).collect();
    let mut functions = BTreeSet::new();
    for place in PLACES {
        add_functions(&root().join(place), &mut functions);
    }
    assert!(named.len() > 30, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !functions.contains(**name)).collect();
    assert!(missing.is_empty(), "there are no such tests: {missing:?}");
}

#[test]
fn every_file_that_the_table_names_is_there() {
    let table = fs::read_to_string(root().join("docs/compatibility.md")).expect("a table");
    let code = table.split('`').skip(1).step_by(2);
    let files: BTreeSet<&str> = code
        .filter_map(|code| code.find(".rs").and_then(|end| code.get(..end + ".rs".len())))
        .collect();
    assert!(files.len() > 4, "{files:?}");
    let missing: Vec<_> = files.iter().filter(|file| !root().join(file).exists()).collect();
    assert!(missing.is_empty(), "there are no such files: {missing:?}");
}

#[test]
fn every_row_of_the_table_has_a_state() {
    let table = fs::read_to_string(root().join("docs/compatibility.md")).expect("a table");
    let rows = table.lines().filter(|line| line.starts_with("| "));
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let state = cells.last().map_or("", |cell| cell.trim());
        assert!(cells.len() == 3 && state.len() > 1 && !state.contains('?'), "{row}");
    }
}

/// Returns the name of the function, where a piece of code names a test: `module::a_sentence_in_words`.
fn test(code: &str) -> Option<&str> {
    let is_path = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_:".contains(c);
    let (_, name) = code.rsplit_once("::")?;
    (code.chars().all(is_path) && name.matches('_').count() > 1).then_some(name)
}

fn add_functions(folder: &Path, functions: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of tests can be listed") {
        let path: PathBuf = entry.expect("an entry of it").path();
        if path.is_dir() {
            add_functions(&path, functions);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a test can be read");
            let names =
                text.split("fn ").skip(1).filter_map(|after| after.split(['(', '<']).next());
            functions.extend(names.map(str::to_owned));
        }
    }
}
