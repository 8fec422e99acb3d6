//! No secret reaches a trajectory.

use probity_trace::trajectory::Tracer;
use serde_json::json;

use crate::model::{ask, only};

#[test]
fn secrets_in_messages_metadata_and_errors_are_masked() {
    let key = "sk-abcdefghijklmnopqrstuvwx";
    let tracer = Tracer::new("echo", "small");
    let failing = tracer
        .trajectory(1)
        .metadata("api_key", "plain")
        .metadata("config", json!({"headers": [{"Authorization": "x"}], "note": key}))
        .try_run_sync(|| {
            ask(&format!("my key is {key}"));
            Err::<(), _>(format!("the key {key} was refused"))
        });
    assert!(failing.unwrap().is_err());

    let trajectory = only(tracer.finish());
    let json = serde_json::to_string(&trajectory).unwrap();
    assert!(!json.contains(key), "{json}");
    assert_eq!(trajectory.error(), Some("the key [redacted] was refused"));
    assert_eq!(trajectory.metadata["api_key"], "[redacted]");
    assert_eq!(
        trajectory.metadata["config"],
        json!({"headers": [{"Authorization": "[redacted]"}], "note": "[redacted]"}),
    );
    assert!(trajectory.messages[0].content().text().contains("[redacted]"));
}
