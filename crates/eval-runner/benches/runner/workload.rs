//! The workloads: trials that do nothing, and trials that wait.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use probity_eval_runner::{
    Case, TrialError,
    runner::{Runner, SuiteRun},
    store::{self, Page, RunId, RunQuery, TrialKey, TrialQuery},
    suite::Suite,
};

use crate::process::{cpu, peak_memory};

const CASES: u32 = 100;
const CONCURRENCY: u16 = 1_000;
const WAIT: Duration = Duration::from_millis(50);

/// Runs one workload, and prints what it cost.
pub(crate) fn run(workload: &str, count: u32) {
    let waits = match workload {
        "noop" => false,
        "waiting" => true,
        other => panic!("{other:?} is no workload; there are noop and waiting"),
    };
    let folder = std::env::temp_dir().join(format!("probity-bench-runner-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the store can be made");
    let place = folder.join("runs.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    let trials = count.div_ceil(CASES);
    let run = runtime.block_on(measure(&place, trials, waits));
    runtime.block_on(read(&place, run, trials));
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

async fn measure(place: &Path, trials: u32, waits: bool) -> RunId {
    let place = place.to_str().expect("a path of letters");
    let store = store::open(place).await.expect("the store opens");
    let runner = Runner::new().trials(trials).concurrency(CONCURRENCY.into()).store(store);
    let (wall, used) = (Instant::now(), cpu());
    let run: SuiteRun = runner.run(suite(waits)).await.expect("the suite runs");
    let (wall, used) = (wall.elapsed(), cpu().saturating_sub(used));
    let count = f64::from(trials * CASES);
    assert_eq!(run.tally().passed, u64::from(trials * CASES));
    let what = if waits { "that wait 50 ms" } else { "that do nothing" };
    println!("\n{count} trials {what}, 3 spans each, {CONCURRENCY} at a time, kept in SQLite");
    println!("  CPU a trial    {:>9.1} us", used.as_secs_f64() * 1e6 / count);
    println!("  wall           {:>9.3} s", wall.as_secs_f64());
    println!("  cores in use   {:>9.2}", used.as_secs_f64() / wall.as_secs_f64());
    println!("  peak memory    {:>9.1} MB", peak_memory());
    if waits {
        let ideal = WAIT.as_secs_f64() * (count / f64::from(CONCURRENCY)).ceil();
        println!("  times ideal    {:>9.3}", wall.as_secs_f64() / ideal);
    }
    run.run.expect("it is stored")
}

fn suite(waits: bool) -> Suite<u32, (), u32> {
    let cases = (0..CASES).map(|case| Case::new(format!("case {case}"), case));
    Suite::new("bench", cases).agent("1", move |case: Arc<Case<u32>>| async move {
        {
            let agent = tracing::info_span!("invoke_agent", gen_ai.operation.name = "invoke_agent");
            let _entered = agent.enter();
            tracing::info_span!("execute_tool", gen_ai.tool.name = "look up").in_scope(|| ());
        }
        if waits {
            tokio::time::sleep(WAIT).await;
        }
        Ok::<_, TrialError>(case.input)
    })
}

/// Opens the store again, lists its runs, and reads one trial.
async fn read(place: &Path, run: RunId, trials: u32) {
    let timed = Instant::now();
    let store = store::open(place.to_str().expect("a path of letters")).await;
    let store = store.expect("the store opens again");
    print("open", timed);
    let timed = Instant::now();
    assert_eq!(store.runs(&RunQuery::new()).await.expect("runs are listed").len(), 1);
    print("list runs", timed);
    let timed = Instant::now();
    let page = TrialQuery::new(Page::first(100).after(TrialKey::new("case 50", trials / 2)));
    assert!(!store.trials(run, &page).await.expect("a page is read").is_empty());
    print("a page of 100", timed);
    let timed = Instant::now();
    let trial = store.trial(run, &TrialKey::new("case 50", trials / 2)).await;
    assert_eq!(trial.expect("a trial is read").expect("it is there").trace.len(), 3);
    print("one trial", timed);
}

fn print(what: &str, timed: Instant) {
    println!("  {what:14} {:>9.3} ms", timed.elapsed().as_secs_f64() * 1e3);
}
