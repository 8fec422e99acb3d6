//! The span around a trajectory.

use probity_trace::{capture_sync, set_attribute, trajectory::Tracer};

use crate::model::ask;

#[test]
fn it_says_of_which_trajectory_it_is() {
    let tracer = Tracer::new("math-eval", "small");
    let seen = capture_sync(|| {
        let scope = tracer.trajectory(7).sandbox_id("33333333-3333-4333-8333-333333333333");
        scope.run_sync(|| {
            assert!(set_attribute("by.the.agent", true));
            ask("one");
        })
    });
    let span = seen.trace.span("trajectory").unwrap();
    for (key, value) in [
        ("otel.name", "trajectory_7"),
        ("lunette.sample", "7"),
        ("lunette.task", "math-eval"),
        ("lunette.model", "small"),
        ("lunette.sandbox_id", "33333333-3333-4333-8333-333333333333"),
    ] {
        assert!(span.field(key).unwrap() == value, "{key}");
    }
    assert!(span.field("by.the.agent").unwrap() == true);
    let id = span.field("lunette.trajectory_id").unwrap().as_str().unwrap();
    assert_eq!(id.len(), 36, "{id}");
    assert_eq!(seen.trace.span("chat").unwrap().parent().unwrap(), span);
}

#[test]
fn each_trajectory_has_an_identifier_of_its_own() {
    let tracer = Tracer::new("math-eval", "small");
    let seen = capture_sync(|| {
        for _ in 0..10 {
            tracer.trajectory(7).run_sync(|| ()).unwrap();
        }
    });
    let ids: std::collections::BTreeSet<_> = seen
        .trace
        .spans("trajectory")
        .map(|span| span.field("lunette.trajectory_id").unwrap().to_string())
        .collect();
    assert_eq!(ids.len(), 10);
}
