//! The crates of the workspace, and where they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml::Table;

/// A crate of the workspace: the facade or one below `crates/`.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) manifest: Table,
}

/// Returns the root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns all crates, by their names.
pub(crate) fn all() -> Vec<Crate> {
    let below = fs::read_dir(root().join("crates")).expect("crates/ can be listed");
    let below = below.map(|entry| entry.expect("an entry of crates/").path());
    let mut crates: Vec<Crate> = below
        .filter(|folder| folder.join("Cargo.toml").exists())
        .chain([root().to_owned()])
        .map(read)
        .collect();
    crates.sort_by(|a, b| a.name.cmp(&b.name));
    crates
}

fn read(folder: PathBuf) -> Crate {
    let text = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
    let manifest: Table = text.parse().expect("the manifest is TOML");
    Crate {
        name: manifest["package"]["name"].as_str().expect("a name").to_owned(),
        folder,
        manifest,
    }
}

/// The tables of a manifest that name dependencies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// What the crate itself is built with, optional ones among them.
    Normal,
    /// The same and what its tests need.
    WithTests,
}

impl Crate {
    /// Returns the names of the packages that the crate depends on directly, on any target.
    pub(crate) fn dependencies(&self, kind: Kind) -> Vec<String> {
        let mut names = in_tables(&self.manifest, kind);
        let targets = self.manifest.get("target").and_then(|target| target.as_table());
        for target in targets.into_iter().flat_map(Table::values) {
            names.extend(in_tables(target.as_table().expect("a table"), kind));
        }
        names.sort();
        names.dedup();
        names
    }
}

fn in_tables(manifest: &Table, kind: Kind) -> Vec<String> {
    let tables: &[&str] = match kind {
        Kind::Normal => &["dependencies", "build-dependencies"],
        Kind::WithTests => &["dependencies", "build-dependencies", "dev-dependencies"],
    };
    let tables = tables.iter().filter_map(|table| manifest.get(*table)?.as_table());
    let entries = tables.flat_map(Table::iter);
    entries
        .map(|(key, value)| {
            let renamed = value.get("package").and_then(|package| package.as_str());
            renamed.unwrap_or(key).to_owned()
        })
        .collect()
}
