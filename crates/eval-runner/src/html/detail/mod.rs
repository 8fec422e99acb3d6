//! What is shown of one trial when it is opened.

mod messages;
mod trace;
mod wire;

use serde::Serialize;

use self::{messages::Talk, trace::TraceData, wire::WireEntry};
use super::{
    limits::HtmlLimits,
    row::TrialRow,
    shown::{Shower, Shown},
};
use crate::{
    date,
    suite::{Judgment, Verdict},
};

/// What is shown of one trial, in the shape that the page's script reads.
#[derive(Debug, Serialize)]
pub(super) struct Detail {
    /// The position among the summaries.
    ordinal: usize,
    outcome: String,
    started: Option<String>,
    /// A text, since a script would round it.
    seed: Option<String>,
    scores: Vec<ScoreData>,
    artifact: Option<Shown>,
    talk: Option<Talk>,
    trace: Option<TraceData>,
    eval_trace: Option<TraceData>,
    wire: Option<Vec<WireEntry>>,
    wire_dropped: u64,
}

/// What one eval said.
#[derive(Debug, Serialize)]
struct ScoreData {
    eval: Shown,
    /// `None` where it could not judge.
    score: Option<f32>,
    passed: Option<bool>,
    /// The report, or why there is none.
    says: Shown,
}

impl Detail {
    /// Writes a trial as JSON; `None` where it is too large even with its texts cut short.
    pub(super) fn json(
        ordinal: usize,
        row: &TrialRow<'_>,
        show: Shower<'_>,
        limits: &HtmlLimits,
    ) -> serde_json::Result<Option<String>> {
        // Texts are cut ever shorter until the trial fits.
        for shorter in [1, 16, 256] {
            let show = Shower { max_bytes: show.max_bytes / shorter, ..show };
            let json = serde_json::to_string(&Self::of(ordinal, row, show, limits))?;
            if json.len() <= limits.trial_bytes {
                return Ok(Some(json));
            }
        }
        Ok(None)
    }

    fn of(ordinal: usize, row: &TrialRow<'_>, show: Shower<'_>, limits: &HtmlLimits) -> Self {
        let trace = |trace| TraceData::of(trace, show, limits.spans);
        let wire = row.raw.as_ref();
        Self {
            ordinal,
            outcome: show.text(&row.outcome.to_string()).text,
            started: row.started_at.map(date::utc),
            seed: row.seed.map(|seed| seed.to_string()),
            scores: row.judgments.iter().map(|judgment| score(judgment, show)).collect(),
            artifact: row.artifact.as_deref().map(|artifact| show.value(artifact)),
            talk: row.trace.as_ref().and_then(|trace| Talk::of(trace, show)),
            trace: row.trace.as_ref().map(trace),
            eval_trace: row.eval_trace.as_ref().map(trace),
            wire: wire.map(|raw| WireEntry::all(raw, show)),
            wire_dropped: wire.map_or(0, |raw| raw.dropped),
        }
    }
}

fn score(judgment: &Judgment, show: Shower<'_>) -> ScoreData {
    let eval = show.text(&judgment.eval);
    match &judgment.verdict {
        Verdict::Scored { score, passed, report } => ScoreData {
            eval,
            score: Some(score.value()),
            passed: Some(*passed),
            says: show.value(report),
        },
        Verdict::NotGraded { reason } => {
            ScoreData { eval, score: None, passed: None, says: show.text(reason) }
        }
    }
}
