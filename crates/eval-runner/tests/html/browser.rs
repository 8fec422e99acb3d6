//! What a browser makes of the file: it is driven by `browser.cjs`, where there is one.
//!
//! `PROBITY_CHROMIUM` names the browser, `PROBITY_PLAYWRIGHT` the `node_modules` that holds `playwright-core`. Without
//! them the test says so and passes.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use probity_eval_runner::{
    Report,
    facts::RunFacts,
    gate::{Gate, RunMeasurements},
    html::HtmlReport,
    store::{self, RunId, RunStore},
};

use crate::fixtures::Run;

#[tokio::test]
async fn four_reports_of_stored_runs_open_and_are_used_without_an_error_or_a_request() {
    let Some((chromium, modules)) = browser() else {
        return;
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("html");
    fs::create_dir_all(&folder).unwrap();
    save(&folder, "small", &Run::small(), None).await;
    save(&folder, "comparison", &Run::better(), Some(&Run::baseline())).await;
    save(&folder, "large", &Run::large(), None).await;
    save(&folder, "not-graded", &Run::with_outages(), None).await;
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

/// Keeps a run in a store, and makes its page of what the store has.
async fn save(folder: &Path, name: &str, run: &Run, baseline: Option<&Run>) {
    let place = folder.join(format!("{name}.db"));
    for end in ["", "-wal", "-shm"] {
        _ = fs::remove_file(format!("{}{end}", place.display()));
    }
    let store = store::open(place.to_str().unwrap()).await.unwrap();
    let id = run.keep(&*store).await;
    let (facts, report) = read(&*store, id).await;
    let gate: Gate = "pass@1 >= 0.1, each: pass@1 >= 0.8".parse().unwrap();
    let gate = gate.evaluate(&RunMeasurements::of(&facts));
    let mut page = HtmlReport::stored(&*store, id, report).about(&facts).with_gate(gate);
    if let Some(baseline) = baseline {
        let id = baseline.keep(&*store).await;
        page = page.with_baseline(read(&*store, id).await.1);
    }
    page.save(&folder.join(format!("{name}.html"))).await.unwrap();
}

async fn read(store: &dyn RunStore, run: RunId) -> (RunFacts, Report) {
    let facts = RunFacts::read(store, run).await.unwrap();
    let report = Report::of(&facts).unwrap();
    (facts, report)
}
