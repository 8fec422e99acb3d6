//! Records requests, checks them and responds.

use std::{
    future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use axum::{
    body,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use tokio::{sync::watch, time};

use crate::{
    connection::Breaker,
    received::Received,
    render,
    reply::{Failure, FailureKind, Reply},
    script::{self, Script},
};

/// Records requests, checks them and responds.
#[derive(Debug)]
pub(crate) struct Responder {
    script: Script,
    given: AtomicUsize,
    log: watch::Sender<Vec<Arc<Received>>>,
}

impl Responder {
    pub(crate) fn new(script: Script) -> Self {
        Self { script, given: AtomicUsize::new(0), log: watch::Sender::default() }
    }

    /// Returns the requests that have arrived.
    pub(crate) fn log(&self) -> watch::Receiver<Vec<Arc<Received>>> {
        self.log.subscribe()
    }

    /// Responds to a request as the script says.
    pub(crate) async fn respond(&self, request: Request, breaker: Breaker) -> Response {
        self.send(request, breaker, |received| self.reply(received)).await
    }

    /// Responds to a request for what the server does not have.
    pub(crate) async fn respond_unknown(&self, request: Request, breaker: Breaker) -> Response {
        self.send(request, breaker, unknown).await
    }

    async fn send(
        &self,
        request: Request,
        breaker: Breaker,
        reply: impl FnOnce(&Received) -> Reply,
    ) -> Response {
        let Some(received) = self.receive(request).await else {
            // The client has gone, or sent what is not HTTP.
            return StatusCode::BAD_REQUEST.into_response();
        };
        let reply = reply(&received);
        time::sleep(reply.delivery().delay).await;
        let response = render::response(&reply, &received, &breaker)
            .or_else(|mistake| render::response(&script::mistake(&mistake), &received, &breaker));
        match response {
            Ok(Some(response)) => response,
            Ok(None) => future::pending().await,
            Err(mistake) => (StatusCode::INTERNAL_SERVER_ERROR, mistake).into_response(),
        }
    }

    async fn receive(&self, request: Request) -> Option<Arc<Received>> {
        let arrived = Instant::now();
        let (head, body) = request.into_parts();
        let bytes = body::to_bytes(body, usize::MAX).await.ok()?;
        let mut received = None;
        self.log.send_modify(|log| {
            let request = Arc::new(Received::new(log.len(), arrived, head, bytes));
            log.push(Arc::clone(&request));
            received = Some(request);
        });
        received
    }

    fn reply(&self, received: &Received) -> Reply {
        let dialect = render::dialect(received.protocol());
        if self.script.needs_key() && !dialect.has_key(received) {
            let failure = Failure::new(FailureKind::Authentication);
            return failure.with_message("The request brings no API key.").into();
        }
        match dialect.check(received) {
            Ok(()) => self.script.reply(received, self.given.fetch_add(1, Ordering::Relaxed)),
            Err(failure) => failure.into(),
        }
    }
}

fn unknown(received: &Received) -> Reply {
    let message = format!("There is no {} {}.", received.method(), received.path());
    Failure::new(FailureKind::NotFound).with_message(message).with_code("unknown_url").into()
}
