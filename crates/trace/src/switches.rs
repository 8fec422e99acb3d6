//! Switches that turn observing off, for the whole process.

use std::{
    env,
    sync::atomic::{AtomicU8, Ordering},
};

const READ: u8 = 1;
const MONITORING: u8 = 1 << 1;
const EVALUATIONS: u8 = 1 << 2;
const CONTENT: u8 = 1 << 3;

/// The switches as bits; 0 until they are first asked for or set.
static SWITCHES: AtomicU8 = AtomicU8::new(0);

/// Says what observed functions do in this process.
///
/// Until [`install`](Self::install) is called, the environment decides, which is read when the first
/// observed function runs:
///
/// | variable | off with | then |
/// |---|---|---|
/// | `PROBITY_MONITORING` | `false`, `0`, `off`, `no` | observed functions open no spans and record nothing; functions such as [`set_output`](crate::set_output) do nothing |
/// | `PROBITY_EVALUATIONS` | the same | [`Switches::evaluations`] says so; programs that judge traces while they run ask it |
/// | `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` | the same, `no_content`, `event_only` | spans are opened, and errors recorded with what they say, without what functions were given and returned |
/// | `TRACELOOP_TRACE_CONTENT` | `false`, `0`, `off`, `no` | the same as the one before |
///
/// Upper and lower case are the same. A variable that is not set, or says anything else, turns nothing
/// off. Switched off, an observed call costs the reading of one number.
///
/// # Examples
///
/// ```
/// use probity_trace::Switches;
///
/// let before = Switches::current();
/// Switches::current().with_content(false).install();
/// assert!(Switches::current().monitoring() && !Switches::current().content());
/// # before.install();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "switches do nothing until they are installed"]
pub struct Switches {
    bits: u8,
}

impl Default for Switches {
    /// Everything is on.
    fn default() -> Self {
        Self { bits: READ | MONITORING | EVALUATIONS | CONTENT }
    }
}

impl Switches {
    /// Reads the environment.
    pub fn from_env() -> Self {
        Self::of(|name| env::var(name).ok())
    }

    /// Reads variables as `variable` gives them.
    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let says = |name: &str, words: &[&str]| {
            let said = variable(name).map(|value| value.trim().to_ascii_lowercase());
            said.is_some_and(|said| words.contains(&said.as_str()))
        };
        let off = ["false", "0", "off", "no"];
        let no_content = ["false", "0", "off", "no", "no_content", "event_only"];
        Self::default()
            .with_monitoring(!says("PROBITY_MONITORING", &off))
            .with_evaluations(!says("PROBITY_EVALUATIONS", &off))
            .with_content(
                !says("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", &no_content)
                    && !says("TRACELOOP_TRACE_CONTENT", &off),
            )
    }

    /// Returns the switches that hold now.
    #[inline]
    pub fn current() -> Self {
        Self { bits: bits() }
    }

    /// Turns spans of observed functions on or off.
    pub fn with_monitoring(self, on: bool) -> Self {
        self.with(MONITORING, on)
    }

    /// Turns the judging of traces while a program runs on or off.
    pub fn with_evaluations(self, on: bool) -> Self {
        self.with(EVALUATIONS, on)
    }

    /// Turns the recording of what functions were given and returned on or off.
    pub fn with_content(self, on: bool) -> Self {
        self.with(CONTENT, on)
    }

    /// Makes these the switches of the process, instead of what the environment says. Calls that have
    /// begun go on as they began.
    pub fn install(self) {
        SWITCHES.store(self.bits, Ordering::Relaxed);
    }

    /// Returns whether observed functions open spans.
    #[must_use]
    #[inline]
    pub fn monitoring(self) -> bool {
        self.bits & MONITORING != 0
    }

    /// Returns whether programs that judge traces while they run should do so.
    #[must_use]
    pub fn evaluations(self) -> bool {
        self.bits & EVALUATIONS != 0
    }

    /// Returns whether what functions were given and returned is recorded.
    #[must_use]
    #[inline]
    pub fn content(self) -> bool {
        self.bits & CONTENT != 0
    }

    fn with(mut self, bit: u8, on: bool) -> Self {
        self.bits = if on { self.bits | bit } else { self.bits & !bit };
        self
    }
}

#[inline]
fn bits() -> u8 {
    let bits = SWITCHES.load(Ordering::Relaxed);
    if bits == 0 { read() } else { bits }
}

#[cold]
fn read() -> u8 {
    let read = Switches::from_env().bits;
    // Whoever installed switches meanwhile has the last word.
    match SWITCHES.compare_exchange(0, read, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => read,
        Err(installed) => installed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], monitoring: bool, evaluations: bool, content: bool) {
        let switches = Switches::of(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        let read = (switches.monitoring(), switches.evaluations(), switches.content());
        assert_eq!(read, (monitoring, evaluations, content), "{variables:?}");
    }

    #[test]
    fn each_variable_turns_off_what_it_names_and_nothing_else() {
        const OTEL: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
        check(&[], true, true, true);
        check(&[("PROBITY_MONITORING", "false")], false, true, true);
        check(&[("PROBITY_MONITORING", " False ")], false, true, true);
        check(&[("PROBITY_MONITORING", "0")], false, true, true);
        check(&[("PROBITY_MONITORING", "true")], true, true, true);
        check(&[("PROBITY_MONITORING", "")], true, true, true);
        check(&[("PROBITY_EVALUATIONS", "off")], true, false, true);
        for (value, content) in [
            ("false", false),
            ("NO_CONTENT", false),
            ("EVENT_ONLY", false),
            ("SPAN_ONLY", true),
            ("SPAN_AND_EVENT", true),
            ("true", true),
        ] {
            check(&[(OTEL, value)], true, true, content);
        }
        check(&[("TRACELOOP_TRACE_CONTENT", "false")], true, true, false);
    }
}
