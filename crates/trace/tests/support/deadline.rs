//! Runs code that must not hang.

use std::{
    panic::resume_unwind,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// Far more than any of the code takes, so that only a deadlock reaches it.
const LIMIT: Duration = Duration::from_mins(2);

/// Runs `work` on a thread of its own, and fails where it does not come to an end.
pub(crate) fn within_deadline<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        let result = work();
        drop(sender.send(result));
    });
    match receiver.recv_timeout(LIMIT) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => panic!("a deadlock: no end after {LIMIT:?}"),
        Err(RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => unreachable!("a worker that returns sends its result"),
        },
    }
}
