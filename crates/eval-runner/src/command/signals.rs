//! Signals that end a run: the first lets trials under way finish, the second drops them, the third ends the process.

use std::{future::pending, io, thread, time::Duration};

use tokio::runtime;
use tokio_util::sync::CancellationToken;

use crate::{gate::exit, runner::Runner};

/// How long trials may go on after a SIGTERM: whoever sends it soon sends one that cannot be caught.
const PATIENCE: Duration = Duration::from_secs(10);

/// The tokens by which signals end a run.
struct Signals {
    drain: CancellationToken,
    cancel: CancellationToken,
}

/// Listens from now on, on a thread of its own: agents may block all threads of the runtime.
///
/// What they do is said by `say`.
pub(super) fn listen(runner: &Runner, say: impl Fn(&str) + Send + 'static) -> io::Result<()> {
    let signals = Signals { drain: runner.drain.clone(), cancel: runner.cancel.clone() };
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let listening = {
        let _entered = runtime.enter();
        Listening::new()?
    };
    let thread = thread::Builder::new().name("probity-signals".to_owned());
    thread.spawn(move || runtime.block_on(signals.obey(listening, say)))?;
    Ok(())
}

impl Signals {
    async fn obey(self, mut listening: Listening, say: impl Fn(&str)) {
        let signal = listening.next().await;
        say(&format!(
            "{signal}: no trial is begun any more, those under way finish; once more drops them"
        ));
        self.drain.cancel();
        let patience = match signal {
            Signal::Interrupt => None,
            Signal::Terminate => Some(PATIENCE),
        };
        let out_of_patience = async move {
            match patience {
                Some(patience) => tokio::time::sleep(patience).await,
                None => pending().await,
            }
        };
        tokio::select! {
            signal = listening.next() => {
                say(&format!("{signal}: trials under way are dropped"));
            }
            () = out_of_patience => {
                say(&format!("trials under way are dropped after {PATIENCE:?}"));
            }
        }
        self.cancel.cancel();
        let signal = listening.next().await;
        say(&format!("{signal}: the process ends; what had finished is kept"));
        std::process::exit(i32::from(exit::INCOMPLETE));
    }
}

/// A signal that is caught.
#[derive(Debug, Clone, Copy)]
enum Signal {
    Interrupt,
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no such signal"))]
    Terminate,
}

impl std::fmt::Display for Signal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "asked to end",
        })
    }
}

/// The signals of this system.
#[cfg(unix)]
struct Listening {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Listening {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            Some(()) = self.interrupt.recv() => Signal::Interrupt,
            Some(()) = self.terminate.recv() => Signal::Terminate,
            else => pending().await,
        }
    }
}

/// The signals of this system.
#[cfg(not(unix))]
struct Listening;

#[cfg(not(unix))]
impl Listening {
    #[expect(clippy::unnecessary_wraps, reason = "as on other systems")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => pending().await,
        }
    }
}
