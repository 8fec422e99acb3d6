//! The thread that reads, so that reading holds up neither the callers' threads nor the one that writes.

use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use super::connection::Connection;
use crate::store::error::StoreError;

/// So many readings wait at most; who has another waits until there is room.
const WAITING: usize = 64;

type Reading<C> = Box<dyn FnOnce(&mut C) + Send>;

/// The thread that reads.
#[derive(Debug)]
pub(super) struct Reader<C> {
    place: String,
    readings: Option<mpsc::Sender<Reading<C>>>,
    thread: Option<JoinHandle<()>>,
}

impl<C: Connection> Reader<C> {
    /// Starts the thread with a connection that it opens itself.
    pub(super) async fn start(
        place: &str,
        open: impl FnOnce() -> Result<C, StoreError> + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (readings, mut waiting) = mpsc::channel::<Reading<C>>(WAITING);
        let (opened, result) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("probity-store-reader".to_owned())
            .spawn(move || match open() {
                Ok(mut connection) => {
                    // Nobody waits any more if the caller was dropped; the channel is closed then, too.
                    drop(opened.send(Ok(())));
                    while let Some(reading) = waiting.blocking_recv() {
                        reading(&mut connection);
                    }
                }
                Err(error) => drop(opened.send(Err(error))),
            })
            .map_err(|error| StoreError::CannotOpen {
                place: place.to_owned(),
                reason: format!("no thread can be started: {error}"),
            })?;
        let closed = || StoreError::Closed { place: place.to_owned() };
        result.await.unwrap_or_else(|_| Err(closed()))?;
        Ok(Self { place: place.to_owned(), readings: Some(readings), thread: Some(thread) })
    }

    /// Reads something.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        reading: impl FnOnce(&mut C) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let closed = || StoreError::Closed { place: self.place.clone() };
        let (reply, result) = oneshot::channel();
        let reading: Reading<C> = Box::new(move |connection| drop(reply.send(reading(connection))));
        let readings = self.readings.as_ref().ok_or_else(closed)?;
        readings.send(reading).await.map_err(|_| closed())?;
        result.await.map_err(|_| closed())?
    }
}

impl<C> Drop for Reader<C> {
    fn drop(&mut self) {
        drop(self.readings.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
