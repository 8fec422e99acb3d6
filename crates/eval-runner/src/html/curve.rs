//! The reliability curve: pass@k up and pass^k down from one point, with a band for each k.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::words::MetricWords;
use crate::{
    report::{Metric, Report},
    stats::real,
};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 148.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 40.0;
/// The most values of k that are estimated.
const MOST: u64 = 40;

/// The reliability curve of a report.
#[derive(Debug)]
pub(super) struct Curve {
    all: Vec<Metric>,
    any: Vec<Metric>,
    baseline: Option<[Vec<Metric>; 2]>,
    k: u64,
}

impl Curve {
    /// Estimates pass@k and pass^k for every k up to the report's, or for some of them if they are many; `None` where
    /// k is 1.
    pub(super) fn of(report: &Report, baseline: Option<&Report>) -> Option<Self> {
        if report.k < 2 {
            return None;
        }
        let ks = ks(report.k);
        let of = |report: &Report| {
            let estimate = |m_of_k: fn(u64) -> u64| -> Vec<Metric> {
                let within = ks.iter().filter(|k| **k <= report.k);
                within.filter_map(|k| report.metric(*k, m_of_k(*k)).ok()).collect()
            };
            [estimate(|k| k), estimate(|_| 1)]
        };
        let [all, any] = of(report);
        Some(Self { all, any, baseline: baseline.map(of), k: report.k })
    }

    /// Draws the curve.
    pub(super) fn draw(&self) -> Markup {
        html! {
            svg.curve role="img" aria-labelledby="curve-title curve-desc"
                viewBox={ "0 0 " (WIDTH) " " (HEIGHT) }
            {
                title #curve-title { "Reliability over k trials" }
                desc #curve-desc {
                    "From one point at one trial, the chance that at least one of k trials passes goes up, and the "
                    "chance that all k pass goes down. The numbers are in the table below."
                }
                (self.axes())
                path.band.any d=(self.band(&self.any)) {}
                path.band.all d=(self.band(&self.all)) {}
                @if let Some([all, any]) = &self.baseline {
                    path.line.any.before d=(self.line(any)) {}
                    path.line.all.before d=(self.line(all)) {}
                }
                path.line.any d=(self.line(&self.any)) {}
                path.line.all d=(self.line(&self.all)) {}
                (self.dots())
                (self.labels())
            }
        }
    }

    /// The numbers of the curve as a table.
    pub(super) fn table(&self) -> Markup {
        html! {
            table.numbers {
                caption.quiet { "Estimates and ranges for each k" }
                thead { tr {
                    th scope="col" { "k" }
                    th scope="col" { "at least 1 passes" } th scope="col" { "range" }
                    th scope="col" { "all pass" } th scope="col" { "range" }
                } }
                tbody {
                    @for (any, all) in self.any.iter().zip(&self.all) {
                        @let (any_words, all_words) = (MetricWords::of(any), MetricWords::of(all));
                        tr {
                            th scope="row" { (any.k) }
                            td { (any_words.estimate) } td.muted { (any_words.range) }
                            td { (all_words.estimate) } td.muted { (all_words.range) }
                        }
                    }
                }
            }
        }
    }

    fn axes(&self) -> Markup {
        let ticks = ticks(self.k);
        html! {
            @for percent in [0_u64, 25, 50, 75, 100] {
                @let y = y(real(percent) / 100.0);
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) {}
                text.tick x=(LEFT - 8.0) y=(point(y) + 4.0) text-anchor="end" { (percent) "%" }
            }
            @for k in ticks {
                text.tick x=(self.x(k)) y=(HEIGHT - BOTTOM + 18.0) text-anchor="middle" { (k) }
            }
            text.tick x=(point(f64::midpoint(LEFT, WIDTH - RIGHT))) y=(HEIGHT - 4.0) text-anchor="middle" {
                "k trials"
            }
        }
    }

    fn dots(&self) -> Markup {
        let few = self.any.len() <= 16;
        html! {
            @for (metrics, class) in [(&self.any, "any"), (&self.all, "all")] {
                @for metric in metrics {
                    @if few || metric.k == 1 || metric.k == self.k {
                        circle class={ "dot " (class) } cx=(self.x(metric.k)) cy=(y(metric.estimate)) r="3.5" {
                            title { (MetricWords::of(metric).line()) }
                        }
                    }
                }
            }
        }
    }

    /// The ends of both lines, in words, apart from each other.
    fn labels(&self) -> Markup {
        let ends =
            [self.any.last(), self.all.last()].map(|metric| metric.map(|metric| metric.estimate));
        let [Some(any), Some(all)] = ends else {
            return html! {};
        };
        let (mut high, mut low) = (y(any), y(all));
        let close = 34.0 - (low - high);
        if close > 0.0 {
            (high, low) = (high - close / 2.0, low + close / 2.0);
        }
        // Both stay within the plot.
        let shift = (TOP + 6.0 - high).max(0.0) - (low + 16.0 - (HEIGHT - BOTTOM)).max(0.0);
        (high, low) = (high + shift, low + shift);
        html! {
            @for (metric, y, class) in [(self.any.last(), high, "any"), (self.all.last(), low, "all")] {
                @if let Some(words) = metric.map(MetricWords::of) {
                    text class={ "end " (class) } x=(WIDTH - RIGHT + 12.0) y=(point(y)) { (words.words) }
                    text.value x=(WIDTH - RIGHT + 12.0) y=(point(y) + 15.0) { (words.estimate) }
                }
            }
        }
    }

    fn line(&self, metrics: &[Metric]) -> String {
        self.path(metrics.iter().map(|metric| (metric.k, metric.estimate)), "M")
    }

    fn band(&self, metrics: &[Metric]) -> String {
        let up = self.path(metrics.iter().map(|metric| (metric.k, metric.hi)), "M");
        let back = self.path(metrics.iter().rev().map(|metric| (metric.k, metric.lo)), "L");
        format!("{up}{back}Z")
    }

    fn path(&self, points: impl Iterator<Item = (u64, f64)>, first: &str) -> String {
        let mut path = String::new();
        for (k, share) in points {
            let to = if path.is_empty() { first } else { "L" };
            // Writing to a text does not fail.
            let _ = write!(path, "{to}{} {}", self.x(k), y(share));
        }
        path
    }

    fn x(&self, k: u64) -> f64 {
        let place = real(k.saturating_sub(1)) / real(self.k - 1).max(1.0);
        point(LEFT + 8.0 + place * (WIDTH - LEFT - RIGHT - 16.0))
    }
}

