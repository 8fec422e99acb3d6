//! Why trials did not pass, the most frequent reasons first.

use std::collections::HashMap;

use maud::{Markup, html};
use probity_trace::Redaction;

use super::{index::short, listed::Listed, summary::Mark};

/// The most reasons that are listed.
const MOST: usize = 8;

/// Why trials did not pass, with how many they are.
#[derive(Debug)]
pub(super) struct Reasons {
    listed: Vec<(Mark, String, usize)>,
    /// How many reasons are not listed, and how many trials they are of.
    rest: (usize, usize),
}

impl Reasons {
    /// Counts the reasons.
    pub(super) fn of(trials: &Listed, redaction: &Redaction) -> Self {
        let mut counts: HashMap<(Mark, &str), usize> = HashMap::new();
        for trial in trials.trials().filter(|trial| trial.mark != Mark::Passed) {
            *counts.entry((trial.mark, trials.reason(trial).unwrap_or(""))).or_default() += 1;
        }
        // Texts that differ in what is masked or not shown are one reason.
        let mut shown: HashMap<(Mark, String), usize> = HashMap::new();
        for ((mark, reason), count) in counts {
            *shown.entry((mark, short(&redaction.scrub(reason)))).or_default() += count;
        }
        let mut listed: Vec<_> =
            shown.into_iter().map(|((mark, reason), count)| (mark, reason, count)).collect();
        listed.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
        let rest = listed.split_off(listed.len().min(MOST));
        let rest = (rest.len(), rest.iter().map(|(_, _, count)| count).sum());
        Self { listed, rest }
    }

    /// Returns whether every trial passed.
    pub(super) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Lists them; each filters the table of cases.
    pub(super) fn draw(&self) -> Markup {
        html! {
            ul.reasons {
                @for (mark, reason, count) in &self.listed {
                    li {
                        button.reason type="button" data-filter=(reason) {
                            span.count { (count) }
                            span class={ "glyph " (mark.class()) } aria-hidden="true" {}
                            span.quiet { (mark.words()) }
                            span.text dir="auto" {
                                @if reason.is_empty() { "no reason was given" } @else { (reason) }
                            }
                        }
                    }
                }
            }
            @if self.rest.0 > 0 {
                p.note { (self.rest.1) " trials have " (self.rest.0) " other reasons." }
            }
        }
    }
}
