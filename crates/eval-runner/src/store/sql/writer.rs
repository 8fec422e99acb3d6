//! The thread that writes: what waits at the same time shares a commit.

use std::thread::{self, JoinHandle};

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
    reply: oneshot::Sender<Result<Reply, StoreError>>,
}

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
        let (reply, result) = oneshot::channel();
        let commands = self.commands.as_ref().ok_or_else(closed)?;
        commands.send(Waiting { command, reply }).await.map_err(|_| closed())?;
        result.await.map_err(|_| closed())?
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
    let (mut commands, mut replies) = (Vec::new(), Vec::new());
    while let Some(first) = waiting.blocking_recv() {
        let mut next = Some(first);
        while let Some(Waiting { command, reply }) = next {
            commands.push(command);
            replies.push(reply);
            next = (commands.len() < SHARED).then(|| waiting.try_recv().ok()).flatten();
        }
        let result = connection.transact(|connection| batch::apply(connection, &commands));
        commands.clear();
        match result {
            // Who is not there any more need not be told.
            Ok(results) => replies.drain(..).zip(results).for_each(|(reply, result)| {
                drop(reply.send(Ok(result)));
            }),
            Err(error) => {
                replies.drain(..).for_each(|reply| drop(reply.send(Err(error.clone()))));
            }
        }
    }
}
