//! What keeping a trial costs, and how quickly a trial of a million is found again.
//!
//! `cargo bench -p probity-eval-runner --bench store -- [TRIALS...]`; 10,000 and 1,000,000 unless told.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use probity_eval_runner::{
    Outcome,
    store::{
        ManifestCase, OutcomeKind, Page, RunId, RunManifest, RunQuery, RunStore, Scores,
        SqliteStore, StoredTrial, TrialKey, TrialQuery, TrialSummary,
    },
    suite::Fingerprint,
};
use probity_trace::{TraceSnapshot, testing::TraceBuilder};

/// So many trials run at a time, as in the bench of the runner.
const CONCURRENCY: usize = 1_000;
const CASES: u32 = 100;

fn main() {
    let mut counts: Vec<u32> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    if counts.is_empty() {
        // `cargo test` builds and runs benches, too, and then wants to know only whether they run.
        let is_bench = std::env::args().any(|word| word == "--bench");
        counts = if is_bench { vec![10_000, 1_000_000] } else { vec![200] };
    }
    let folder = std::env::temp_dir().join(format!("probity-bench-store-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the stores can be made");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    println!("a trial has 3 spans; {CONCURRENCY} at a time, {CASES} cases");
    for count in counts {
        let path = folder.join(format!("{count}.db"));
        runtime.block_on(measure(&path, count.next_multiple_of(CASES)));
    }
    fs::remove_dir_all(&folder).expect("the folder of the stores can be removed");
}

async fn measure(path: &Path, count: u32) {
    let store = SqliteStore::open(path).await.expect("the store opens");
    let manifest = manifest(count);
    _ = store.create_run(&manifest).await.expect("the run is created");
    let trace = trace();

    let (wall, cpu) = (Instant::now(), cpu());
    begin(&store, manifest.id, count).await;
    let begun = (wall.elapsed(), self::cpu().saturating_sub(cpu));
    finish(&store, manifest.id, count, &trace).await;
    let (wall, cpu) = (wall.elapsed(), self::cpu().saturating_sub(cpu));
    println!("\n{count} trials");
    println!("  CPU a trial         {:>9.1} us", micros(cpu) / f64::from(count));
    println!("    of it attempts    {:>9.1} us", micros(begun.1) / f64::from(count));
    println!("  wall a trial        {:>9.1} us", micros(wall) / f64::from(count));
    println!("  peak memory so far  {:>9.1} MB", peak_memory());
    let size: u64 = [path.to_owned(), log_of(path)].iter().map(|file| size_of(file)).sum();
    println!("  file a trial        {:>9} bytes", size / u64::from(count));

    let timed = Instant::now();
    drop(store);
    println!("  close               {:>9.3} ms", millis(timed.elapsed()));
    read(path, manifest.id, count).await;
}

async fn begin(store: &dyn RunStore, run: RunId, count: u32) {
    let mut keys = keys(count);
    // A scheduler counts the attempts of those that it starts together.
    loop {
        let some: Vec<_> = keys.by_ref().take(64).collect();
        if some.is_empty() {
            break;
        }
        let finished = store.begin_attempts(run, &some).await.expect("attempts are counted");
        assert!(finished.is_empty());
    }
}

async fn finish(store: &SqliteStore, run: RunId, count: u32, trace: &TraceSnapshot) {
    let evals = print("evals");
    let mut done = stream::iter(keys(count))
        .map(|key| {
            let outcome = Outcome::Passed;
            let summary =
                TrialSummary::new(key, 7, Scores::new(evals.clone(), outcome, Vec::new()));
            let trial = StoredTrial::new(summary, trace.clone());
            async move { store.finish(run, &trial).await }
        })
        .buffer_unordered(CONCURRENCY);
    while let Some(stored) = done.next().await {
        _ = stored.expect("the trial is stored");
    }
}

async fn read(path: &Path, run: RunId, count: u32) {
    let timed = Instant::now();
    let store = SqliteStore::open(path).await.expect("the store opens again");
    println!("  open                {:>9.3} ms", millis(timed.elapsed()));

    let timed = Instant::now();
    let runs = store.runs(&RunQuery::new()).await.expect("runs are listed");
    assert_eq!(runs[0].tally.passed, u64::from(count));
    println!("  list runs           {:>9.3} ms", millis(timed.elapsed()));

    let timed = Instant::now();
    assert_eq!(store.tallies(run).await.expect("tallies are read").len(), CASES as usize);
    println!("  tallies of cases    {:>9.3} ms", millis(timed.elapsed()));

    let timed = Instant::now();
    let middle = TrialKey::new("case 50", count / CASES / 2);
    let page = TrialQuery::new(Page::first(100).after(middle.clone())).outcome(OutcomeKind::Passed);
    assert!(!store.trials(run, &page).await.expect("a page is read").is_empty());
    println!("  a page of 100       {:>9.3} ms", millis(timed.elapsed()));

    let timed = Instant::now();
    assert!(store.trial(run, &middle).await.expect("a trial is read").is_some());
    println!("  one trial           {:>9.3} ms", millis(timed.elapsed()));

    let timed = Instant::now();
    let mut page = Page::first(10_000);
    let mut seen = 0;
    loop {
        let states = store.states(run, &page).await.expect("states are read");
        let Some(last) = states.last() else { break };
        seen += states.len();
        page = page.after(last.key.clone());
    }
    assert_eq!(seen, count as usize);
    println!("  states of all       {:>9.3} ms", millis(timed.elapsed()));
    println!("  peak memory so far  {:>9.1} MB", peak_memory());
}

fn manifest(count: u32) -> RunManifest {
    let cases = (0..CASES).map(|case| ManifestCase::new(format!("case {case}"), print("case")));
    let mut manifest = RunManifest::new("bench", print("agent"), print("evals"), cases);
    manifest.trials = count / CASES;
    manifest
}

/// In the order in which a run starts them: every case once, then every case again.
fn keys(count: u32) -> impl Iterator<Item = TrialKey> {
    (0..count).map(|place| TrialKey::new(format!("case {}", place % CASES), place / CASES))
}

fn trace() -> TraceSnapshot {
    TraceBuilder::new()
        .span("probity.trial", |trial| {
            trial.field("case", "case 1").field("index", 1).span("invoke_agent", |agent| {
                agent.span("chat", |chat| {
                    chat.field("gen_ai.request.model", "small")
                        .field("gen_ai.usage.output_tokens", 7)
                })
            })
        })
        .build()
}

fn print(text: &str) -> Fingerprint {
    Fingerprint::of(&text).expect("a text is JSON")
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

fn size_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The CPU time of this process; 0 where there is no `/proc`.
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted from the end of the name in parentheses; ticks are 10 ms on Linux.
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks =
        after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// The most memory that this process ever had; 0 where there is no `/proc`.
fn peak_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1_000.0
}
