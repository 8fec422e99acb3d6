//! The projects of traces while they run.

use std::collections::{BTreeMap, HashMap};

use crate::{
    ids::SpanId,
    keys,
    node::{FieldNode, SpanNode, TraceEvent},
};

/// Tells, while a capture runs, to which project each trace belongs: for a listener that sends traces to
/// several places.
///
/// It is told every [`TraceEvent`], and forgets a trace when its root closes. A trace that is not known to
/// belong to a project may belong to one later: what the root names goes first, and then what the span below it
/// names that was opened first of those which name one. [`TraceSnapshot::projects`](crate::TraceSnapshot::projects) tells the same
/// afterwards.
///
/// # Examples
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use probity_trace::{capture, observe::LiveProjects, set_project};
///
/// let sent = Arc::new(Mutex::new(Vec::new()));
/// let (projects, out) = (Mutex::new(LiveProjects::new()), Arc::clone(&sent));
/// let handle = async { tracing::info_span!("handle").in_scope(|| set_project("production")) };
/// futures::executor::block_on(capture(handle).listen_events(move |event| {
///     if let Some(closed) = projects.lock().unwrap().note(&event) {
///         out.lock().unwrap().push((closed.root.name.to_string(), closed.project));
///     }
/// }));
/// assert_eq!(*sent.lock().unwrap(), [("handle".to_owned(), Some("production".to_owned()))]);
/// ```
#[derive(Debug, Default)]
pub struct LiveProjects {
    /// The root of each open span, and the number of spans that were opened before it.
    open: HashMap<SpanId, (SpanId, u64)>,
    opened: u64,
    /// What is known of each open root: what it and the spans below it name, in the order in which they were
    /// opened.
    projects: HashMap<SpanId, BTreeMap<u64, String>>,
}

/// A root span that has closed, with its project.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClosedRoot {
    /// The root span.
    pub root: SpanNode,
    /// The project that the trace belongs to, if one was named.
    pub project: Option<String>,
}

impl LiveProjects {
    /// Knows of no trace yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes what happened, and returns the root that has closed, if one has.
    pub fn note(&mut self, event: &TraceEvent) -> Option<ClosedRoot> {
        match event {
            TraceEvent::SpanOpened(span) => {
                self.open(span);
                None
            }
            TraceEvent::FieldsRecorded { span, fields } => {
                self.name(*span, fields);
                None
            }
            TraceEvent::SpanClosed(span) => self.close(span),
            TraceEvent::Event(_) => None,
        }
    }

    /// Returns the project of the trace that an open span belongs to, as far as it is known.
    #[must_use]
    pub fn project(&self, span: SpanId) -> Option<&str> {
        let (root, _) = self.open.get(&span)?;
        self.projects.get(root)?.values().next().map(String::as_str)
    }

    fn open(&mut self, span: &SpanNode) {
        let root = match span.parent {
            None => span.id,
            // Below a root that has closed nothing is asked any more.
            Some(parent) => match self.open.get(&parent) {
                Some((root, _)) => *root,
                None => return,
            },
        };
        self.open.insert(span.id, (root, self.opened));
        self.opened += 1;
        if root == span.id {
            self.projects.insert(root, BTreeMap::new());
        }
        self.name(span.id, &span.fields);
    }

    fn name(&mut self, span: SpanId, fields: &[FieldNode]) {
        let Some(field) = fields.iter().rev().find(|field| field.key == keys::PROJECT) else {
            return;
        };
        let Some((root, order)) = self.open.get(&span) else { return };
        let Some(named) = self.projects.get_mut(root) else { return };
        // What is set last stays, also if it is no name.
        match field.value.as_ref().as_str().filter(|text| !text.is_empty()) {
            Some(text) => named.insert(*order, text.to_owned()),
            None => named.remove(order),
        };
    }

    fn close(&mut self, span: &SpanNode) -> Option<ClosedRoot> {
        let (root, _) = self.open.remove(&span.id)?;
        if root != span.id {
            return None;
        }
        let project = self.projects.remove(&root)?.into_values().next();
        Some(ClosedRoot { root: span.clone(), project })
    }
}
