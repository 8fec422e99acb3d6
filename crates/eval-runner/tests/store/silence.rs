//! A PostgreSQL server that falls silent, and two machines that want to run the same run.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use probity_eval_runner::{
    Case, Trial, TrialError,
    runner::{Resume, RunError, Runner},
    store::{PostgresSettings, PostgresStore, RunStore as _, StoreError, Stored},
    suite::Suite,
};
use tokio::time::timeout;

use crate::{
    server::{Server, shared},
    support::{created, key, passed, trial},
};

/// Longer than any of these may take.
const AGES: Duration = Duration::from_mins(2);

/// Stands between stores and their server.
struct Proxy {
    port: u16,
    way: Arc<Way>,
}

/// What becomes of what goes through.
#[derive(Default)]
struct Way {
    socket: PathBuf,
    /// So often all connections fell silent, and stay so.
    silences: AtomicU32,
    /// Whether new connections are silent, too.
    is_silent: AtomicBool,
    /// Whether a connection ends with its first statement.
    cuts: AtomicBool,
    /// Whether nobody is let through.
    is_closed: AtomicBool,
    connections: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    fn new(server: &Server) -> Self {
        let way = Way { socket: server.folder.file(".s.PGSQL.5432"), ..Way::default() };
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), way: Arc::new(way) };
        let way = Arc::clone(&proxy.way);
        thread::spawn(move || {
            for client in listener.incoming() {
                Arc::clone(&way).connect(client.unwrap());
            }
        });
        proxy
    }

    async fn open(&self, schema: &str, patience: Duration) -> PostgresStore {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", self.port);
        let settings = PostgresSettings::new().schema(schema).patience(patience);
        PostgresStore::open_with(&url, settings).await.unwrap()
    }

    /// Lets all connections fall silent: both sides keep them, and nothing goes through any more.
    fn fall_silent(&self) {
        self.way.silences.fetch_add(1, Ordering::SeqCst);
    }

    /// Ends all connections, and lets nobody through until it is opened.
    fn close(&self) {
        self.way.is_closed.store(true, Ordering::SeqCst);
        for connection in self.way.connections.lock().unwrap().drain(..) {
            _ = connection.shutdown(Shutdown::Both);
        }
    }

    fn reopen(&self) {
        self.way.is_closed.store(false, Ordering::SeqCst);
    }
}

impl Way {
    fn connect(self: Arc<Self>, client: TcpStream) {
        if self.is_closed.load(Ordering::SeqCst) {
            return;
        }
        let server = UnixStream::connect(&self.socket).unwrap();
        self.connections.lock().unwrap().push(client.try_clone().unwrap());
        let silences = self.silences.load(Ordering::SeqCst);
        let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let way = Arc::clone(&self);
        thread::spawn(move || {
            // A client's first messages begin with their length, statements with a letter.
            let cut = |sent: &[u8]| way.cuts.load(Ordering::SeqCst) && sent[0] != 0;
            if way.pump(&from, &to, silences, cut) {
                _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
            }
        });
        thread::spawn(move || {
            if self.pump(&server, &client, silences, |_| false) {
                _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
            }
        });
    }

    /// Sends on what comes; returns whether the other side is to hear of its end.
    fn pump(
        &self,
        mut from: impl Read,
        mut to: impl Write,
        silences: u32,
        cut: impl Fn(&[u8]) -> bool,
    ) -> bool {
        let mut buffer = [0; 16 * 1024];
        let is_silent = || {
            self.is_silent.load(Ordering::SeqCst)
                || self.silences.load(Ordering::SeqCst) != silences
        };
        loop {
            let sent = match from.read(&mut buffer) {
                Ok(0) | Err(_) => return !is_silent(),
                Ok(count) => &buffer[..count],
            };
            if cut(sent) || (!is_silent() && to.write_all(sent).is_err()) {
                return true;
            }
        }
    }
}

/// A suite of one case; something happens in its trials.
fn suite(happens: impl Fn(u32) + Send + Sync + 'static) -> Suite<u32, (), u32> {
    let happens = Arc::new(happens);
    Suite::new("silence", [Case::new("a", 0)]).agent("1", move |case: Arc<Case<u32>>| {
        let happens = Arc::clone(&happens);
        async move {
            happens(Trial::current().map_or(0, |trial| trial.index()));
            Ok::<_, TrialError>(case.input)
        }
    })
}

