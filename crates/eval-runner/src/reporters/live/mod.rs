//! Live progress: how far a run has come, at what pace and price, and how long the rest will take.
//!
//! ```no_run
//! # use probity_eval_runner::{reporters::live::Live, runner::Runner};
//! let live = Live::stderr();
//! let runner = Runner::new().trials(20).watch(live.clone());
//! // The run goes here; then:
//! live.finish();
//! ```

mod notices;
mod pace;
mod screen;
mod words;

use std::{
    env, fmt,
    io::Write,
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use self::{
    notices::Notices,
    pace::Pace,
    screen::{Screen, View},
};
use super::line::line;
use crate::{
    runner::{Finished, Notice, Progress, Start, Watch},
    store::StoredTrial,
};

/// Shows how far a run has come, while it goes on.
///
/// On a terminal it is a bar with numbers; elsewhere plain lines, at most one in five seconds, and fewer the longer the
/// run takes. A thread of its own draws, so that the end of a trial costs no more than noting it. Color is used on a
/// terminal alone, and not where `NO_COLOR` is set. Texts of others are shown without secrets and control
/// characters.
///
/// Clones show the same. The last that is dropped ends the display, as [`finish`](Self::finish) does.
#[derive(Debug, Clone)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the trials' threads tell the one that draws.
struct Shared {
    state: Mutex<State>,
    news: Condvar,
    screen: Mutex<Screen>,
}

#[derive(Debug, Default)]
struct State {
    progress: Progress,
    /// What is to be said, line by line.
    said: Vec<String>,
    notices: Notices,
    ended: bool,
}

impl Live {
    /// Shows progress on standard error: a bar where that is a terminal, else lines.
    #[must_use]
    pub fn stderr() -> Self {
        let colored = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self::stderr_in_color(colored)
    }

    /// Shows progress on standard error, with colors or without where it is a bar.
    #[must_use]
    pub fn stderr_in_color(colored: bool) -> Self {
        Self::on(Screen::stderr(colored))
    }

    /// Writes progress in plain lines. What cannot be written is lost, and does not end the run.
    #[must_use]
    pub fn lines(out: impl Write + Send + 'static) -> Self {
        Self::on(Screen::lines(out))
    }

    fn on(screen: Screen) -> Self {
        let (state, screen) = (Mutex::default(), Mutex::new(screen));
        let shared = Arc::new(Shared { state, news: Condvar::new(), screen });
        Self(Arc::new(Inner { shared, thread: Mutex::default() }))
    }

    /// Says something on a line that stays: above the bar, where there is one.
    pub fn say(&self, text: &str) {
        let is_running = lock(&self.0.thread).is_some();
        if is_running {
            self.0.shared.tell(|state| state.said.push(line(text)));
        } else {
            lock(&self.0.shared.screen).say(&line(text));
        }
    }

    /// Takes the bar away, and says how far the run has come. Where nothing is shown it does nothing.
    pub fn finish(&self) {
        self.0.finish();
    }

    #[expect(clippy::large_types_passed_by_value, reason = "it is kept")]
    fn progressed(&self, progress: Progress) {
        // The thread that draws looks by itself.
        lock(&self.0.shared.state).progress = progress;
    }
}

impl Watch for Live {
    fn run_began(&self, start: &Start) {
        self.finish();
        let view = Drawer::new(start, Arc::clone(&self.0.shared));
        if !start.anew.is_empty() {
            let differs = start.anew.join(", ");
            let said = format!("a new run is begun, since the latest is another: {differs}");
            self.0.shared.tell(|state| state.said.push(said));
        }
        let name = "probity-progress".to_owned();
        // Without a thread the run goes on, and shows nothing.
        let thread = thread::Builder::new().name(name).spawn(move || view.draw());
        *lock(&self.0.thread) = thread.ok();
    }

    fn trial_ended(&self, _: &Finished, progress: Progress) {
        self.progressed(progress);
    }

    fn trial_rescored(&self, _: &StoredTrial, progress: Progress) {
        self.progressed(progress);
    }

    fn noticed(&self, notice: &Notice) {
        self.0.shared.tell(|state| {
            let shown = state.notices.admit(notice, Instant::now());
            state.said.extend(shown);
        });
    }
}

impl Inner {
    fn finish(&self) {
        let Some(thread) = lock(&self.thread).take() else {
            return;
        };
        self.shared.tell(|state| state.ended = true);
        // A display that broke has nothing to say.
        drop(thread.join());
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Shared {
    fn tell(&self, news: impl FnOnce(&mut State)) {
        news(&mut lock(&self.state));
        self.news.notify_one();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// The thread that draws.
struct Drawer {
    shared: Arc<Shared>,
    name: String,
    began: Instant,
    pace: Pace,
}

impl Drawer {
    /// Begins to show a run.
    fn new(start: &Start, shared: Arc<Shared>) -> Self {
        let began = Instant::now();
        let name: String = line(&start.suite).chars().take(40).collect();
        {
            let mut state = lock(&shared.state);
            *state = State::default();
            state.progress.planned = start.planned;
            state.progress.tally = start.before;
        }
        lock(&shared.screen).say(&format!("{name}: {}", words::beginning(start).join(", ")));
        Self { pace: Pace::new(began, start.before.trials()), shared, name, began }
    }

    /// Draws until the run has ended.
    fn draw(mut self) {
        let mut shown = Instant::now();
        loop {
            let pause = lock(&self.shared.screen).pause(self.began.elapsed());
            let (said, progress, ended) = self.wait_for_news(pause.saturating_sub(shown.elapsed()));
            let mut screen = lock(&self.shared.screen);
            for said in said {
                screen.say(&said);
            }
            if ended {
                screen.clear();
                screen.say(&self.ending(&progress));
                return;
            }
            let now = Instant::now();
            let view = view(&self.name, &mut self.pace, &progress, now);
            if now.duration_since(shown) >= pause {
                screen.show(&view);
                shown = now;
            }
        }
    }

    fn wait_for_news(&self, pause: Duration) -> (Vec<String>, Progress, bool) {
        let state = lock(&self.shared.state);
        let no_news = |state: &mut State| !state.ended && state.said.is_empty();
        let waited = self.shared.news.wait_timeout_while(state, pause, no_news);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let mut said = mem::take(&mut state.said);
        if state.ended {
            said.extend(state.notices.rest());
        }
        (said, state.progress, state.ended)
    }

    fn ending(&self, progress: &Progress) -> String {
        let Self { name, began, .. } = self;
        let (ended, planned) = (progress.tally.trials(), progress.planned);
        let trials = words::count(planned, "trial");
        let place = if ended == planned { trials } else { format!("{ended} of {trials}") };
        let mut said = vec![format!("{name}: {place} in {}", words::time(began.elapsed()))];
        said.extend(words::outcomes(progress.tally));
        said.extend(words::efforts(progress));
        said.join(", ")
    }
}

fn view(name: &str, pace: &mut Pace, progress: &Progress, now: Instant) -> View {
    let (ended, planned) = (progress.tally.trials(), progress.planned);
    let mut said = words::outcomes(progress.tally);
    if progress.running > 0 {
        said.push(format!("{} running", progress.running));
    }
    let rate = pace.look(now, ended);
    said.extend(rate.map(words::pace));
    said.extend(words::efforts(progress));
    let left = planned.saturating_sub(ended);
    let time = rate.filter(|_| left > 0).and_then(|rate| pace::time_for(left, rate));
    said.extend(time.map(|time| format!("{} left", words::time(time))));
    View { name: name.to_owned(), ended, planned, words: said }
}

/// What another thread left behind when it panicked is as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::stats::Tally;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Log {
        fn lines(&self) -> Vec<String> {
            String::from_utf8(lock(&self.0).clone()).unwrap().lines().map(str::to_owned).collect()
        }
    }

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            lock(&self.0).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn start(planned: u64, before: Tally) -> Start {
        let suite = "airline".to_owned();
        Start { run: None, suite, cases: 50, planned, before, rescored: 0, anew: Vec::new() }
    }

    fn progress(planned: u64, tally: Tally) -> Progress {
        Progress { tally, planned, ..Progress::default() }
    }

    #[test]
    fn a_million_trials_take_a_few_lines() {
        let log = Log::default();
        let live = Live::lines(log.clone());
        live.run_began(&start(1_000_000, Tally::default()));
        for passed in 1..=1_000_000 {
            live.progressed(progress(1_000_000, Tally::new(passed, 0, 0)));
        }
        live.finish();
        let lines = log.lines();
        assert!(lines.len() < 20, "{}", lines.len());
        assert_eq!(lines[0], "airline: 1000000 trials of 50 cases");
        let last = lines.last().unwrap();
        assert!(last.starts_with("airline: 1000000 trials in "), "{last}");
        assert!(last.ends_with(", 1000000 passed, 0 failed"), "{last}");
    }

    #[test]
    fn a_run_that_goes_on_says_what_was_there_and_a_cut_one_where_it_stopped() {
        let log = Log::default();
        let live = Live::lines(log.clone());
        live.run_began(&start(100, Tally::new(30, 9, 1)));
        live.progressed(progress(100, Tally::new(31, 9, 1)));
        live.say("stopping\nsoon");
        live.noticed(&Notice::Stopping { reason: "the budget is spent".to_owned() });
        live.finish();
        live.finish();
        live.say("and after");
        let lines = log.lines();
        assert_eq!(lines[0], "airline: 100 trials of 50 cases, 40 finished before");
        assert_eq!(lines[1], "stopping soon");
        assert_eq!(lines[2], "no trial is begun any more: the budget is spent");
        assert!(lines[3].starts_with("airline: 41 of 100 trials in "), "{}", lines[3]);
        assert!(lines[3].ends_with(", 31 passed, 9 failed, 1 not graded"), "{}", lines[3]);
        assert_eq!(lines[4..], ["and after"]);
    }

    #[test]
    fn the_last_clone_that_is_dropped_ends_the_display() {
        let log = Log::default();
        let live = Live::lines(log.clone());
        let other = live.clone();
        live.run_began(&start(1, Tally::default()));
        drop(live);
        assert_eq!(log.lines().len(), 1);
        drop(other);
        assert_eq!(log.lines().len(), 2);
    }

    #[test]
    fn a_view_has_pace_spending_and_the_time_left() {
        let began = Instant::now();
        let mut pace = Pace::new(began, 0);
        let mut progress = progress(1_000, Tally::new(301, 98, 1));
        progress.spent.cost_usd = Some(1.25);
        progress.spent.usage.input_tokens = Some(1_000);
        (progress.running, progress.retries) = (64, 5);
        let view = view("airline", &mut pace, &progress, began + Duration::from_secs(10));
        assert_eq!((view.ended, view.planned), (400, 1_000));
        let words = view.words.join(", ");
        let want = "301 passed, 98 failed, 1 not graded, 64 running, 40.0/s, 1000 tokens, $1.25, 5 retries, 15 s left";
        assert_eq!(words, want);
    }
}
