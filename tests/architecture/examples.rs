//! The examples and their table of contents.

use std::{collections::BTreeSet, fs};

use crate::crates::root;

/// Returns the names of the example files, and their texts.
fn examples() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("examples")).expect("examples/ can be listed");
    entries
        .map(|entry| entry.expect("an entry of examples/").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("an example can be read"))
        })
        .collect()
}

#[test]
fn the_readme_lists_every_example_and_no_other() {
    let readme = fs::read_to_string(root().join("examples/README.md")).expect("a README");
    let listed: BTreeSet<String> = readme
        .split(['(', ')'])
        .filter_map(|part| part.strip_suffix(".rs"))
        .map(str::to_owned)
        .collect();
    let there: BTreeSet<String> = examples().into_iter().map(|(name, _)| name).collect();
    assert!(!there.is_empty());
    assert_eq!(listed, there, "left: listed in examples/README.md, right: in the folder");
}

#[test]
fn every_example_says_first_what_it_shows_and_then_how_to_run_it() {
    for (name, text) in examples() {
        let head: Vec<_> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        assert!(head.first().is_some_and(|line| line.ends_with('.')), "{name} says nothing first");
        let command = format!("--example {name}");
        let told = head.iter().any(|line| line.contains("cargo run") && line.contains(&command));
        assert!(told, "{name} does not say how to run it: no line with `cargo run .. {command}`");
    }
}