#[tokio::test]
async fn a_run_whose_server_falls_silent_comes_to_an_end() {
    let Some(server) = shared() else { return };
    let proxy = Proxy::new(server);
    let store = proxy.open("silent_run", Duration::from_secs(1)).await;
    let way = Arc::clone(&proxy.way);
    let suite = suite(move |index| {
        if index == 30 {
            way.is_silent.store(true, Ordering::SeqCst);
        }
    });
    let runner = Runner::new().trials(200).concurrency(1).store(Arc::new(store));
    let error = timeout(AGES, runner.run(suite)).await.expect("it waits for ever").unwrap_err();
    let RunError::StoreFailed { error, .. } = error else { panic!("{error}") };
    assert!(matches!(error, StoreError::Unreachable { .. }) && error.may_pass(), "{error}");
    assert!(error.to_string().contains("has not answered for 3 s"), "{error}");
}

#[tokio::test]
async fn a_server_that_ends_every_connection_is_given_up() {
    let Some(server) = shared() else { return };
    let proxy = Proxy::new(server);
    let store = proxy.open("cut", Duration::from_millis(500)).await;
    let run = created(&store, &["a"], 1).await;
    proxy.way.cuts.store(true, Ordering::SeqCst);
    let finished = trial(key("a", 0), passed());
    let error = timeout(AGES, store.finish(run.id, &finished)).await.expect("it tries for ever");
    assert!(matches!(error, Err(StoreError::Unreachable { .. })), "{error:?}");
    proxy.way.cuts.store(false, Ordering::SeqCst);
    assert_eq!(store.finish(run.id, &finished).await.unwrap(), Stored::Now);
}

#[tokio::test]
async fn a_connection_that_falls_silent_is_replaced_and_its_claims_stay() {
    let Some(server) = shared() else { return };
    let proxy = Proxy::new(server);
    let store = proxy.open("replaced", Duration::from_secs(8)).await;
    let run = created(&store, &["a"], 1).await;
    assert!(store.claim(run.id).await.unwrap());
    // The server knows nothing of it: what is left of the connection holds the claim.
    proxy.fall_silent();
    let finished = trial(key("a", 0), passed());
    let stored = timeout(AGES, store.finish(run.id, &finished)).await.expect("it waits for ever");
    assert_eq!(stored.unwrap(), Stored::Now);
    let other = server.open("replaced").await;
    assert!(!other.claim(run.id).await.unwrap());
    store.release(run.id).await.unwrap();
    assert!(other.claim(run.id).await.unwrap());
}

#[tokio::test]
async fn who_has_lost_a_claim_to_another_writes_nothing_until_it_is_given_back() {
    let Some(server) = shared() else { return };
    let proxy = Proxy::new(server);
    let store = proxy.open("lost", Duration::from_millis(300)).await;
    let other = server.open("lost").await;
    let run = created(&store, &["a"], 1).await;
    assert!(store.claim(run.id).await.unwrap() && !other.claim(run.id).await.unwrap());
    proxy.close();
    // The server takes a moment to find out.
    while !other.claim(run.id).await.unwrap() {}
    proxy.reopen();
    let finished = trial(key("a", 0), passed());
    let error = store.finish(run.id, &finished).await.unwrap_err();
    assert!(matches!(error, StoreError::ClaimLost { .. }) && !error.may_pass(), "{error}");
    assert_eq!(store.trial(run.id, &key("a", 0)).await.unwrap(), None);
    store.release(run.id).await.unwrap();
    assert_eq!(store.finish(run.id, &finished).await.unwrap(), Stored::Now);
    assert!(!store.claim(run.id).await.unwrap());
}

#[tokio::test]
async fn a_run_that_another_machine_has_claimed_is_under_way() {
    let Some(server) = shared() else { return };
    let (here, elsewhere) = (server.open("machines").await, server.open("machines").await);
    let runner = |trials| Runner::new().trials(trials).resume(Resume::Latest);
    let here = Arc::new(here);
    let run = runner(1)
        .store(Arc::<PostgresStore>::clone(&here))
        .run(suite(|_| ()))
        .await
        .unwrap()
        .run
        .unwrap();
    assert!(elsewhere.claim(run).await.unwrap(), "a run that has ended is held by nobody");
    let error =
        runner(2).store(Arc::<PostgresStore>::clone(&here)).run(suite(|_| ())).await.unwrap_err();
    assert!(matches!(error, RunError::UnderWay { run: other, .. } if other == run), "{error}");
    elsewhere.release(run).await.unwrap();
    let again = runner(2).store(here).run(suite(|_| ())).await.unwrap();
    assert_eq!((again.run, again.tally().passed), (Some(run), 2));
}
