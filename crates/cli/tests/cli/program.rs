//! Stores with runs in them, and the program that looks at them.

use std::{
    env, fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use probity_eval_runner::{
    Case, NotGraded, Trial, TrialError,
    runner::Runner,
    store::{self, RunId, Shard},
    suite::Suite,
};

/// A folder that is removed when it is dropped.
pub(crate) struct Place(PathBuf);

/// What the program printed, and its exit code.
pub(crate) struct Ended {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

impl Place {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("probity-cli-{}-{count}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).expect("the file is there")
    }

    /// Starts the program with words as arguments.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_probity"))
            .args(arguments)
            .env_remove("PROBITY_STORE")
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// Runs the program with an argument a word.
    pub(crate) fn probity(&self, arguments: &str) -> Ended {
        self.run(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.start(arguments))
    }

    /// Runs the suite, of this skill, and keeps the run in a file.
    pub(crate) async fn measure(&self, file: &str, runner: Runner, skill: u32) -> RunId {
        let place = self.file(file);
        let store = store::open(place.to_str().expect("a path")).await.expect("a store");
        let runner = runner.store(store).retry_wait(Duration::from_millis(1));
        let run = runner.run(suite(skill)).await.expect("it runs");
        run.run.expect("it is kept")
    }

    /// Makes the store `probity.db` with two runs, `first` and the better `second`.
    pub(crate) async fn with_two_runs() -> Self {
        let place = Self::new();
        place.measure("probity.db", Runner::new().trials(4).name("first"), 1).await;
        let second = Runner::new().trials(4).name("second").label("commit", "1a2b3c");
        place.measure("probity.db", second, 2).await;
        place
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

impl Ended {
    pub(crate) fn of(child: Child) -> Self {
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        Self { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }

    /// Checks the exit code, and that parts are printed to standard output.
    #[track_caller]
    pub(crate) fn prints(&self, code: i32, parts: &[&str]) -> &Self {
        let Self { out, err, .. } = self;
        assert_eq!(self.code, Some(code), "\n{out}\n-- stderr --\n{err}");
        for part in parts {
            assert!(out.contains(part), "{part:?} is not in\n{out}\n-- stderr --\n{err}");
        }
        self
    }

    /// Checks the exit code, and that it is said to standard error, alone.
    #[track_caller]
    pub(crate) fn says(&self, code: i32, said: &str) {
        let Self { out, err, .. } = self;
        assert_eq!(self.code, Some(code), "\n{out}\n-- stderr --\n{err}");
        assert!(err.starts_with("error: ") && err.contains(said), "{said:?} is not in\n{err}");
        assert_eq!(out, "");
    }
}

pub(crate) fn shard(index: u32, count: u32) -> Runner {
    Runner::new().trials(4).shard(Shard::new(index, count).expect("a part"))
}

/// Twelve cases, of which the first never passes, the last always, and the others the more often the later they are.
fn suite(skill: u32) -> Suite<u32, (), String> {
    let cases = (0..12)
        .map(|n| Case::new(format!("case-{n:02}"), n).with_group(format!("group {}", n % 3)));
    Suite::new("airline", cases).agent(
        format!("skill {skill}"),
        move |case: Arc<Case<u32>>| async move {
            let index = Trial::current().map_or(0, |trial| trial.index());
            tracing::info_span!("looking up", case = case.input).in_scope(|| {
                tracing::info!("found");
            });
            answer(case.input, index, skill)
        },
    )
}

fn answer(case: u32, index: u32, skill: u32) -> Result<String, TrialError> {
    if case == 5 && index == 3 {
        return Err(NotGraded::new("the network was away").into());
    }
    if case == 0 || (index + case) % 4 >= case / 3 + skill {
        return Err("no such booking".into());
    }
    Ok(format!("booked {case}"))
}
