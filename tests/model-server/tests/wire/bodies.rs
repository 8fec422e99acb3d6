//! Bodies of no protocol.

use axum::http::StatusCode;
use probity_model_server::{Raw, Reply};

use crate::client::{self, BOTH, Read};

async fn check(raw: Raw, content_type: &str, expected: &str) {
    let server = client::start(Reply::from(raw)).await;
    for protocol in BOTH {
        for stream in [false, true] {
            let response = client::send(&server, protocol, stream).await;
            assert_eq!(response.status(), 200);
            assert_eq!(response.headers()["content-type"], content_type);
            assert_eq!(response.headers()["content-length"], expected.len().to_string());
            assert_eq!(Read::all(response).await.text(), expected);
        }
    }
}

#[tokio::test]
async fn a_page_can_stand_in_for_an_answer() {
    let page = "<html><body>Log in</body></html>";
    check(Raw::html(page), "text/html", page).await;
}

#[tokio::test]
async fn json_can_be_of_another_protocol() {
    check(Raw::json(r#"{"answer": 42}"#), "application/json", r#"{"answer": 42}"#).await;
}

#[tokio::test]
async fn a_body_can_be_empty() {
    check(Raw::empty(), "application/json", "").await;
}

#[tokio::test]
async fn a_status_can_be_any() {
    let raw = Raw::new(StatusCode::BAD_GATEWAY, "text/plain", "no upstream");
    let server = client::start(Reply::from(raw)).await;
    for protocol in BOTH {
        assert_eq!(client::send(&server, protocol, false).await.status(), 502);
    }
}

#[tokio::test]
async fn a_raw_stream_is_cut_as_well() {
    let raw = Raw::new(StatusCode::OK, "text/event-stream", "data: ä\n\n");
    let server = client::start(Reply::from(raw).with_chunk_size(7)).await;
    let read = Read::all(client::send(&server, BOTH[0], true).await).await;
    assert_eq!(read.chunks, [b"data: \xc3".to_vec(), b"\xa4\n\n".to_vec()]);
}
