//! Where a command prints.

use std::{
    fmt,
    io::{self, IsTerminal as _, Write as _},
};

use super::arguments::Color;
use crate::reporters::live::Live;

/// Standard output and standard error. What cannot be printed, since nobody reads any more, is dropped: it is no
/// reason to lose a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Console {
    color: Color,
    colored: bool,
}

impl Console {
    /// Looks at standard output and at `NO_COLOR`, unless told when to use colors.
    pub(super) fn new(color: Color) -> Self {
        let wanted = || std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colored = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => io::stdout().is_terminal() && wanted(),
        };
        Self { color, colored }
    }

    /// Shows progress on standard error, with colors as on standard output where somebody said when.
    pub(super) fn live(self) -> Live {
        match self.color {
            Color::Always => Live::stderr_in_color(true),
            Color::Never => Live::stderr_in_color(false),
            Color::Auto => Live::stderr(),
        }
    }

    /// Prints to standard output, as it is.
    #[expect(clippy::unused_self, reason = "whoever may print has a console")]
    pub(super) fn print(self, text: impl fmt::Display) {
        let mut out = io::stdout().lock();
        _ = write!(out, "{text}").and_then(|()| out.flush());
    }

    /// Prints a line to standard output.
    pub(super) fn line(self, text: impl fmt::Display) {
        self.print(format_args!("{text}\n"));
    }

    /// Prints a line to standard error.
    #[expect(clippy::unused_self, reason = "whoever may print has a console")]
    pub(super) fn note(self, text: impl fmt::Display) {
        _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Returns the text in green, where colors are used.
    pub(super) fn green(self, text: &str) -> String {
        self.in_color(32, text)
    }

    /// Returns the text in red, where colors are used.
    pub(super) fn red(self, text: &str) -> String {
        self.in_color(31, text)
    }

    fn in_color(self, color: u8, text: &str) -> String {
        if self.colored { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
