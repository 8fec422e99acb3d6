//! Runtimes of tokio.

use tokio::runtime::{Builder, Runtime};

/// Makes a runtime with two worker threads.
pub(crate) fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).build().expect("a runtime can be made")
}

/// Makes a runtime that runs its tasks on the thread that waits for them.
pub(crate) fn current_thread() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime can be made")
}
