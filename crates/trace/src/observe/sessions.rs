//! Sessions: the traces of one conversation, taken together.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use super::inherited::{SESSION, of_trace};
use crate::{
    genai::{LlmCall, Usage},
    ids::SpanId,
    keys,
    snapshot::{SpanRef, TraceSnapshot},
    value::ValueRef,
    wire,
};

/// Fields under which a model call says what it cost, in US dollars.
const COSTS: &[&str] =
    &["gen_ai.usage.cost", "judgment.usage.total_cost_usd", "llm.cost.total", "operation.cost"];

/// What the traces of one session amount to.
///
/// A trace is a root span with all below it here, so that a capture may hold several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceSession {
    /// The identifier of the session.
    pub id: String,
    /// When its earliest trace began.
    #[serde(rename = "start_unix_nano", with = "wire::unix_nanos")]
    pub created_at: SystemTime,
    /// The time from the begin of the earliest trace to the end of the latest.
    #[serde(rename = "duration_ns", with = "wire::nanos")]
    pub duration: Duration,
    /// How many traces belong to it.
    pub trace_count: u64,
    /// The number of its model calls.
    pub llm_calls: u64,
    /// The tokens of its model calls.
    pub usage: Usage,
    /// What its model calls cost together, in US dollars; none if that is known of no call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// The number of model calls that are not in the cost, because no one knows what they cost.
    pub unpriced_calls: u64,
    /// All labels that spans of its traces have, each once, in alphabetical order.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
}

/// Takes the traces of each session together, in the order in which the sessions began.
///
/// A trace belongs to the session that its root names, or else to the one that the span below it names which
/// was opened first of those that name one; see [`set_session_id`](crate::set_session_id). A trace that names none belongs to none. What a
/// model call cost is what its span says, or else what `price` says, in US dollars. Labels are the tags
/// of [`add_tags`](crate::add_tags).
///
/// # Examples
///
/// ```
/// use probity_trace::{capture_sync, observe::sessions, set_session_id};
///
/// let turn = || {
///     let work = || tracing::info_span!("turn").in_scope(|| set_session_id("visit-7"));
///     capture_sync(work).trace
/// };
/// let traces = [turn(), turn()];
/// let [session] = &sessions(&traces, |_| None)[..] else { panic!("one session") };
/// assert_eq!((session.id.as_str(), session.trace_count), ("visit-7", 2));
/// ```
pub fn sessions<'a>(
    traces: impl IntoIterator<Item = &'a TraceSnapshot>,
    price: impl Fn(&LlmCall) -> Option<f64>,
) -> Vec<TraceSession> {
    let mut sessions = BTreeMap::new();
    for trace in traces {
        add(&mut sessions, trace, &price);
    }
    let mut sessions: Vec<TraceSession> = sessions.into_values().collect();
    sessions.sort_by_key(|session| session.created_at);
    sessions
}

fn add(
    sessions: &mut BTreeMap<String, TraceSession>,
    trace: &TraceSnapshot,
    price: impl Fn(&LlmCall) -> Option<f64>,
) {
    // The sessions of all spans, by the session of their roots.
    let mut of_spans: HashMap<SpanId, (&str, SpanRef<'_>)> = HashMap::new();
    for root in trace.roots() {
        let Some(id) = of_trace(root, SESSION) else { continue };
        let session = sessions
            .entry(id.to_owned())
            .or_insert_with(|| TraceSession::new(id, root.started_at()));
        session.add_root(root);
        for span in std::iter::once(root).chain(root.descendants()) {
            session.labels.extend(labels(span));
            of_spans.insert(span.id(), (id, span));
        }
    }
    for call in trace.genai().llm_calls() {
        let Some((id, span)) = of_spans.get(&call.span) else { continue };
        if let Some(session) = sessions.get_mut(*id) {
            session.add_call(call, recorded_cost(*span).or_else(|| price(call)));
        }
    }
}

impl TraceSession {
    fn new(id: &str, created_at: SystemTime) -> Self {
        Self {
            id: id.to_owned(),
            created_at,
            duration: Duration::ZERO,
            trace_count: 0,
            llm_calls: 0,
            usage: Usage::default(),
            cost: None,
            unpriced_calls: 0,
            labels: BTreeSet::new(),
        }
    }

    fn add_root(&mut self, root: SpanRef<'_>) {
        let end = |start: SystemTime, duration| start.checked_add(duration).unwrap_or(start);
        let last = end(self.created_at, self.duration).max(end(root.started_at(), root.duration()));
        self.created_at = self.created_at.min(root.started_at());
        self.duration = last.duration_since(self.created_at).unwrap_or_default();
        self.trace_count += 1;
    }

    fn add_call(&mut self, call: &LlmCall, cost: Option<f64>) {
        self.llm_calls += 1;
        self.usage += call.usage;
        match cost.filter(|cost| cost.is_finite() && *cost >= 0.0) {
            Some(cost) => self.cost = Some(self.cost.unwrap_or(0.0) + cost),
            None => self.unpriced_calls += 1,
        }
    }
}

fn recorded_cost(span: SpanRef<'_>) -> Option<f64> {
    COSTS.iter().find_map(|key| span.field(key)?.as_f64())
}

fn labels(span: SpanRef<'_>) -> Vec<String> {
    let tags = span.field(keys::TAGS).and_then(ValueRef::as_str);
    tags.and_then(|tags| serde_json::from_str(tags).ok()).unwrap_or_default()
}
