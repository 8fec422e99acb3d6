//! What is known of processes that ended while they ran trials.
//!
//! A trial that aborts the process takes all others under way with it. Each process that runs a stored run writes a
//! small file beside the store, and removes it when it ends in order. What a later process finds in it says how the
//! earlier one ended: by its own doing (an abort, such as a panic while panicking, a stack overflow; out of memory) or
//! not (killed from outside, a loss of power), and which trial it ran alone, if it did.

use std::{
    collections::HashMap,
    env,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::store::{RunId, TrialKey};

/// An abort adds this to the file: the byte that a signal's pipe is sent.
const ABORTED: char = 'X';

/// The file of one process.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    hook: Option<signal::Hook>,
}

/// How earlier processes ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Deaths {
    /// How many ended by their own doing while they ran trials together.
    pub(super) own: u32,
    /// How often a process ended that ran a trial alone.
    alone: HashMap<TrialKey, Alone>,
}

/// How often a process ended that ran a trial alone.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Alone {
    own: u32,
    other: u32,
}

impl Deaths {
    /// Returns whether a trial has ended processes: one that ran it alone ended by its own doing, after one that
    /// ran it with others had; or it was alone in three that ended for whatever reason.
    pub(super) fn blame(&self, trial: &TrialKey) -> bool {
        self.alone.get(trial).is_some_and(|alone| alone.own > 0 || alone.other >= 3)
    }

    /// Returns how many trials may run at once where one of them was begun so often and has not finished; `None` where
    /// it may run with as many as run anyway, `concurrency`.
    ///
    /// After a process that ended by its own doing it is 1. Whoever is killed from outside says nothing about its
    /// trials, and some that were counted had not begun; so what was begun three times runs with half as many, and
    /// with half of that each time again.
    pub(super) fn at_once(
        &self,
        trial: &TrialKey,
        begun: u32,
        concurrency: usize,
    ) -> Option<usize> {
        if self.own > 0 || self.alone.contains_key(trial) {
            return Some(1);
        }
        let halved = begun.checked_sub(2).filter(|halved| *halved > 0)?;
        Some(concurrency.checked_shr(halved).unwrap_or_default().max(1))
    }

    /// Returns how often a process ended that ran a trial alone.
    pub(super) fn alone(&self, trial: &TrialKey) -> u32 {
        self.alone.get(trial).map_or(0, |alone| alone.own + alone.other)
    }

    /// Reads the file; a line that cannot be read says nothing.
    fn of(text: &str, oom_kills: Option<u64>) -> Self {
        let mut processes: Vec<Process> = Vec::new();
        for line in text.lines() {
            if let Some(kills) = line.strip_prefix("start") {
                processes.push(Process::start(kills.trim().parse().ok()));
            } else if let Some(process) = processes.last_mut() {
                process.read(line);
            }
        }
        let mut deaths = Self::default();
        let nexts = processes.iter().skip(1).map(|next| next.oom_kills);
        for (process, next) in processes.iter().zip(nexts.chain([oom_kills])) {
            let ran_out_of_memory =
                process.oom_kills.zip(next).is_some_and(|(before, after)| after > before);
            deaths.count(process, process.aborted || ran_out_of_memory);
        }
        deaths
    }

    fn count(&mut self, process: &Process, own: bool) {
        let Some(key) = &process.alone else {
            self.own += u32::from(own);
            return;
        };
        let alone = self.alone.entry(key.clone()).or_default();
        *(if own { &mut alone.own } else { &mut alone.other }) += 1;
    }
}

/// What the file says of one process.
#[derive(Debug)]
struct Process {
    /// How many processes the machine had ended for want of memory when this one started.
    oom_kills: Option<u64>,
    /// The trial that ran alone in the end.
    alone: Option<TrialKey>,
    aborted: bool,
}

impl Process {
    fn start(oom_kills: Option<u64>) -> Self {
        Self { oom_kills, alone: None, aborted: false }
    }

    fn read(&mut self, line: &str) {
        if let Some(key) = line.strip_prefix("alone ") {
            self.alone = serde_json::from_str(key).ok();
        } else if line == "ended" {
            self.alone = None;
        } else {
            self.aborted |= line.starts_with(ABORTED);
        }
    }
}

impl Journal {
    /// Opens the journal of a run, and reads how earlier processes ended; `None` where another process runs it now.
    pub(super) fn open(place: &str, run: RunId) -> io::Result<Option<(Self, Deaths)>> {
        let path = path(place, run);
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let oom_kills = oom_kills();
        let deaths = Deaths::of(&text, oom_kills);
        let kills = oom_kills.map_or(String::new(), |kills| kills.to_string());
        write!(file, "\nstart {kills}\n")?;
        let hook = signal::Hook::on_abort(&file).ok();
        Ok(Some((Self { path, file, hook }, deaths)))
    }

