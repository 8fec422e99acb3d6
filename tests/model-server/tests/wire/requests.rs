//! What is recorded of requests, and which are refused.

use probity_model_server::{ModelServer, Protocol, Reply, Script};
use serde_json::{Value, json};

use crate::client::{self, BOTH};

async fn server() -> ModelServer {
    client::start(Reply::text("It is sunny.")).await
}

#[tokio::test]
async fn a_request_is_recorded_as_it_came() {
    let server = server().await;
    for (number, protocol) in BOTH.into_iter().enumerate() {
        let mut body = client::body(protocol, true);
        body["response_format"] = json!({ "type": "json_schema", "json_schema": { "name": "n" } });
        let request =
            client::request(&server, protocol, &body).header("x-stainless-retry-count", "1");
        request.send().await.expect("an answer");
        let received = &server.requests()[number];
        assert_eq!(received.number(), number);
        assert_eq!(received.protocol(), protocol);
        assert_eq!(received.method(), "POST");
        assert_eq!(received.body(), &body);
        assert_eq!(received.bytes(), body.to_string().as_bytes());
        assert_eq!(received.header("X-Stainless-Retry-Count"), Some("1"));
        assert_eq!(received.model(), Some("a-model"));
        assert!(received.is_stream());
    }
    let requests = server.requests();
    assert_eq!(requests[0].path(), "/v1/chat/completions");
    assert_eq!(requests[1].path(), "/v1/messages");
    assert!(requests[0].arrived() <= requests[1].arrived());
}

#[tokio::test]
async fn keys_can_be_read_but_are_not_shown() {
    let server = server().await;
    for protocol in BOTH {
        client::send(&server, protocol, false).await;
    }
    let requests = server.requests();
    assert_eq!(requests[0].header("authorization"), Some("Bearer key-of-the-test"));
    assert_eq!(requests[1].header("x-api-key"), Some("key-of-the-test"));
    let shown = format!("{requests:?} {server:?}");
    assert!(!shown.contains("key-of-the-test"), "{shown}");
}

#[tokio::test]
async fn completions_are_also_served_without_the_version() {
    let server = server().await;
    let request = reqwest::Client::new().post(format!("{}/chat/completions", server.url()));
    let request = request.bearer_auth("key").json(&client::body(Protocol::OpenAi, false));
    assert_eq!(request.send().await.expect("an answer").status(), 200);
}

async fn check_refused(
    protocol: Protocol,
    change: impl FnOnce(&mut serde_json::Map<String, Value>),
    expected: &str,
) {
    let server = client::start([Reply::text("It is sunny.")]).await;
    let mut body = client::body(protocol, false);
    change(body.as_object_mut().expect("an object"));
    let request = client::request(&server, protocol, &body);
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 400, "{body}");
    let error: Value = response.json().await.expect("JSON");
    assert_eq!(error["error"]["type"], "invalid_request_error");
    let message = error["error"]["message"].as_str().expect("a message");
    assert!(message.contains(expected), "{message}");
    assert_eq!(server.requests().len(), 1, "it is recorded");
    let next = client::send(&server, protocol, false).await;
    assert_eq!(next.status(), 200, "it has used up no reply");
}

#[tokio::test]
async fn requests_that_the_api_would_refuse_are_refused() {
    for protocol in BOTH {
        check_refused(protocol, |body| drop(body.remove("model")), "model").await;
        check_refused(protocol, |body| drop(body.remove("messages")), "messages").await;
        let none = json!([]);
        check_refused(protocol, |body| drop(body.insert("messages".into(), none)), "messages")
            .await;
    }
    let openai = Protocol::OpenAi;
    let options = json!({ "include_usage": true });
    let add = |body: &mut serde_json::Map<String, Value>| {
        body.insert("stream_options".to_owned(), options);
    };
    check_refused(openai, add, "stream_options").await;
    let anthropic = Protocol::Anthropic;
    check_refused(anthropic, |body| drop(body.remove("max_tokens")), "max_tokens").await;
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let server = server().await;
    for protocol in BOTH {
        let request = client::request(&server, protocol, &json!({})).body("{\"model\": ");
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 400);
        assert!(response.text().await.expect("a body").contains("not a JSON object"));
    }
    assert_eq!(server.requests()[0].bytes(), b"{\"model\": ");
    assert_eq!(server.requests()[0].body(), &Value::Null);
}

#[tokio::test]
async fn anthropic_asks_for_a_version() {
    let server = server().await;
    let request = reqwest::Client::new().post(format!("{}/v1/messages", server.url()));
    let request = request.bearer_auth("key").json(&client::body(Protocol::Anthropic, false));
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 400);
    assert!(response.text().await.expect("a body").contains("anthropic-version"));
}

async fn without_key(server: &ModelServer, protocol: Protocol) -> reqwest::Response {
    let path = if protocol == Protocol::Anthropic { "messages" } else { "chat/completions" };
    let request = reqwest::Client::new().post(format!("{}/v1/{path}", server.url()));
    let request = request.header("anthropic-version", "2023-06-01");
    request.json(&client::body(protocol, false)).send().await.expect("an answer")
}

#[tokio::test]
async fn a_request_without_a_key_is_refused_unless_keys_are_not_asked_for() {
    let strict = server().await;
    let open = client::start(Script::from(Reply::text("It is sunny.")).without_keys()).await;
    for (protocol, name) in
        [(Protocol::OpenAi, "invalid_request_error"), (Protocol::Anthropic, "authentication_error")]
    {
        let refused = without_key(&strict, protocol).await;
        assert_eq!(refused.status(), 401);
        let error: Value = refused.json().await.expect("JSON");
        assert_eq!(error["error"]["type"], name);
        assert_eq!(without_key(&open, protocol).await.status(), 200);
    }
}

#[tokio::test]
async fn what_the_server_does_not_have_is_a_recorded_404() {
    let server = server().await;
    let client = reqwest::Client::new();
    for request in [
        client.get(format!("{}/v1/models", server.url())),
        client.get(format!("{}/v1/chat/completions", server.url())),
        client.post(format!("{}/v1/v1/messages", server.url())),
    ] {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 404);
        let error: Value = response.json().await.expect("JSON");
        let path = server.requests().last().expect("a request").path().to_owned();
        assert!(error["error"]["message"].as_str().is_some_and(|it| it.contains(&path)), "{error}");
    }
    assert_eq!(server.requests().len(), 3);
}
