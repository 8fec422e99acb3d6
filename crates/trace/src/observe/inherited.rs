//! What spans inherit from those around them: the session, the user, the project.

use crate::{
    keys,
    snapshot::{SpanRef, TraceSnapshot},
    value::ValueRef,
};

impl<'a> SpanRef<'a> {
    /// Returns the session that the span belongs to: its own, or that of the nearest span around it which
    /// names one.
    ///
    /// A session is named by [`set_session_id`](crate::set_session_id), or by a field `session.id` or
    /// `gen_ai.conversation.id`.
    #[must_use]
    pub fn session_id(self) -> Option<&'a str> {
        inherited(self, SESSION)
    }

    /// Returns the user on whose behalf the span's work was done, as
    /// [`set_user_id`](crate::set_user_id) named it, on the span or on the nearest one around it.
    #[must_use]
    pub fn user_id(self) -> Option<&'a str> {
        inherited(self, &[keys::USER_ID])
    }

    /// Returns the project of the trace that the span is a part of, as
    /// [`set_project`](crate::set_project) named it.
    ///
    /// A project holds for a whole trace, which is a root span with all below it: what the root names
    /// goes first, and then what the span below it names that was opened first of those which name one.
    #[must_use]
    pub fn project(self) -> Option<&'a str> {
        let root = self.ancestors().last().unwrap_or(self);
        of_trace(root, &[keys::PROJECT])
    }
}

impl TraceSnapshot {
    /// Returns each root span with the project that it is to be sent to, if one was named; see
    /// [`SpanRef::project`].
    ///
    /// # Examples
    ///
    /// ```
    /// let trace = probity_trace::capture_sync(|| {
    ///     tracing::info_span!("handle").in_scope(|| probity_trace::set_project("staging - bot"));
    ///     tracing::info_span!("health").in_scope(|| ());
    /// })
    /// .trace;
    /// let projects: Vec<_> = trace.projects().map(|(root, name)| (root.name(), name)).collect();
    /// assert_eq!(projects, [("handle", Some("staging - bot")), ("health", None)]);
    /// ```
    pub fn projects(&self) -> impl Iterator<Item = (SpanRef<'_>, Option<&str>)> {
        self.roots().map(|root| (root, root.project()))
    }
}

pub(super) const SESSION: &[&str] = &[keys::SESSION_ID, "gen_ai.conversation.id"];

/// Returns the first text that the span has under one of the keys, or else the nearest around it.
fn inherited<'a>(span: SpanRef<'a>, keys: &[&str]) -> Option<&'a str> {
    std::iter::once(span).chain(span.ancestors()).find_map(|span| own(span, keys))
}

/// Returns what a root names for its trace, or else the span below it that was opened first of those that do.
pub(super) fn of_trace<'a>(root: SpanRef<'a>, keys: &[&str]) -> Option<&'a str> {
    own(root, keys).or_else(|| {
        let named = root.descendants().filter_map(|span| Some((span, own(span, keys)?)));
        named.min_by_key(|(span, _)| span.position()).map(|(_, name)| name)
    })
}

fn own<'a>(span: SpanRef<'a>, keys: &[&str]) -> Option<&'a str> {
    let text = keys.iter().find_map(|key| span.field(key).and_then(ValueRef::as_str));
    text.filter(|text| !text.is_empty())
}
