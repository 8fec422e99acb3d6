//! The projects of traces while they run.

use std::collections::HashMap;

use crate::{
    ids::SpanId,
    keys,
    node::{FieldNode, SpanNode, TraceEvent},
    value::ValueRef,
};

/// Tells, while a capture runs, to which project each trace belongs: for a listener that sends traces to
/// several places.
///
/// It is told every [`TraceEvent`], and forgets a trace when its root closes. A trace that is not known to
/// belong to a project may belong to one later: what the root names goes first, and then what the first
/// span below it names. [`TraceSnapshot::projects`](crate::TraceSnapshot::projects) tells the same
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
    /// The root of each open span.
    roots: HashMap<SpanId, SpanId>,
    /// What is known of each open root.
    projects: HashMap<SpanId, Named>,
}

#[derive(Debug, Default)]
struct Named {
    by_root: Option<String>,
    below: Option<String>,
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
        self.projects.get(self.roots.get(&span)?)?.get()
    }

    fn open(&mut self, span: &SpanNode) {
        let root = match span.parent {
            None => span.id,
            // Below a root that has closed nothing is asked any more.
            Some(parent) => match self.roots.get(&parent) {
                Some(root) => *root,
                None => return,
            },
        };
        self.roots.insert(span.id, root);
        if root == span.id {
            self.projects.insert(root, Named::default());
        }
        self.name(span.id, &span.fields);
    }

    fn name(&mut self, span: SpanId, fields: &[FieldNode]) {
        let field = fields.iter().rev().find(|field| field.key == keys::PROJECT);
        let text = field.map(|field| field.value.as_ref()).and_then(ValueRef::as_str);
        let Some(text) = text.filter(|text| !text.is_empty()) else { return };
        let Some(root) = self.roots.get(&span) else { return };
        let Some(named) = self.projects.get_mut(root) else { return };
        if *root == span {
            named.by_root = Some(text.to_owned());
        } else if named.below.is_none() {
            named.below = Some(text.to_owned());
        }
    }

    fn close(&mut self, span: &SpanNode) -> Option<ClosedRoot> {
        let root = self.roots.remove(&span.id)?;
        if root != span.id {
            return None;
        }
        let named = self.projects.remove(&root)?;
        Some(ClosedRoot { root: span.clone(), project: named.by_root.or(named.below) })
    }
}

impl Named {
    fn get(&self) -> Option<&str> {
        self.by_root.as_deref().or(self.below.as_deref())
    }
}
