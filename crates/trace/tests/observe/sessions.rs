//! Sessions and projects, of traces that were put together by hand.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use probity_trace::{
    CaptureSpanExt as _, TraceSnapshot, capture,
    observe::{LiveProjects, TraceSession, sessions},
    testing::TraceBuilder,
};
use tracing::info_span;

/// A trace whose session is named below its root, with two model calls, of which one says its cost.
fn turn(session: &str, tags: &str) -> TraceSnapshot {
    TraceBuilder::new()
        .span("request", |root| {
            root.field("probity.tags", tags)
                .span("turn", |turn| turn.field("session.id", session))
                .span("chat", |chat| {
                    chat.field("gen_ai.operation.name", "chat")
                        .field("gen_ai.usage.input_tokens", 3)
                        .field("judgment.usage.total_cost_usd", 0.5)
                })
                .span("chat", |chat| {
                    chat.field("gen_ai.operation.name", "chat")
                        .field("gen_ai.request.model", "small")
                        .field("gen_ai.usage.input_tokens", 4)
                })
        })
        .build()
}

#[test]
fn a_session_that_is_named_below_the_root_holds_for_the_trace() {
    let trace = turn("s", "[]");
    let all = sessions([&trace], |_| None);
    assert_eq!((all.len(), all[0].llm_calls), (1, 2));
    assert_eq!(trace.span("chat").unwrap().session_id(), None, "it is not below what names it");
}

#[test]
fn a_recorded_cost_goes_before_a_price_and_what_has_neither_is_counted() {
    let traces = [turn("s", "[]"), turn("s", "[]")];
    let [session] = &sessions(&traces, |_| None)[..] else { panic!("one session") };
    assert_eq!((session.cost, session.unpriced_calls), (Some(1.0), 2));
    let [session] = &sessions(&traces, |_| Some(0.25))[..] else { panic!("one session") };
    assert_eq!((session.cost, session.unpriced_calls), (Some(1.5), 0));
    let [session] = &sessions(&traces, |_| Some(f64::NAN))[..] else { panic!("one session") };
    assert_eq!((session.cost, session.unpriced_calls), (Some(1.0), 2), "that is no price");
    assert_eq!(session.usage.input_tokens, Some(14));
}

#[test]
fn labels_are_united_and_what_is_no_list_of_texts_is_none() {
    let traces = [turn("s", r#"["b","a"]"#), turn("s", r#"["b"]"#), turn("s", "nonsense")];
    let all = sessions(&traces, |_| None);
    assert_eq!(all[0].labels.iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(all[0].trace_count, 3);
}

#[test]
fn sessions_are_plain_data() {
    let all = sessions(&[turn("s", r#"["a"]"#)], |_| None);
    let json = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<TraceSession>>(&json).unwrap(), all);
    assert!(sessions(&[TraceSnapshot::default()], |_| None).is_empty());
}

/// Runs code that names projects, and checks of each root which project it has, while it runs and afterwards.
#[track_caller]
fn check_projects(work: impl FnOnce(), expected: &[(&str, Option<&str>)]) {
    let projects = Arc::new(Mutex::new((LiveProjects::new(), Vec::new())));
    let seen = Arc::clone(&projects);
    let collected = block_on(capture(async { work() }).listen_events(move |event| {
        let mut seen = seen.lock().unwrap();
        if let Some(closed) = seen.0.note(&event) {
            seen.1.push((closed.root.name.to_string(), closed.project));
        }
    }));
    let live = projects.lock().unwrap().1.clone();
    let live: Vec<_> =
        live.iter().map(|(name, project)| (name.as_str(), project.as_deref())).collect();
    assert_eq!(live, expected);
    let after: Vec<_> =
        collected.trace.projects().map(|(root, project)| (root.name(), project)).collect();
    assert_eq!(after, expected);
}

#[test]
fn the_project_that_a_root_names_goes_first_whenever_it_is_named() {
    let work = || {
        let root = info_span!("root");
        root.in_scope(|| {
            info_span!("below").in_scope(|| probity_trace::set_project("of the child"));
            info_span!("also below").in_scope(|| probity_trace::set_project("of another"));
        });
        assert!(root.capture_attribute("probity.project", "of the root"));
        drop(root);
        let root = info_span!("second");
        root.in_scope(|| info_span!("below").in_scope(|| probity_trace::set_project("below")));
    };
    check_projects(work, &[("root", Some("of the root")), ("second", Some("below"))]);
}

#[test]
fn of_the_spans_below_a_root_the_project_is_that_of_the_one_that_was_opened_first() {
    let beside = || {
        info_span!("root").in_scope(|| {
            let (first, second) = (info_span!("first"), info_span!("second"));
            let deep = first.in_scope(|| info_span!("deep"));
            deep.in_scope(|| probity_trace::set_project("of the deep one"));
            second.in_scope(|| probity_trace::set_project("of the second"));
        });
    };
    check_projects(beside, &[("root", Some("of the second"))]);
    let late = || {
        info_span!("root").in_scope(|| {
            let (first, second) = (info_span!("first"), info_span!("second"));
            second.in_scope(|| probity_trace::set_project("of the second"));
            first.in_scope(|| probity_trace::set_project("of the first"));
        });
    };
    check_projects(late, &[("root", Some("of the first"))]);
}

#[test]
fn of_the_projects_that_a_span_names_the_last_stays() {
    let work = || {
        info_span!("root").in_scope(|| {
            info_span!("below").in_scope(|| {
                probity_trace::set_project("before");
                probity_trace::set_project("after");
            });
        });
    };
    check_projects(work, &[("root", Some("after"))]);
}
