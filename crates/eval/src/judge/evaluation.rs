//! One evaluation under way: its span, and what is told on it.

use std::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
};

use tracing::{Instrument as _, Level, Span, field::Empty};

use super::error::JudgeError;
use crate::{llm::Llm, score::Score};

/// One evaluation under way, of the model of a context.
pub(super) struct Evaluation<'a> {
    pub(super) llm: &'a Llm,
    name: &'a str,
    span: Span,
    corrections: AtomicU32,
}

/// What an evaluation came to, as an event tells it.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) score: Score,
    pub(super) label: Option<&'a str>,
    pub(super) explanation: Option<String>,
    pub(super) response_id: Option<&'a str>,
}

impl<'a> Evaluation<'a> {
    /// Opens the span. It has no field that names a model, since readers would bill it as a model call.
    pub(super) fn open(llm: &'a Llm, name: &'a str, kind: &'static str) -> Self {
        let span = tracing::info_span!(
            "evaluation",
            otel.name = %format_args!("evaluation {name}"),
            otel.status_code = Empty,
            otel.status_description = Empty,
            error.type = Empty,
            gen_ai.operation.name = "evaluation",
            gen_ai.evaluation.name = name,
            openinference.span.kind = "EVALUATOR",
            probity.evaluator.name = name,
            probity.evaluator.kind = kind,
            probity.judge.corrections = Empty,
        );
        Self { llm, name, span, corrections: AtomicU32::new(0) }
    }

    /// Does the work of the evaluation in its span.
    pub(super) async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        work.instrument(self.span.clone()).await
    }

    /// Counts replies that were sent back.
    pub(super) fn add_corrections(&self, more: u32) {
        let before = self.corrections.fetch_add(more, Ordering::Relaxed);
        self.span.record("probity.judge.corrections", before.saturating_add(more));
    }

    /// Returns how many replies were sent back.
    pub(super) fn corrections(&self) -> u32 {
        self.corrections.load(Ordering::Relaxed)
    }

    /// Returns whether spans and events may hold what a judge says.
    pub(super) fn captures_content(&self) -> bool {
        self.llm.shared.captures_content
    }

    /// Tells the result. The explanation is content, and told where the context captures that.
    pub(super) fn tell(&self, told: &Told<'_>) {
        let explanation = told.explanation.as_deref().filter(|_| self.captures_content());
        tracing::event!(
            name: "gen_ai.evaluation.result",
            parent: &self.span,
            Level::INFO,
            gen_ai.evaluation.name = self.name,
            gen_ai.evaluation.score.value = f64::from(told.score.value()),
            gen_ai.evaluation.score.label = told.label,
            gen_ai.evaluation.explanation = explanation,
            gen_ai.response.id = told.response_id,
        );
    }

    /// Records that there is no result, and why.
    pub(super) fn fail(&self, error_type: &str, description: impl fmt::Display) {
        self.span.record("error.type", error_type);
        self.span.record("otel.status_code", "ERROR");
        self.span.record("otel.status_description", tracing::field::display(description));
    }

    /// Records that a judge gave no verdict, and why. What it said is content, and told where the context captures
    /// that.
    pub(super) fn fail_by(&self, error: &JudgeError) {
        if self.captures_content() {
            self.fail(&error.error_type(), error);
        } else {
            self.fail(&error.error_type(), error.without_content());
        }
    }
}
