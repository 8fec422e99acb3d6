//! What each crate must have to be published.

use crate::crates;

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
fn every_package_with_features_is_documented_with_all_of_them() {
    let mut documented = 0;
    for found in crates::all().iter().filter(|found| found.manifest.contains_key("features")) {
        let metadata = found.manifest["package"].get("metadata");
        let built = metadata.and_then(|metadata| metadata.get("docs")?.get("rs"));
        let all = built.and_then(|built| built.get("all-features")?.as_bool());
        assert_eq!(all, Some(true), "{}", found.name);
        documented += 1;
    }
    assert!(documented > 3, "the features have moved");
}
