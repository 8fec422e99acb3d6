//! What a browser makes of the file: it is driven by `browser.cjs`, where there is one.
//!
//! `PROBITY_CHROMIUM` names the browser, `PROBITY_PLAYWRIGHT` the `node_modules` that holds `playwright-core`. Without
//! them the test says so and passes.

use std::{
    env,
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    process::Command,
};

use crate::fixtures::Run;

#[test]
fn four_reports_open_and_are_used_without_an_error_or_a_request() {
    let Some((chromium, modules)) = browser() else {
        return;
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("html");
    fs::create_dir_all(&folder).unwrap();
    write(&folder, "small", &Run::small(), None);
    write(&folder, "comparison", &Run::better(), Some(&Run::baseline()));
    write(&folder, "large", &Run::large(), None);
    write(&folder, "not-graded", &Run::with_outages(), None);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/browser.cjs");
    let ran = Command::new("node")
        .arg(script)
        .args([&folder, &chromium, &modules.join("playwright-core")])
        .output()
        .expect("node starts");
    let said = String::from_utf8_lossy(&ran.stdout);
    println!("{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "the browser found something: {}", ran.status);
    assert_eq!(said.lines().filter(|line| line.starts_with("ok ")).count(), 8);
}

/// The browser and the modules of node; `None` where they were not named.
fn browser() -> Option<(PathBuf, PathBuf)> {
    let named = |name: &str| {
        let path = env::var_os(name).map(PathBuf::from);
        match &path {
            // A path that was given and is wrong is a mistake, not a machine without a browser.
            Some(path) => assert!(path.exists(), "{name}={} does not exist", path.display()),
            None => println!("skipped: {name} is not set"),
        }
        path
    };
    Some((named("PROBITY_CHROMIUM")?, named("PROBITY_PLAYWRIGHT")?))
}

fn write(folder: &Path, name: &str, run: &Run, baseline: Option<&Run>) {
    let page = run.page();
    let page = match baseline {
        Some(baseline) => page.with_baseline(baseline.report()),
        None => page,
    };
    let file = File::create(folder.join(format!("{name}.html"))).unwrap();
    run.write(&page, BufWriter::new(file)).unwrap();
}
