//! The process that is killed: this very test program, told to run one suite.

use std::{
    env,
    fs::OpenOptions,
    io::Write as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use probity_eval_runner::{
    Case, Trial,
    runner::{Finished, Progress, Resume, Runner, Start, SuiteRun, Watch},
    store,
    suite::Suite,
};

pub(crate) const CASES: u32 = 20;

/// What a child is told by its environment.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) store: PathBuf,
    /// Each trial that comes to its end adds a line.
    pub(crate) effects: PathBuf,
    pub(crate) trials: u32,
    pub(crate) concurrency: usize,
    /// The trial that aborts the process, as `case index`.
    pub(crate) aborts: Option<String>,
    /// The trial during which the process is killed.
    pub(crate) kills: Option<String>,
}

impl Told {
    pub(crate) fn start(&self) -> Child {
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "child::a_child_runs_the_suite", "--ignored", "--nocapture"])
            .env("PROBITY_TEST_STORE", &self.store)
            .env("PROBITY_TEST_EFFECTS", &self.effects)
            .env("PROBITY_TEST_TRIALS", self.trials.to_string())
            .env("PROBITY_TEST_CONCURRENCY", self.concurrency.to_string())
            .env("PROBITY_TEST_ABORTS", self.aborts.clone().unwrap_or_default())
            .env("PROBITY_TEST_KILLS", self.kills.clone().unwrap_or_default())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn of_environment() -> Self {
        let var = |name: &str| env::var(name).expect("set by the test that starts this");
        Self {
            store: var("PROBITY_TEST_STORE").into(),
            effects: var("PROBITY_TEST_EFFECTS").into(),
            trials: var("PROBITY_TEST_TRIALS").parse().unwrap(),
            concurrency: var("PROBITY_TEST_CONCURRENCY").parse().unwrap(),
            aborts: Some(var("PROBITY_TEST_ABORTS")).filter(|trial| !trial.is_empty()),
            kills: Some(var("PROBITY_TEST_KILLS")).filter(|trial| !trial.is_empty()),
        }
    }
}

/// Prints what it is told, for the process that started this one.
struct Aloud;

impl Watch for Aloud {
    fn run_began(&self, _: &Start) {
        println!("\nbegan");
    }

    fn trial_ended(&self, trial: &Finished, _: Progress) {
        println!("finished {} {}", trial.trial.case(), trial.trial.index());
    }
}

/// The suite: its agent fails as its seed says, and takes about 20 ms.
fn suite(told: Told) -> Suite<u32, (), u64> {
    let cases = (0..CASES).map(|case| Case::new(format!("case-{case:02}"), case));
    let agent = move |case: Arc<Case<u32>>| {
        let Told { effects, aborts, kills, .. } = told.clone();
        async move {
            let trial = Trial::current().ok_or("no trial is running")?;
            let name = format!("{} {}", trial.case(), trial.index());
            tracing::info_span!("chat", gen_ai.operation.name = "chat").in_scope(|| ());
            tokio::time::sleep(Duration::from_millis(10 + trial.seed() % 20)).await;
            if aborts == Some(name.clone()) {
                std::process::abort();
            }
            if kills == Some(name.clone()) {
                // On Unix; elsewhere no test asks for it.
                let process = std::process::id().to_string();
                Command::new("kill").args(["-9", &process]).status()?;
                std::future::pending::<()>().await;
            }
            let mut file = OpenOptions::new().create(true).append(true).open(&effects)?;
            file.write_all(format!("{name}\n").as_bytes())?;
            if trial.seed() % 100 < u64::from(case.input) * 5 {
                return Err("the agent gave up".into());
            }
            Ok(trial.seed())
        }
    };
    Suite::new("durable", cases).agent("1", agent)
}

pub(crate) async fn run(told: &Told, runner: Runner) -> SuiteRun {
    let store = store::open(told.store.to_str().unwrap()).await.unwrap();
    let runner = runner.trials(told.trials).concurrency(told.concurrency).seed(7);
    let runner = runner.store(store).resume(Resume::Latest);
    runner.run(suite(told.clone())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the tests that kill it"]
async fn a_child_runs_the_suite() {
    run(&Told::of_environment(), Runner::new().watch(Aloud)).await;
}
