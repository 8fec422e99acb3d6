//! From an HTTP response to the stream of an answer's events.

use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};
use probity_eval::model::{ModelError, ModelStream};
use reqwest::Response;

use super::answering::{Answering, refusal};
use crate::http::{
    WireTap,
    pending::{self, Pending},
};

/// Reads what came as the answer to a request.
pub(super) async fn read(response: Response, tap: WireTap) -> Result<ModelStream, ModelError> {
    let (status, headers) = (response.status(), response.headers().clone());
    if !status.is_success() {
        // The status and the headers say enough where the body breaks off.
        let body = response.bytes().await.unwrap_or_default();
        return Err(refusal(status, &headers, &body, &tap));
    }
    let reading = Reading {
        answering: Answering::begin(&response, tap),
        bytes: response.bytes_stream().boxed(),
        pending: Pending::default(),
    };
    Ok(pending::events(reading))
}

/// An answer that is being read.
struct Reading {
    answering: Answering,
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    pending: Pending,
}

impl pending::Reading for Reading {
    async fn read_on(&mut self) {
        let result = match self.bytes.next().await {
            Some(Ok(bytes)) => self.take(&bytes),
            Some(Err(error)) => Err(self.answering.broken(&error)),
            None => self.end(),
        };
        if let Err(error) = result {
            self.pending.fail(error);
        }
    }

    fn pending(&mut self) -> &mut Pending {
        &mut self.pending
    }
}

impl Reading {
    fn take(&mut self, bytes: &Bytes) -> Result<(), ModelError> {
        let Self { answering, pending, .. } = self;
        for payload in answering.take(bytes) {
            answering.read(payload, &mut |event| pending.events.push_back(event))?;
        }
        if self.answering.is_done() { self.end() } else { Ok(()) }
    }

    fn end(&mut self) -> Result<(), ModelError> {
        let Self { answering, pending, .. } = self;
        pending.is_over = true;
        answering.end(&mut |event| pending.events.push_back(event))
    }
}
