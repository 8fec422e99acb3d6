//! What each crate must have to be published.

use crate::crates::{self, Crate};

#[test]
fn every_package_has_a_page_and_both_licenses() {
    for found in crates::all() {
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(found.folder.join(file).exists(), "{} has no {file}", found.name);
        }
        let readme = found.manifest["package"].get("readme").and_then(toml::Value::as_str);
        assert_eq!(readme, Some("README.md"), "{}", found.name);
    }
}

#[test]
fn every_library_with_features_is_documented_with_all_of_them() {
    let mut documented = 0;
    let has_pages = |found: &&Crate| !found.manifest.contains_key("bin");
    let all = crates::all();
    let featured = all.iter().filter(|found| found.manifest.contains_key("features"));
    for found in featured.filter(has_pages) {
        let metadata = found.manifest["package"].get("metadata");
        let built = metadata.and_then(|metadata| metadata.get("docs")?.get("rs"));
        let all = built.and_then(|built| built.get("all-features")?.as_bool());
        assert_eq!(all, Some(true), "{}", found.name);
        documented += 1;
    }
    assert!(documented > 3, "the features have moved");
}

#[test]
fn no_two_packages_have_their_pages_at_one_place() {
    let mut places: Vec<String> = Vec::new();
    for found in crates::all() {
        let bins = found.manifest.get("bin").and_then(toml::Value::as_array);
        for bin in bins.into_iter().flatten() {
            if bin.get("doc").and_then(toml::Value::as_bool) != Some(false) {
                places.push(bin["name"].as_str().expect("a name").to_owned());
            }
        }
        if found.folder.join("src/lib.rs").exists() {
            places.push(found.name.replace('-', "_"));
        }
    }
    let all = places.len();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), all, "{places:?}");
}
