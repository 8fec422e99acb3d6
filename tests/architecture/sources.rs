//! The sources of a crate, parsed, without their tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, File, Ident, Item, UseTree, visit::Visit};

use crate::crates::Crate;

/// One source file, with its path below the root of the crate: `a/b.rs` and `a/b/mod.rs` are `[a, b]`.
pub(crate) struct Source {
    pub(crate) file: PathBuf,
    pub(crate) module: Vec<String>,
    pub(crate) syntax: File,
}

/// Returns the files below `src` of a crate.
pub(crate) fn of(found: &Crate) -> Vec<Source> {
    let folder = found.folder.join("src");
    let mut files = Vec::new();
    list(&folder, &mut files);
    files.sort();
    files.into_iter().map(|file| read(&folder, file)).collect()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() {
            list(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(folder: &Path, file: PathBuf) -> Source {
    let text = fs::read_to_string(&file).expect("a source file can be read");
    let mut syntax = syn::parse_file(&text)
        .unwrap_or_else(|error| panic!("{} does not parse: {error}", file.display()));
    syntax.items.retain(|item| !is_for_tests(item));
    let path = file.strip_prefix(folder).expect("the file is below the folder");
    let mut module: Vec<String> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    Source { file, module, syntax }
}

fn is_for_tests(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(is_cfg_test)
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<Ident>().is_ok_and(|condition| condition == "test")
}

/// Returns every path that a file names, in `use` declarations and in code, as written, macros apart.
pub(crate) fn paths(syntax: &File) -> Vec<Vec<String>> {
    let mut paths = Paths::default();
    paths.visit_file(syntax);
    paths.0
}

#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        self.0.push(segments.map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        flatten(&mut Vec::new(), &item.tree, &mut self.0);
    }
}

fn flatten(prefix: &mut Vec<String>, tree: &UseTree, paths: &mut Vec<Vec<String>>) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(prefix, &path.tree, paths);
            prefix.pop();
        }
        UseTree::Name(name) => paths.push(joined(prefix, &name.ident)),
        UseTree::Rename(rename) => paths.push(joined(prefix, &rename.ident)),
        UseTree::Glob(_) => paths.push(prefix.clone()),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(prefix, tree, paths);
            }
        }
    }
}

fn joined(prefix: &[String], last: &Ident) -> Vec<String> {
    prefix.iter().cloned().chain([last.to_string()]).collect()
}
