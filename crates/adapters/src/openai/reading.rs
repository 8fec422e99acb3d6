//! From an HTTP response to the stream of an answer's events.

use std::collections::VecDeque;

use bytes::Bytes;
use futures::{StreamExt as _, stream, stream::BoxStream};
use probity_eval::model::{ModelError, ModelEvent, ModelStream};
use reqwest::Response;

use super::answering::{Answering, refusal};
use crate::http::WireTap;

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
        events: VecDeque::new(),
        failed: None,
        is_over: false,
    };
    Ok(stream::unfold(reading, Reading::next).boxed())
}

/// An answer that is being read.
struct Reading {
    answering: Answering,
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    events: VecDeque<ModelEvent>,
    /// What is told after the events that came before it.
    failed: Option<ModelError>,
    is_over: bool,
}

impl Reading {
    async fn next(mut self) -> Option<(Result<ModelEvent, ModelError>, Self)> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some((Ok(event), self));
            }
            if let Some(error) = self.failed.take() {
                return Some((Err(error), self));
            }
            if self.is_over {
                return None;
            }
            let result = match self.bytes.next().await {
                Some(Ok(bytes)) => self.take(&bytes),
                Some(Err(error)) => Err(self.answering.broken(&error)),
                None => self.end(),
            };
            if let Err(error) = result {
                self.failed = Some(error);
                self.is_over = true;
            }
        }
    }

    fn take(&mut self, bytes: &Bytes) -> Result<(), ModelError> {
        let Self { answering, events, .. } = self;
        for payload in answering.take(bytes) {
            answering.read(payload, &mut |event| events.push_back(event))?;
        }
        if self.answering.is_done() { self.end() } else { Ok(()) }
    }

    fn end(&mut self) -> Result<(), ModelError> {
        self.is_over = true;
        let Self { answering, events, .. } = self;
        answering.end(&mut |event| events.push_back(event))
    }
}
