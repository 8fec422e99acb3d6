//! The comparison as a table whose ranges are drawn on one scale.

use maud::{Markup, html};

use crate::{
    percent::percent,
    report::{Comparison, MetricDifference, row, signed},
};

const WIDTH: f64 = 180.0;
const HEIGHT: f64 = 36.0;

/// Draws a comparison of two runs.
pub(super) fn draw(comparison: &Comparison) -> Markup {
    let scale = Scale::of(&comparison.metrics);
    html! {
        div.scroll { table.forest {
            caption.quiet { "Differences in points, each with its range" }
            thead { tr {
                th scope="col" { span.quiet { "metric" } }
                th.number.agent scope="col" dir="auto" { (comparison.first) }
                th.number.agent scope="col" dir="auto" { (comparison.second) }
                th.number scope="col" { "difference" } th.number scope="col" { "range" }
                th.plot scope="col" aria-hidden="true" { (axis(&scale)) }
                th scope="col" { span.quiet { "conclusion" } }
            } }
            tbody {
                @for metric in &comparison.metrics {
                    tr {
                        th scope="row" { (row::words(metric.k, metric.m)) }
                        td.number { (percent(metric.first)) "%" }
                        td.number { (percent(metric.second)) "%" }
                        td.number.strong { (signed(metric.difference)) }
                        td.number.muted {
                            @if let Some(range) = metric.new_tasks { (signed(range.lo)) " to " (signed(range.hi)) }
                            @else { "–" }
                        }
                        td.plot aria-hidden="true" { (interval(metric, &scale)) }
                        td.verdict.open[!metric.is_separated()] {
                            (comparison.verdict(metric))
                            @let chances = comparison.chances(metric);
                            @if !chances.is_empty() { div.note { (chances.trim()) } }
                        }
                    }
                }
            }
        } }
        @for line in comparison.lines() { p.note { (line) } }
    }
}

/// Where differences are drawn, so that 0 is always seen.
struct Scale {
    reach: f64,
}

impl Scale {
    fn of(metrics: &[MetricDifference]) -> Self {
        let ends = metrics.iter().flat_map(|metric| {
            let ends =
                metric.new_tasks.map_or([metric.difference; 2], |range| [range.lo, range.hi]);
            ends.map(f64::abs)
        });
        let widest = ends.fold(0.01, f64::max);
        // A round number of points, from 2 to 100.
        let round = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0];
        Self { reach: round.into_iter().find(|reach| widest <= *reach).unwrap_or(1.0) }
    }

    fn x(&self, difference: f64) -> f64 {
        let place = f64::midpoint(1.0, difference / self.reach).clamp(0.0, 1.0);
        ((10.0 + place * (WIDTH - 20.0)) * 10.0).round() / 10.0
    }
}

fn axis(scale: &Scale) -> Markup {
    html! {
        svg viewBox={ "0 0 " (WIDTH) " 16" } width=(WIDTH) height="16" {
            text.tick x=(scale.x(-scale.reach)) y="12" { (signed(-scale.reach).trim_end_matches(".0")) }
            text.tick x=(scale.x(0.0)) y="12" text-anchor="middle" { "0" }
            text.tick x=(scale.x(scale.reach)) y="12" text-anchor="end" {
                (signed(scale.reach).trim_end_matches(".0"))
            }
        }
    }
}

fn interval(metric: &MetricDifference, scale: &Scale) -> Markup {
    let (middle, zero) = (HEIGHT / 2.0, scale.x(0.0));
    html! {
        svg.open[!metric.is_separated()] viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) {
            line.zero x1=(zero) x2=(zero) y1="0" y2=(HEIGHT) {}
            @if let Some(range) = metric.new_tasks {
                @let (lo, hi) = (scale.x(range.lo), scale.x(range.hi));
                line.range x1=(lo) x2=(hi) y1=(middle) y2=(middle) {}
                @for end in [lo, hi] {
                    line.range x1=(end) x2=(end) y1=(middle - 5.0) y2=(middle + 5.0) {}
                }
            }
            circle.point cx=(scale.x(metric.difference)) cy=(middle) r="5" {}
        }
    }
}