    /// Notes that a trial begins alone.
    pub(super) fn alone(&mut self, trial: &TrialKey) {
        if let Ok(key) = serde_json::to_string(trial) {
            self.note(&format!("alone {key}\n"));
        }
    }

    /// Notes that it ended.
    pub(super) fn ended(&mut self) {
        self.note("ended\n");
    }

    /// Writes in one piece, so that it is there whole or not at all. Without it the run still goes on.
    fn note(&mut self, line: &str) {
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            tracing::debug!(%error, "the journal of the run cannot be written");
        }
    }

    /// Removes the file: the process has come to its end in order.
    pub(super) fn close(self) {
        drop(self.hook);
        // It may be gone already, and says nothing worse if it stays than that a process was killed.
        _ = fs::remove_file(&self.path);
    }
}

/// Beside the file of the store; in the folder for temporary files where the store is none.
fn path(place: &str, run: RunId) -> PathBuf {
    let store = Path::new(place);
    match store.file_name() {
        Some(name) if store.is_file() => {
            let mut name = name.to_owned();
            name.push(format!("-{run}.running"));
            store.with_file_name(name)
        }
        _ => env::temp_dir().join(format!("probity-{run}.running")),
    }
}

/// How many processes this machine has ended for want of memory; `None` where that is not known.
fn oom_kills() -> Option<u64> {
    let counters = fs::read_to_string("/proc/vmstat").ok()?;
    counters.lines().find_map(|line| line.strip_prefix("oom_kill "))?.trim().parse().ok()
}

#[cfg(unix)]
mod signal {
    //! Writes to a file when the process aborts.

    use std::{fs::File, io};

    use signal_hook::{SigId, consts::SIGABRT, low_level};

    /// Writes to a file when the process aborts, until it is dropped.
    #[derive(Debug)]
    pub(super) struct Hook(SigId);

    impl Hook {
        pub(super) fn on_abort(file: &File) -> io::Result<Self> {
            low_level::pipe::register(SIGABRT, file.try_clone()?).map(Self)
        }
    }

    impl Drop for Hook {
        fn drop(&mut self) {
            low_level::unregister(self.0);
        }
    }
}

#[cfg(not(unix))]
mod signal {
    //! Other systems have no signal for it.

    use std::{fs::File, io};

    #[derive(Debug)]
    pub(super) struct Hook;

    impl Hook {
        pub(super) fn on_abort(_: &File) -> io::Result<Self> {
            Ok(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_that_were_killed_from_outside_blame_nobody() {
        let deaths = Deaths::of("\nstart 4\n\nstart 4\n", Some(4));
        assert_eq!(deaths, Deaths::default());
        let key = TrialKey::new("a", 0);
        let at_once: Vec<_> = (1..8).map(|begun| deaths.at_once(&key, begun, 20)).collect();
        assert_eq!(at_once, [None, None, Some(10), Some(5), Some(2), Some(1), Some(1)]);
        assert_eq!(deaths.at_once(&key, u32::MAX, usize::MAX), Some(1));
        assert!(!deaths.blame(&key));
    }

    #[test]
    fn an_abort_makes_suspects_and_a_second_one_alone_is_proof() {
        let key = TrialKey::new("a", 0);
        let once = Deaths::of("\nstart 4\nX", Some(4));
        assert!(once.own == 1 && once.at_once(&key, 1, 20) == Some(1) && !once.blame(&key));
        let twice = Deaths::of(
            "\nstart 4\nX\nstart 4\nalone {\"case\":\"b\",\"index\":1}\nended\nalone {\"case\":\"a\",\"index\":0}\nX",
            Some(4),
        );
        assert!(twice.blame(&key) && !twice.blame(&TrialKey::new("b", 1)));
    }

    #[test]
    fn a_process_that_ran_out_of_memory_ended_by_its_own_doing() {
        assert_eq!(Deaths::of("\nstart 4\n", Some(5)).own, 1);
        assert_eq!(Deaths::of("\nstart 4\n\nstart 5\n", Some(5)).own, 1);
        assert_eq!(Deaths::of("\nstart \n", Some(5)).own, 0);
    }

    #[test]
    fn a_trial_that_was_killed_from_outside_while_alone_is_blamed_the_third_time() {
        let killed = "\nstart 4\nalone {\"case\":\"a\",\"index\":0}\n";
        let key = TrialKey::new("a", 0);
        assert!(!Deaths::of(&killed.repeat(2), Some(4)).blame(&key));
        let thrice = Deaths::of(&killed.repeat(3), Some(4));
        assert!(thrice.blame(&key));
        assert_eq!(thrice.alone(&key), 3);
    }

    #[test]
    fn a_case_that_is_named_like_a_line_of_the_file_confuses_nobody() {
        let key = TrialKey::new("start\nstart 9\nX", 0);
        let line = format!("\nstart 4\nalone {}\nX", serde_json::to_string(&key).unwrap());
        assert!(Deaths::of(&line, Some(4)).blame(&key));
    }
}
