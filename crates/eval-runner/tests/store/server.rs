//! A PostgreSQL server for tests, and what happens when it goes away.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::{executor::block_on, future::join_all};
use probity_eval_runner::store::{
    Page, PostgresSettings, PostgresStore, RunId, RunStore, StoreError, Stored, TrialKey,
};

use crate::support::{Another, Folder, Subject, created, key, passed, trial};

/// A server of our own, on a socket in a folder.
pub(crate) struct Server {
    programs: PathBuf,
    pub(crate) folder: Folder,
    /// Stops the server and removes its folder when the pipe to it is closed: also if we are killed.
    janitor: Child,
}

impl Server {
    /// Starts a server; `None`, with a message, where there is no PostgreSQL.
    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!(
                "skipped: no PostgreSQL; install it, or name its programs' folder in PROBITY_POSTGRES_BIN"
            );
            return None;
        };
        let folder = Folder::new();
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(&folder.0).status();
            assert!(given.unwrap().success(), "PostgreSQL runs under a user `postgres`");
        }
        let data = folder.file("data");
        let made = as_server(&programs.join("initdb"))
            .args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let janitor = as_server(Path::new("sh"))
            .arg("-c")
            .arg("read _; \"$0\" stop -m immediate -D \"$1/data\" >/dev/null 2>&1; rm -rf \"$1\"")
            .arg(programs.join("pg_ctl"))
            .arg(&folder.0)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let server = Self { programs, folder, janitor };
        server.control(&["start", "-w"]);
        Some(server)
    }

    /// Stops, starts or restarts the server.
    fn control(&self, arguments: &[&str]) {
        let options = format!("-k {} -c listen_addresses= -c fsync=off", self.folder.0.display());
        let mut control = as_server(&self.programs.join("pg_ctl"));
        control.args(arguments).arg("-D").arg(self.folder.file("data")).arg("-l");
        control.arg(self.folder.file("log")).arg("-o").arg(options);
        // Not through pipes: the server would hold them open.
        let done = control.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let log = || fs::read_to_string(self.folder.file("log")).unwrap_or_default();
        assert!(done.success(), "{arguments:?}: {}", log());
    }

    fn url(&self) -> String {
        format!("postgres://postgres:s3cret@localhost/postgres?host={}", self.folder.0.display())
    }

    pub(crate) async fn open(&self, schema: &str) -> PostgresStore {
        let settings = PostgresSettings::new().schema(schema);
        let store = PostgresStore::open_with(&self.url(), settings).await;
        store.unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.janitor.stdin.take());
        _ = self.janitor.wait();
    }
}

/// Finds the folder of the server's programs.
fn programs() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PROBITY_POSTGRES_BIN") {
        return Some(named.into());
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut folders: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    folders.retain(|folder| folder.join("pg_ctl").exists());
    folders.sort();
    folders.pop()
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.starts_with(b"0")
}

/// PostgreSQL refuses to run as root.
fn as_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

/// The server that most tests share.
pub(crate) fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref()
}

/// Tries a law with PostgreSQL, in schemas of its own.
pub(crate) fn with_postgres<F: Future<Output = ()>>(law: &str, try_law: impl FnOnce(Subject) -> F) {
    let Some(server) = shared() else { return };
    let law = law.to_owned();
    let count = AtomicU32::new(0);
    let another: Another = Arc::new(move || {
        let schema: String = format!("s{}_{law}", count.fetch_add(1, Ordering::Relaxed));
        Box::pin(async move { Arc::new(server.open(&schema).await) as Arc<dyn RunStore> })
    });
    block_on(async {
        let store = another().await;
        try_law(Subject { store, another }).await;
    });
}

#[test]
fn a_server_that_restarts_is_waited_for_and_nothing_is_done_twice() {
    let Some(server) = Server::start() else { return };
    let store = block_on(server.open("restarts"));
    let run = block_on(created(&store, &["a", "b"], 400));
    let mut rounds = 0;
    std::thread::scope(|scope| {
        let restarts = scope.spawn(|| {
            for mode in ["immediate", "fast", "immediate", "immediate"] {
                server.control(&["restart", "-w", "-m", mode]);
            }
        });
        while !restarts.is_finished() || rounds < 4 {
            let indexes = rounds * 25..(rounds + 1) * 25;
            let keys = indexes.flat_map(|index| [key("a", index), key("b", index)]);
            let all = keys.map(|key| run_one(&store, run.id, key));
            block_on(join_all(all));
            rounds += 1;
        }
        restarts.join().expect("the server restarts");
    });
    block_on(async {
        let states = store.states(run.id, &Page::first(100_000)).await.unwrap();
        assert_eq!(states.len(), rounds as usize * 50);
        for state in &states {
            assert_eq!((state.attempts, state.outcome.is_some()), (1, true), "{state:?}");
        }
        let tallies = store.tallies(run.id).await.unwrap();
        let passed: u64 = tallies.iter().map(|case| case.tally.passed).sum();
        assert_eq!(passed, u64::from(rounds) * 50);
    });
}

/// Begins and stores a trial, which must both happen, once.
async fn run_one(store: &PostgresStore, run: RunId, key: TrialKey) {
    let finished = store.begin_attempts(run, std::slice::from_ref(&key)).await;
    assert_eq!(finished.expect("attempts are counted"), []);
    let stored = store.finish(run, &trial(key, passed())).await;
    assert_eq!(stored.expect("a trial is stored"), Stored::Now);
}

#[test]
fn a_server_that_stays_away_is_an_error_without_a_password() {
    let Some(server) = Server::start() else { return };
    block_on(async {
        let settings = PostgresSettings::new().patience(Duration::from_millis(100));
        let store = PostgresStore::open_with(&server.url(), settings).await.unwrap();
        let run = created(&store, &["a"], 2).await;
        let other = server.url();
        server.control(&["stop", "-w", "-m", "immediate"]);
        let error = store.finish(run.id, &trial(key("a", 0), passed())).await.unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }) && error.may_pass(), "{error:?}");
        let opening = PostgresStore::open(&other).await.unwrap_err();
        for text in [error.to_string(), format!("{error:?} {store:?} {opening} {opening:?}")] {
            assert!(!text.contains("s3cret"), "{text}");
        }
        server.control(&["start", "-w"]);
        let stored = store.finish(run.id, &trial(key("a", 0), passed())).await;
        assert_eq!(stored.unwrap(), Stored::Now);
    });
}

#[test]
fn two_stores_that_open_a_new_schema_at_once_both_work() {
    let Some(server) = shared() else { return };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                block_on(async {
                    let store = server.open("opened_at_once").await;
                    let run = created(&store, &["a"], 50).await;
                    let all: Vec<_> =
                        (0..50).map(|index| trial(key("a", index), passed())).collect();
                    let stored =
                        join_all(all.iter().map(|trial| store.finish(run.id, trial))).await;
                    assert!(stored.into_iter().all(|stored| stored.unwrap() == Stored::Now));
                });
            });
        }
    });
}
