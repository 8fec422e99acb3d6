//! What the gate said, as a table of its rules.

use maud::{Markup, html};
use probity_trace::Redaction;

use crate::gate::{GateReport, GateVerdict, RuleReport};

/// Draws what a gate said.
pub(super) fn draw(gate: &GateReport, redaction: &Redaction) -> Markup {
    let said = gate.to_string();
    let verdict = said.lines().next().unwrap_or_default();
    let is_met = gate.verdict() == GateVerdict::Met;
    html! {
        p.warning[!is_met] { (redaction.scrub(verdict)) }
        div.scroll { table.gate {
            caption.quiet { "The rules of the gate" }
            thead { tr {
                th scope="col" { "verdict" } th scope="col" { "rule" } th scope="col" { "what was found" }
            } }
            tbody { @for rule in &gate.rules { (row(rule, redaction)) } }
        } }
    }
}

fn row(rule: &RuleReport, redaction: &Redaction) -> Markup {
    let said = rule.said().to_string();
    let said = redaction.scrub(&said);
    let mut lines = said.lines().map(str::trim);
    html! {
        tr {
            td.verdict.open[rule.verdict() == GateVerdict::Met] { (rule.word()) }
            th scope="row" { code { (rule.rule) } }
            td dir="auto" {
                (lines.next().unwrap_or_default())
                @for line in lines { div.note { (line) } }
            }
        }
    }
}
