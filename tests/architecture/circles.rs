//! No two modules of a crate need each other.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, UseTree};

use crate::{
    crates,
    sources::{self, Source},
};

/// The top-level modules of a crate, each with those that it uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_top_level_modules_of_a_crate_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for one in crates::all() {
        let graph = graph(&sources::of(&one));
        let uses = on_circles(&graph).into_iter();
        found.extend(uses.map(|(from, to)| format!("{}: {from} -> {to}", one.name)));
    }
    assert!(found.is_empty(), "uses that lie on a circle:\n{}", found.join("\n"));
}

#[test]
fn every_use_on_a_circle_is_found() {
    #[track_caller]
    fn check(uses: &[(&str, &[&str])], expected: &[(&str, &str)]) {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let graph = uses.iter().map(|(from, to)| ((*from).to_owned(), owned(to))).collect();
        assert_eq!(on_circles(&graph), expected);
    }
    check(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])], &[]);
    check(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])], &[("b", "c"), ("c", "b")]);
    check(
        &[("a", &["b"]), ("b", &["c", "d"]), ("c", &["a"]), ("d", &[])],
        &[("a", "b"), ("b", "c"), ("c", "a")],
    );
}

fn graph(sources: &[Source]) -> Graph {
    let modules: BTreeSet<String> =
        sources.iter().filter_map(|source| source.module.first().cloned()).collect();
    let exported = exported(sources, &modules);
    let mut graph = Graph::new();
    for source in sources {
        let Some(from) = source.module.first() else {
            continue; // The root may use everything: it is the table of contents.
        };
        let used = sources::paths(&source.syntax)
            .into_iter()
            .filter_map(|path| from_root(&source.module, &path))
            .filter_map(|name| modules.get(&name).or_else(|| exported.get(&name)).cloned())
            .filter(|to| to != from);
        graph.entry(from.clone()).or_default().extend(used);
    }
    graph
}

/// Returns the first name of a path below the root of the crate, where it leads there.
fn from_root(module: &[String], path: &[String]) -> Option<String> {
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    match path.first()?.as_str() {
        "crate" => path.get(1).cloned(),
        "super" if ups == module.len() => path.get(ups).cloned(),
        _ => None,
    }
}

/// Returns what the root re-exports, each with the module that it comes from.
fn exported(sources: &[Source], modules: &BTreeSet<String>) -> BTreeMap<String, String> {
    let root = sources.iter().find(|source| source.module.is_empty());
    let mut exported = BTreeMap::new();
    for item in root.into_iter().flat_map(|root| &root.syntax.items) {
        if let Item::Use(item) = item {
            collect(None, &item.tree, modules, &mut exported);
        }
    }
    exported
}

fn collect(
    from: Option<&str>,
    tree: &UseTree,
    modules: &BTreeSet<String>,
    exported: &mut BTreeMap<String, String>,
) {
    let mut export = |name: String| {
        if let Some(from) = from {
            exported.insert(name, from.to_owned());
        }
    };
    match tree {
        UseTree::Path(path) => {
            let name = path.ident.to_string();
            let from = from.or_else(|| modules.get(&name).map(String::as_str));
            collect(from, &path.tree, modules, exported);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(from, tree, modules, exported);
            }
        }
        UseTree::Name(name) => export(name.ident.to_string()),
        UseTree::Rename(rename) => export(rename.rename.to_string()),
        UseTree::Glob(_) => {}
    }
}

/// Returns the uses that lie on a circle: those where the used module leads back to its user.
fn on_circles(graph: &Graph) -> Vec<(&str, &str)> {
    let uses = graph.iter().flat_map(|(from, used)| used.iter().map(move |to| (from, to)));
    uses.filter(|(from, to)| reached(graph, to).contains(from.as_str()))
        .map(|(from, to)| (from.as_str(), to.as_str()))
        .collect()
}

/// Returns the modules that a module uses directly or through others.
fn reached<'g>(graph: &'g Graph, start: &str) -> BTreeSet<&'g str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for used in graph.get(module).into_iter().flatten() {
            if reached.insert(used.as_str()) {
                open.push(used);
            }
        }
    }
    reached
}
