//! What lies around each span of a trace.

use std::rc::Rc;

use super::kind::Task;
use crate::snapshot::SpanRef;

/// What lies around a span or, for those below it, the span itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The conversation that the nearest span names.
    pub(super) conversation: Option<Rc<str>>,
    /// The nearest agent that has a name.
    pub(super) agent: Option<Rc<str>>,
    /// For each task, the position of the nearest model call that no tool call lies between.
    models: [Option<usize>; Task::COUNT],
    /// The position of the nearest model call whose answer has an identifier.
    pub(super) answer: Option<usize>,
    /// The position of the nearest call, if it is one of a tool.
    pub(super) tool: Option<usize>,
}

impl Place {
    /// Returns the position of the nearest model call with this task that no tool call lies between.
    pub(super) fn model(&self, task: Task) -> Option<usize> {
        *self.models.get(task as usize)?
    }

    /// Goes into a model call.
    pub(super) fn enter_model(&mut self, task: Task, position: usize) {
        if let Some(model) = self.models.get_mut(task as usize) {
            *model = Some(position);
        }
        self.tool = None;
    }

    /// Goes into a tool call. What models are asked in it is none of the calls around it.
    pub(super) fn enter_tool(&mut self, position: usize) {
        self.models = Default::default();
        self.tool = Some(position);
    }
}

/// The places of all spans so far; few differ from that of their parent.
#[derive(Debug, Default)]
pub(super) struct Places {
    different: Vec<Place>,
    /// For each span, the position of its place plus one; zero where nothing lies around it.
    of_spans: Vec<usize>,
}

impl Places {
    /// Returns what lies around a span.
    pub(super) fn around(&self, span: SpanRef<'_>) -> Place {
        let place = self.number_around(span).checked_sub(1);
        place.and_then(|place| self.different.get(place)).cloned().unwrap_or_default()
    }

    /// Adds the next span; `place` is that of the spans below it, if it is not that of the span.
    pub(super) fn add(&mut self, span: SpanRef<'_>, place: Option<Place>) {
        let number =
            if place.is_some() { self.different.len() + 1 } else { self.number_around(span) };
        self.different.extend(place);
        self.of_spans.push(number);
    }

    fn number_around(&self, span: SpanRef<'_>) -> usize {
        let parent = span.parent().and_then(|parent| self.of_spans.get(parent.position()));
        parent.copied().unwrap_or(0)
    }
}
