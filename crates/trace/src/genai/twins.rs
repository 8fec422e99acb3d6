//! Finds two spans beside one another that describe the same model call.

use std::{collections::HashMap, time::SystemTime};

use super::{LlmCall, Usage};
use crate::{ids::SpanId, snapshot::SpanRef};

/// The model calls so far that may cover others, by the span around them and the identifier of their
/// answer, if it is known.
#[derive(Debug, Default)]
pub(super) struct Twins {
    known: HashMap<(Option<SpanId>, Option<String>), Vec<Twin>>,
}

#[derive(Debug)]
struct Twin {
    position: usize,
    ended_at: SystemTime,
    model: Option<String>,
    usage: Usage,
}

/// How many calls with one answer are kept that overlap: more than one is odd already.
const MOST: usize = 8;

impl Twins {
    /// Adds a call, and returns the position of one with the same answer that began before it beside it
    /// and ended after it. An application that wraps a client which traces its requests itself has
    /// such spans.
    ///
    /// Answers of the same identifier that follow one another are others: some providers give no
    /// identifiers of their own. A wrapper that does not know the identifier has the same answer if it
    /// asked for the same model and names the same tokens.
    pub(super) fn before(
        &mut self,
        call: &LlmCall,
        span: SpanRef<'_>,
        position: usize,
    ) -> Option<usize> {
        let ended_at = call.started_at.checked_add(call.duration?)?;
        let parent = span.parent().map(SpanRef::id);
        let model = call.request_model.clone();
        let new = Twin { position, ended_at, model, usage: call.usage };
        let answer = call.response_id.clone();
        let named = answer.is_some();
        let key = (parent, answer);
        let found = self.find(call, &key, |twin| named && twin.covers(&new));
        let found = found.or_else(|| {
            let is_same = |twin: &Twin| named && twin.covers(&new) && twin.is_like(&new);
            self.find(call, &(parent, None), is_same)
        });
        let twins = self.known.entry(key).or_default();
        if found.is_none() && twins.len() < MOST {
            twins.push(new);
        }
        found
    }

    /// Finds a twin, and forgets those that ended before the call began: they cover neither it nor
    /// what comes after it.
    fn find(
        &mut self,
        call: &LlmCall,
        key: &(Option<SpanId>, Option<String>),
        is_same: impl Fn(&Twin) -> bool,
    ) -> Option<usize> {
        let twins = self.known.get_mut(key)?;
        twins.retain(|twin| twin.ended_at >= call.started_at);
        twins.iter().find(|twin| is_same(twin)).map(|twin| twin.position)
    }
}

impl Twin {
    fn covers(&self, other: &Self) -> bool {
        self.ended_at >= other.ended_at
    }

    fn is_like(&self, other: &Self) -> bool {
        let [model, usage] = [self.model == other.model, self.usage == other.usage];
        model && usage && self.model.is_some() && !self.usage.is_unknown()
    }
}
