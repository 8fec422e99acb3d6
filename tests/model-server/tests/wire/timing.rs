//! Replies that take their time.

use std::time::{Duration, Instant};

use probity_model_server::{Protocol, Reply};

use crate::client::{self, BOTH, Read};

const DELAY: Duration = Duration::from_millis(40);

#[tokio::test]
async fn a_delay_comes_before_the_head() {
    let server = client::start(Reply::text("late").with_delay(DELAY)).await;
    for protocol in BOTH {
        let start = Instant::now();
        client::send(&server, protocol, true).await;
        assert!(start.elapsed() >= DELAY);
    }
}

#[tokio::test]
async fn a_delay_comes_between_deltas() {
    let server = client::start(Reply::text("aaaabbbbcccc").with_delta_delay(DELAY)).await;
    for protocol in BOTH {
        let start = Instant::now();
        let read = Read::all(client::send(&server, protocol, true).await).await;
        assert!(start.elapsed() >= DELAY * 2, "three deltas have two pauses");
        let events = client::events(&read.text());
        assert_eq!(client::joined(&events, client::text_pointer(protocol)), "aaaabbbbcccc");
    }
}

#[tokio::test]
async fn a_reply_may_never_come() {
    let server = client::start(Reply::never()).await;
    let body = client::body(Protocol::OpenAi, false);
    let mut waiting = tokio::spawn(client::request(&server, Protocol::OpenAi, &body).send());
    assert_eq!(server.wait_for_requests(1).await.len(), 1);
    let reply = tokio::time::timeout(DELAY, &mut waiting).await;
    assert!(reply.is_err(), "{reply:?}");
}

#[tokio::test]
async fn a_server_that_goes_away_closes_everything_and_comes_back_on_its_port() {
    let server = client::start([Reply::never(), Reply::text("back")]).await;
    let body = client::body(Protocol::OpenAi, false);
    let send = || client::request(&server, Protocol::OpenAi, &body).send();
    let open = tokio::spawn(send());
    server.wait_for_requests(1).await;
    let away = server.go_away_for(DELAY * 5);
    let meanwhile = async {
        let error = open.await.expect("no panic").expect_err("its connection is closed");
        assert!(!error.is_connect(), "{error:?}");
        let error = send().await.expect_err("the port is closed");
        assert!(error.is_connect(), "{error:?}");
    };
    let (away, ()) = tokio::join!(away, meanwhile);
    away.expect("nobody else has the port");
    assert!(send().await.expect("it listens again").status().is_success());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn dropping_the_server_closes_its_connections_and_its_port() {
    let server = client::start(Reply::never()).await;
    let body = client::body(Protocol::OpenAi, false);
    let waiting = tokio::spawn(client::request(&server, Protocol::OpenAi, &body).send());
    server.wait_for_requests(1).await;
    let url = server.url();
    drop(server);
    let error = waiting.await.expect("no panic").expect_err("the server is gone");
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
    let error = reqwest::get(url).await.expect_err("the port is closed");
    assert!(error.is_connect(), "{error:?}");
}
