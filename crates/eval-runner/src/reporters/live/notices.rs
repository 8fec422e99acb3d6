//! Notices that come again and again: the first of a kind are shown, of the others some, and all are counted.

use std::time::{Duration, Instant};

use super::words::count;
use crate::{reporters::line::line, runner::Notice};

/// So many notices of a kind are shown as they come.
const FIRST: u32 = 3;
/// After them one of a kind is shown in this time.
const THEN: Duration = Duration::from_secs(10);

/// Decides which notices are shown.
#[derive(Debug, Default)]
pub(super) struct Notices {
    retries: Kind,
    blocked: Kind,
}

#[derive(Debug, Default)]
struct Kind {
    shown: u32,
    last: Option<Instant>,
    /// Those that were not shown since the last that was.
    hidden: u64,
}

impl Notices {
    /// Returns the line for a notice; `None` where there are too many of its kind.
    pub(super) fn admit(&mut self, notice: &Notice, now: Instant) -> Option<String> {
        let hidden = match notice {
            Notice::Retry { .. } => self.retries.admit(now)?,
            Notice::Blocked { .. } => self.blocked.admit(now)?,
            // There are few of the others.
            _ => 0,
        };
        let said = line(&notice.to_string());
        Some(match hidden {
            0 => said,
            hidden => format!("{said} ({} like it not shown)", count(hidden, "other")),
        })
    }

    /// Returns the lines for what was not shown at all.
    pub(super) fn rest(&mut self) -> Vec<String> {
        let kinds = [
            (std::mem::take(&mut self.retries).hidden, "attempt", "failed and tried again"),
            (std::mem::take(&mut self.blocked).hidden, "trial", "that held a thread"),
        ];
        let rest = kinds.into_iter().filter(|(hidden, ..)| *hidden > 0);
        rest.map(|(hidden, thing, what)| format!("{} {what} not shown", count(hidden, thing)))
            .collect()
    }
}

impl Kind {
    /// Returns how many were not shown before this one; `None` where this one is not shown either.
    fn admit(&mut self, now: Instant) -> Option<u64> {
        let is_due = self.last.is_none_or(|last| now.duration_since(last) >= THEN);
        if self.shown >= FIRST && !is_due {
            self.hidden += 1;
            return None;
        }
        (self.shown, self.last) = (self.shown.saturating_add(1), Some(now));
        Some(std::mem::take(&mut self.hidden))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trials::Trial;

    fn retry(reason: &str) -> Notice {
        let (trial, wait) = (Trial::new("refund".into(), 3, 0), Duration::from_secs(2));
        Notice::Retry { trial, attempts: 1, wait, reason: reason.to_owned() }
    }

    #[test]
    fn a_storm_of_retries_shows_some_of_them_and_counts_the_others() {
        let (mut notices, start) = (Notices::default(), Instant::now());
        let mut shown: Vec<String> = Vec::new();
        for i in 0..2_500 {
            let now = start + Duration::from_millis(10 * i);
            shown.extend(notices.admit(&retry("429"), now));
        }
        assert_eq!(shown.len(), 5, "{shown:?}");
        assert_eq!(shown[0], "refund trial 3: attempt 1 failed (429); trying again in 2.0s");
        assert!(shown[3].ends_with(" (999 others like it not shown)"), "{}", shown[3]);
        assert_eq!(notices.rest(), ["497 attempts failed and tried again not shown"]);
        assert!(notices.rest().is_empty());
    }

    #[test]
    fn what_happens_once_is_always_shown_and_secrets_never() {
        let (mut notices, now) = (Notices::default(), Instant::now());
        for _ in 0..9 {
            assert!(notices.admit(&Notice::Suspects { trials: 2 }, now).is_some());
        }
        let shown = notices.admit(&retry("no Bearer abcdefgh1jklmnop\u{1b}[2J"), now).unwrap();
        assert!(shown.contains("[redacted]") && !shown.contains('\u{1b}'), "{shown}");
    }
}