impl MetricWords {
    /// All of it in one line.
    fn line(&self) -> String {
        format!("{}: {}, range {}", self.words, self.estimate, self.range)
    }
}

fn y(share: f64) -> f64 {
    point(TOP + (1.0 - share) * (HEIGHT - TOP - BOTTOM))
}

/// Rounds to a tenth of a pixel.
fn point(at: f64) -> f64 {
    (at * 10.0).round() / 10.0
}

/// Up to 40 values of k, 1 and the largest among them.
fn ks(largest: u64) -> Vec<u64> {
    let count = largest.min(MOST);
    let mut ks: Vec<u64> = (0..count).map(|i| 1 + u128_share(largest - 1, i, count - 1)).collect();
    ks.dedup();
    ks
}

/// `whole * part / parts` without overflow; 0 for no parts.
fn u128_share(whole: u64, part: u64, parts: u64) -> u64 {
    let share = u128::from(whole) * u128::from(part) / u128::from(parts.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// The values of k that are written below the curve: all of them, or about eight.
fn ticks(largest: u64) -> Vec<u64> {
    if largest <= 12 {
        return (1..=largest).collect();
    }
    let step = [1, 2, 5].iter().flat_map(|unit| (0..19).map(move |power| unit * 10_u64.pow(power)));
    let step = step.filter(|step| largest / step <= 9).min().unwrap_or(largest);
    std::iter::once(1).chain((1..=largest / step).map(|i| i * step)).filter(|k| *k > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::{ks, ticks};

    #[test]
    fn every_k_is_estimated_where_they_are_few_and_the_ends_always() {
        assert_eq!(ks(4), [1, 2, 3, 4]);
        let many = ks(10_000);
        assert_eq!((many.len(), many.first(), many.last()), (40, Some(&1), Some(&10_000)));
    }

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(ticks(3), [1, 2, 3]);
        assert_eq!(ticks(40), [1, 5, 10, 15, 20, 25, 30, 35, 40]);
        assert_eq!(ticks(100), [1, 20, 40, 60, 80, 100]);
    }
}
