//! The thread that writes: what waits at the same time shares a commit.

use std::{
    iter,
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::{
    batch,
    command::{Command, Reply},
    connection::Connection,
};
use crate::store::error::StoreError;

/// So many commands wait at most; who has another waits until there is room.
const WAITING: usize = 1_024;

/// So many commands share a commit at most, so that none waits long for the others.
const SHARED: usize = 1_024;

/// Where commands come close together, a commit waits so long for more of them: one of a hundred trials costs little
/// more than one of ten.
const GATHERING: Duration = Duration::from_millis(3);

/// So many commands do not wait for more.
const ENOUGH: usize = 256;

/// The thread that writes.
#[derive(Debug)]
pub(super) struct Writer {
    place: String,
    commands: Option<mpsc::Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

/// A command, and who waits for its reply.
struct Waiting {
    command: Command,
    done: oneshot::Sender<Done>,
}

/// What came of a command. It goes back to be freed by who made it: the memory of another thread is costly to free.
type Done = (Result<Reply, StoreError>, Command);

impl Writer {
    /// Starts the thread with a connection that it opens itself.
    pub(super) async fn start<C: Connection>(
        place: &str,
        open: impl FnOnce() -> Result<C, StoreError> + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (commands, waiting) = mpsc::channel(WAITING);
        let (opened, result) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("probity-store".to_owned())
            .spawn(move || match open() {
                Ok(connection) => {
                    // Nobody waits any more if the caller was dropped; the channel is closed then, too.
                    drop(opened.send(Ok(())));
                    work(connection, waiting);
                }
                Err(error) => drop(opened.send(Err(error))),
            })
            .map_err(|error| StoreError::CannotOpen {
                place: place.to_owned(),
                reason: format!("no thread can be started: {error}"),
            })?;
        let closed = || StoreError::Closed { place: place.to_owned() };
        result.await.unwrap_or_else(|_| Err(closed()))?;
        Ok(Self { place: place.to_owned(), commands: Some(commands), thread: Some(thread) })
    }

    /// Does a command; resolves once it is committed.
    pub(super) async fn ask(&self, command: Command) -> Result<Reply, StoreError> {
        let closed = || StoreError::Closed { place: self.place.clone() };
        let (done, result) = oneshot::channel();
        let commands = self.commands.as_ref().ok_or_else(closed)?;
        commands.send(Waiting { command, done }).await.map_err(|_| closed())?;
        let (reply, _) = result.await.map_err(|_| closed())?;
        reply
    }
}

impl Drop for Writer {
    /// Waits until what was asked is committed and the store is closed.
    fn drop(&mut self) {
        drop(self.commands.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn work<C: Connection>(mut connection: C, mut waiting: mpsc::Receiver<Waiting>) {
    let mut taken = Vec::new();
    let mut come_together = false;
    while waiting.blocking_recv_many(&mut taken, SHARED) > 0 {
        let begins_with_trial =
            taken.first().is_some_and(|first| matches!(first.command, Command::Finish(_)));
        if come_together && begins_with_trial && taken.len() < ENOUGH {
            thread::sleep(GATHERING);
            let room = SHARED - taken.len();
            taken.extend(iter::from_fn(|| waiting.try_recv().ok()).take(room));
        }
        come_together = taken.len() > 1;
        let (commands, waiters): (Vec<_>, Vec<_>) =
            taken.drain(..).map(|Waiting { command, done }| (command, done)).unzip();
        for command in &commands {
            // Not in the transaction, which cannot begin where a claim was lost.
            if let Command::Release { run } = command {
                connection.release(*run);
            }
        }
        let result = connection.transact(|connection| batch::apply(connection, &commands));
        let replies = match result {
            Ok(replies) => replies.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error); commands.len()],
        };
        for ((done, reply), command) in waiters.into_iter().zip(replies).zip(commands) {
            // Who is not there any more need not be told.
            drop(done.send((reply, command)));
        }
    }
}
