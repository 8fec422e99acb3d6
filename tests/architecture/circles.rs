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
    let circles: Vec<String> = crates::all()
        .iter()
        .flat_map(|found| {
            let circles = circles(&graph(&sources::of(found)));
            circles.into_iter().map(|circle| format!("{}: {}", found.name, circle.join(" -> ")))
        })
        .collect();
    assert!(circles.is_empty(), "circles of modules:\n{}", circles.join("\n"));
}

#[test]
fn every_circle_is_found_and_named() {
    #[track_caller]
    fn check(edges: &[(&str, &[&str])], expected: &[&[&str]]) {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let graph = edges.iter().map(|(from, to)| ((*from).to_owned(), owned(to))).collect();
        assert_eq!(circles(&graph), expected);
    }
    check(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])], &[]);
    check(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])], &[&["b", "c", "b"]]);
    check(
        &[("a", &["b"]), ("b", &["a", "c"]), ("c", &["d"]), ("d", &["e"]), ("e", &["d", "c"])],
        &[&["a", "b", "a"], &["c", "d", "e", "c"]],
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

/// Returns a shortest circle through the first module of each knot of modules that all reach each
/// other, its first module repeated at its end.
fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let mut knotted = BTreeSet::new();
    let mut circles = Vec::new();
    for module in graph.keys() {
        if knotted.contains(module) {
            continue;
        }
        let reached = reached(graph, module);
        if let Some(last) = reached.iter().position(|step| uses(graph, &step.module, module)) {
            circles.push(circle(&reached, last, module));
            let back = |step: &&Step| {
                self::reached(graph, &step.module).iter().any(|s| s.module == *module)
            };
            knotted.extend(reached.iter().filter(back).map(|step| step.module.clone()));
        }
    }
    circles
}

fn uses(graph: &Graph, module: &str, used: &str) -> bool {
    graph.get(module).is_some_and(|all| all.contains(used))
}

/// A module that is reached, and the place of the one from which it is.
struct Step {
    module: String,
    from: Option<usize>,
}

/// Returns the modules that are reached from one, nearest first; the module itself is the first.
fn reached(graph: &Graph, start: &str) -> Vec<Step> {
    let mut steps = vec![Step { module: start.to_owned(), from: None }];
    let mut next = 0;
    while let Some(step) = steps.get(next) {
        let used: Vec<_> = graph.get(&step.module).into_iter().flatten().cloned().collect();
        for module in used {
            if steps.iter().all(|step| step.module != module) {
                steps.push(Step { module, from: Some(next) });
            }
        }
        next += 1;
    }
    steps
}

/// Walks back from a module that uses the start.
fn circle(steps: &[Step], last: usize, start: &str) -> Vec<String> {
    let mut circle = vec![start.to_owned()];
    let mut at = Some(last);
    while let Some(place) = at {
        circle.push(steps[place].module.clone());
        at = steps[place].from;
    }
    circle.reverse();
    circle
}
