//! Errors that the provider reports.

use probity_model_server::{Failure, FailureKind, Protocol, Reply};
use serde_json::{Value, json};

use crate::client::{self, BOTH};

async fn failed(failure: Failure, protocol: Protocol, stream: bool) -> (u16, Value) {
    let reply = Reply::from(failure).with_request_id("req_of_the_test");
    let server = client::start(reply).await;
    let response = client::send(&server, protocol, stream).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    (response.status().as_u16(), response.json().await.expect("an error is JSON"))
}

#[tokio::test]
async fn each_kind_has_the_status_and_body_of_openai() {
    const INVALID: &str = "invalid_request_error";
    for (kind, status, name, code) in [
        (FailureKind::BadRequest, 400, INVALID, None),
        (FailureKind::Authentication, 401, INVALID, Some("invalid_api_key")),
        (FailureKind::Permission, 403, INVALID, None),
        (FailureKind::NotFound, 404, INVALID, Some("model_not_found")),
        (FailureKind::RateLimited, 429, "requests", Some("rate_limit_exceeded")),
        (FailureKind::InsufficientQuota, 429, "insufficient_quota", Some("insufficient_quota")),
        (FailureKind::Server, 500, "server_error", None),
        (FailureKind::Unavailable, 503, "server_error", None),
        (FailureKind::Overloaded, 503, "server_error", None),
    ] {
        for stream in [false, true] {
            let failure = Failure::new(kind).with_message("No.");
            let (got, body) = failed(failure, Protocol::OpenAi, stream).await;
            assert_eq!(got, status, "{kind:?}");
            let error = json!({ "message": "No.", "type": name, "param": null, "code": code });
            assert_eq!(body, json!({ "error": error }));
        }
    }
}

#[tokio::test]
async fn each_kind_has_the_status_and_body_of_anthropic() {
    for (kind, status, name) in [
        (FailureKind::BadRequest, 400, "invalid_request_error"),
        (FailureKind::Authentication, 401, "authentication_error"),
        (FailureKind::Permission, 403, "permission_error"),
        (FailureKind::NotFound, 404, "not_found_error"),
        (FailureKind::RateLimited, 429, "rate_limit_error"),
        (FailureKind::InsufficientQuota, 402, "billing_error"),
        (FailureKind::Server, 500, "api_error"),
        (FailureKind::Unavailable, 503, "api_error"),
        (FailureKind::Overloaded, 529, "overloaded_error"),
    ] {
        for stream in [false, true] {
            let failure = Failure::new(kind).with_message("No.");
            let (got, body) = failed(failure, Protocol::Anthropic, stream).await;
            assert_eq!(got, status, "{kind:?}");
            let error = json!({ "type": name, "message": "No." });
            let expected =
                json!({ "type": "error", "error": error, "request_id": "req_of_the_test" });
            assert_eq!(body, expected);
        }
    }
}

#[tokio::test]
async fn every_kind_says_something() {
    for kind in FailureKind::ALL {
        let (_, body) = failed(Failure::new(*kind), Protocol::OpenAi, false).await;
        assert!(body["error"]["message"].as_str().is_some_and(|text| !text.is_empty()));
    }
}

#[tokio::test]
async fn an_error_can_repeat_a_key() {
    let failure = Failure::new(FailureKind::Authentication);
    let failure = failure.with_message("Incorrect API key provided: planted-key-1234.");
    for protocol in BOTH {
        let (_, body) = failed(failure.clone(), protocol, false).await;
        assert!(body.to_string().contains("planted-key-1234"), "{body}");
    }
}

#[tokio::test]
async fn a_client_is_told_how_long_to_wait() {
    let limited = Failure::new(FailureKind::RateLimited);
    for protocol in BOTH {
        let server = client::start(Reply::from(limited.clone().with_retry_after(2))).await;
        let response = client::send(&server, protocol, false).await;
        assert_eq!(response.headers()["retry-after"], "2");
        assert_eq!(response.headers().get("retry-after-ms"), None);
        let server = client::start(Reply::from(limited.clone().with_retry_after_ms(150))).await;
        let response = client::send(&server, protocol, false).await;
        assert_eq!(response.headers()["retry-after-ms"], "150");
        assert_eq!(response.headers().get("retry-after"), None);
    }
}

#[tokio::test]
async fn a_code_and_a_parameter_can_be_named() {
    let failure = Failure::new(FailureKind::BadRequest)
        .with_code("context_length_exceeded")
        .with_param("messages");
    let (_, body) = failed(failure, Protocol::OpenAi, false).await;
    assert_eq!(body["error"]["code"], "context_length_exceeded");
    assert_eq!(body["error"]["param"], "messages");
}
