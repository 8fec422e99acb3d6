//! The document: its head, the sections that are seen at once, and its end.

use std::io;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::{
    curve::Curve,
    forest, gate,
    index::Index,
    page::Page,
    reasons::Reasons,
    summary::Mark,
    words::{MetricWords, Words},
};
use crate::{
    date,
    report::{Comparison, ComparisonSettings},
    stats::count_of,
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Opens the document; HTML lets its end, and both ends of its body, be left out.
const OPEN: &str = r#"<html lang="en">"#;

/// Writes everything before the trials: what is seen first, the index and the script.
pub(super) fn head(page: &Page, index: &Index) -> io::Result<Markup> {
    let name = page.redaction.scrub(&page.report.name);
    let words = Words::of(&page.report);
    let index_json = serde_json::to_string(index)?.replace('<', "\\u003c");
    Ok(html! {
        (DOCTYPE)
        // The document stays open: the trials follow.
        (PreEscaped(OPEN))
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(policy());
                title { (name) " – reliability" }
                style { (PreEscaped(STYLE)) }
            }
            a.skip href="#cases" { "Skip to the cases" }
            (masthead(page, &name, &words))
            main {
                (reliability(page, &words))
                (gate(page))
                (strip(page, index))
                (comparison(page, &name))
                (reasons(page))
                (cases(page))
            }
            (sheet())
            div #tip role="tooltip" hidden {}
            script #index type="application/json" { (PreEscaped(index_json)) }
            script { (PreEscaped(SCRIPT)) }
            "\n"
    })
}

/// How many trials cannot be opened, and why.
#[derive(Debug, Default)]
pub(super) struct Unopened {
    /// The file had no room for them any more.
    pub(super) beyond_the_file: usize,
    /// They are larger than a trial may be.
    pub(super) too_large: usize,
    /// Nobody gave them.
    pub(super) not_given: usize,
}

/// Writes everything after the trials.
pub(super) fn tail(unopened: &Unopened) -> Markup {
    let lines = [
        (unopened.beyond_the_file, "the file would be larger than its limit"),
        (unopened.too_large, "larger than one trial may be"),
        (unopened.not_given, "not given"),
    ];
    html! {
        footer {
            @for (count, why) in lines.into_iter().filter(|(count, _)| *count > 0) {
                p.warning { "The details of " (count) (if count == 1 { " trial" } else { " trials" }) " are left out: " (why) "." }
            }
            p { "Secrets are masked by their names and shapes. This file loads nothing from elsewhere." }
        }
    }
}

/// Lets the page run its own script and nothing else, and load nothing.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}

fn masthead(page: &Page, name: &str, words: &Words) -> Markup {
    html! {
        header.masthead {
            div {
                h1 dir="auto" { (name) }
                p.facts {
                    @for count in &words.counts { span { (count) } }
                    @if page.cancelled > 0 { span.warning { (page.cancelled) " did not end" } }
                    @if let Some(at) = page.started_at {
                        @let at = date::utc(at);
                        span { time datetime={ (at.replace(' ', "T")) "Z" } { (at) " UTC" } }
                    }
                    @if let Some(seed) = page.seed { span { "seed " (seed) } }
                }
            }
            button #theme type="button" { "Theme: system" }
        }
    }
}

fn reliability(page: &Page, words: &Words) -> Markup {
    let curve = Curve::of(&page.report, page.baseline.as_ref());
    html! {
        section.reliability aria-labelledby="reliability-title" {
            h2.quiet #reliability-title { "Reliability" }
            @for note in &words.before { p.warning { (page.redaction.scrub(note)) } }
            dl.headline {
                @for (place, metric) in page.report.metrics.iter().enumerate() {
                    @let metric = MetricWords::of(metric);
                    div.first[place == 0] {
                        dt { (metric.words) @if let Some(symbol) = metric.symbol { " " span.symbol { (symbol) } } }
                        dd.estimate { (metric.estimate) }
                        dd.range { (metric.range) }
                    }
                }
            }
            div.split {
                @if let Some(curve) = &curve {
                    figure {
                        div.scroll { (curve.draw()) }
                        figcaption {
                            "Bands per k, not for the whole curve."
                            @if page.baseline.is_some() { " Dashed: the baseline." }
                        }
                        details { summary { "The numbers" } div.scroll { (curve.table()) } }
                    }
                }
                div.words {
                    @for line in &words.lines { p { (line) } }
                    @if !words.notes.is_empty() {
                        ul.notes { @for note in &words.notes { li { (note) } } }
                    }
                }
            }
        }
    }
}

