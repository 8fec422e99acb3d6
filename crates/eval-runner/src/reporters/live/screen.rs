//! Where progress is shown: a bar on a terminal, or plain lines.

use std::{
    env, fmt,
    io::{self, IsTerminal as _, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar is drawn anew this often.
const REDRAW: Duration = Duration::from_millis(100);
/// Plain lines are at least this far apart, and at most.
const LINES_APART: [Duration; 2] = [Duration::from_secs(5), Duration::from_mins(1)];
/// The bar, and the words below it. A terminal that is too narrow cuts both.
const COLORED: &str = "{prefix}  {wide_bar:.cyan/dim}\n  {wide_msg}";
const PLAIN: &str = "{prefix}  [{wide_bar}]\n  {wide_msg}";

/// Where progress is shown.
#[derive(Debug)]
pub(super) enum Screen {
    /// On a terminal.
    Bar(ProgressBar),
    /// In a file, or the log of CI.
    Lines(Lines),
}

/// Progress in plain lines.
pub(super) struct Lines(Box<dyn Write + Send>);

/// What is shown of a run at one time.
#[derive(Debug)]
pub(super) struct View {
    /// The name of the suite.
    pub(super) name: String,
    /// How many trials have ended.
    pub(super) ended: u64,
    /// How many there are.
    pub(super) planned: u64,
    /// What came of them, and at what price.
    pub(super) words: Vec<String>,
}

impl Screen {
    /// Shows progress on standard error: a bar where it is a terminal, else lines.
    pub(super) fn stderr(colored: bool) -> Self {
        if io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb") {
            Self::bar(ProgressDrawTarget::stderr(), colored)
        } else {
            Self::lines(io::stderr())
        }
    }

    /// Shows a bar.
    pub(super) fn bar(target: ProgressDrawTarget, colored: bool) -> Self {
        let style = ProgressStyle::with_template(if colored { COLORED } else { PLAIN });
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let style = style.progress_chars(if colored { "━╸━" } else { "=> " });
        Self::Bar(ProgressBar::with_draw_target(None, target).with_style(style))
    }

    /// Writes lines.
    pub(super) fn lines(out: impl Write + Send + 'static) -> Self {
        Self::Lines(Lines(Box::new(out)))
    }

    /// Returns how long to wait before progress is shown again, so long after the beginning: the longer a run takes,
    /// the fewer lines there are.
    pub(super) fn pause(&self, since: Duration) -> Duration {
        let [least, most] = LINES_APART;
        match self {
            Self::Bar(_) => REDRAW,
            Self::Lines(_) => (since / 20).clamp(least, most),
        }
    }

    /// Shows progress.
    pub(super) fn show(&mut self, view: &View) {
        let View { name, ended, planned, words } = view;
        let words = words.join(", ");
        match self {
            Self::Bar(bar) => {
                // It was taken away at the end of another run.
                if bar.is_finished() {
                    bar.reset();
                }
                // The bar does not move when the number gains a digit.
                let width = planned.to_string().len();
                bar.update(|state| {
                    state.set_pos(*ended);
                    state.set_len(*planned);
                });
                bar.set_prefix(format!("{name}  {ended:>width$} of {planned}"));
                bar.set_message(words);
            }
            Self::Lines(lines) => lines.write(&format!("{name}: {ended} of {planned}, {words}")),
        }
    }

    /// Says something that stays: above the bar, or on a line of its own.
    pub(super) fn say(&mut self, text: &str) {
        match self {
            Self::Bar(bar) => bar.println(text),
            Self::Lines(lines) => lines.write(text),
        }
    }

    /// Takes the bar away.
    pub(super) fn clear(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    /// Whoever no longer reads progress does not end the run.
    fn write(&mut self, text: &str) {
        _ = writeln!(self.0, "{text}").and_then(|()| self.0.flush());
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use indicatif::InMemoryTerm;

    use super::*;

    fn view(ended: u64) -> View {
        let words = ["301 passed", "98 failed", "38.2/s"].map(str::to_owned).to_vec();
        View { name: "airline".to_owned(), ended, planned: 1_000, words }
    }

    #[test]
    fn a_bar_shows_the_place_above_the_words_and_what_is_said_above_both() {
        let term = InMemoryTerm::new(10, 60);
        let target = ProgressDrawTarget::term_like(Box::new(term.clone()));
        let mut screen = Screen::bar(target, false);
        screen.show(&view(500));
        screen.say("refund trial 3: attempt 1 failed");
        let shown = term.contents();
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines[0], "refund trial 3: attempt 1 failed");
        assert_eq!(lines[1], "airline   500 of 1000  [=================>                 ]");
        assert_eq!(lines[2], "  301 passed, 98 failed, 38.2/s");
        screen.clear();
        assert_eq!(term.contents(), "refund trial 3: attempt 1 failed");
        screen.say("airline: 1000 trials");
        assert_eq!(term.contents(), "refund trial 3: attempt 1 failed\nairline: 1000 trials");
        screen.show(&view(10));
        assert!(term.contents().contains("airline    10 of 1000  [>"), "{}", term.contents());
    }

    #[test]
    fn a_bar_without_color_has_none() {
        let term = InMemoryTerm::new(10, 60);
        let target = ProgressDrawTarget::term_like(Box::new(term.clone()));
        Screen::bar(target, false).show(&view(500));
        let written = String::from_utf8(term.contents_formatted()).unwrap();
        assert!(!written.contains("\u{1b}[3") && !written.contains("\u{1b}[2m"), "{written:?}");
    }

    #[test]
    fn lines_become_fewer_the_longer_a_run_takes() {
        let screen = Screen::lines(io::sink());
        let pauses = [0, 60, 200, 600, 36_000].map(Duration::from_secs);
        assert_eq!(pauses.map(|since| screen.pause(since).as_secs()), [5, 5, 10, 30, 60]);
    }
}