fn strip(page: &Page, index: &Index) -> Markup {
    html! {
        section aria-labelledby="strip-heading" {
            div.heading {
                h2 #strip-heading { "Case strip" }
                p.legend aria-hidden="true" {
                    @for mark in [Mark::Passed, Mark::Failed, Mark::NotGraded] {
                        span { span class={ "glyph " (mark.class()) } {} (mark.words()) }
                    }
                }
            }
            @match index.strip() {
                Some(strip) => div.scroll { (strip.draw(|case| index.marks(case))) },
                None if page.trials.len() == 0 => p.note { "No trial is listed." },
                None => p.note { (page.trials.len()) " trials are too many for a strip." },
            }
            p.note { "A column for each case, the most reliable first; a cell for each trial." }
        }
    }
}

fn comparison(page: &Page, name: &str) -> Markup {
    let Some(baseline) = &page.baseline else {
        return html! {};
    };
    let other = page.redaction.scrub(&baseline.name);
    let (first, second) =
        if name == other { ("this run", "the baseline") } else { (name, &*other) };
    let usual = ComparisonSettings::new().names(first, second).at_least_one();
    let compared = match &page.comparison {
        Some(comparison) => Ok(comparison.masked(&page.redaction)),
        None => Comparison::of(&page.report, baseline, &usual),
    };
    let (first, second) =
        compared.as_ref().map_or((first, second), |compared| (&*compared.first, &*compared.second));
    html! {
        section aria-labelledby="comparison-title" {
            h2 #comparison-title dir="auto" { (first) " against " (second) }
            @match &compared {
                Ok(comparison) => (forest::draw(comparison)),
                Err(_) => p.note { "The runs have no task in common." },
            }
        }
    }
}

fn gate(page: &Page) -> Markup {
    html! {
        @if let Some(gate) = &page.gate {
            section aria-labelledby="gate-title" {
                h2 #gate-title { "Gate" }
                (gate::draw(gate, &page.redaction))
            }
        }
    }
}

fn reasons(page: &Page) -> Markup {
    let reasons = Reasons::of(&page.trials, &page.redaction);
    html! {
        @if !reasons.is_empty() {
            section aria-labelledby="reasons-title" {
                h2 #reasons-title { "Why trials did not pass" }
                (reasons.draw())
            }
        }
    }
}

fn cases(page: &Page) -> Markup {
    let cases = count_of(&page.report.tasks);
    html! {
        section #cases aria-labelledby="cases-title" {
            div.heading {
                h2 #cases-title { "Cases" }
                form.filters role="search" {
                    label { span.quiet { "Filter by name or reason" }
                        input #filter type="search" placeholder="Filter by name or reason" autocomplete="off"; }
                    label { span.quiet { "Show cases that" }
                        select #which {
                            option value="all" { "all cases" }
                            option value="always" { "always pass" }
                            option value="sometimes" { "sometimes pass" }
                            option value="never" { "never pass" }
                            option value="failed" { "have a failure" }
                            option value="ungraded" { "have trials not graded" }
                        }
                    }
                }
            }
            p.note #count role="status" aria-live="polite" { (cases) " cases" }
            div.scroll { table #table {
                caption.quiet { "Cases with their trials. A row opens to the list of its trials." }
                thead { tr #columns {} }
            } }
            p { button #more type="button" hidden { "Show more" } }
            noscript { p.warning { "The table of cases and the trials need JavaScript." } }
        }
    }
}

/// The sheet on which a trial opens.
fn sheet() -> Markup {
    html! {
        dialog #sheet aria-labelledby="sheet-title" {
            div.bar {
                h2 #sheet-title tabindex="-1" {}
                div.buttons {
                    button #previous type="button" aria-keyshortcuts="ArrowLeft" { "← Previous" }
                    button #next type="button" aria-keyshortcuts="ArrowRight" { "Next →" }
                    button #close type="button" aria-keyshortcuts="Escape" { "Close" }
                }
            }
            div #trial {}
        }
    }
}
