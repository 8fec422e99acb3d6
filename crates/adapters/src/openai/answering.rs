//! An answer as it comes in over HTTP: its pieces are recorded, read, and what is wrong with them is told.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use probity_eval::model::{ModelError, ModelEvent};
use reqwest::Response;

use super::answer::AnswerReader;
use crate::http::{
    Payloads, WireTap, failed_in_stream, malformed, not_read, refused, request_id, truncated,
};

/// The answer to one request, for one who reads it and for one who looks on.
#[derive(Debug)]
pub(super) struct Answering {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    reader: AnswerReader,
    tap: WireTap,
}

/// How an answer comes.
#[derive(Debug)]
enum Body {
    /// As server-sent events.
    Stream(Payloads),
    /// In one piece; so does what is no answer at all, such as the page of a proxy.
    Whole(Vec<u8>),
}

impl Answering {
    /// Begins with the head of an answer, and records it if the body is streamed.
    pub(super) fn begin(response: &Response, tap: WireTap) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = Body::of(&headers);
        if matches!(body, Body::Stream(_)) {
            tap.response(status, &headers, None);
        }
        let reader = AnswerReader::new(request_id(&headers));
        Self { status, headers, body, reader, tap }
    }

    /// Takes more bytes, and returns the payloads that became whole.
    pub(super) fn take(&mut self, bytes: &Bytes) -> Vec<Result<String, String>> {
        match &mut self.body {
            Body::Whole(body) => {
                body.extend_from_slice(bytes);
                Vec::new()
            }
            Body::Stream(payloads) => {
                let payloads = payloads.push(bytes);
                payloads.iter().flatten().for_each(|payload| self.tap.payload(payload));
                payloads
            }
        }
    }

    /// Reads a payload.
    pub(super) fn read(
        &mut self,
        payload: Result<String, String>,
        tell: &mut dyn FnMut(ModelEvent),
    ) -> Result<(), ModelError> {
        match payload {
            Ok(payload) => self.read_text(&payload, tell),
            Err(problem) => Err(self.unreadable(&problem, "")),
        }
    }

    /// Returns whether the answer has said that it is over.
    pub(super) fn is_done(&self) -> bool {
        self.reader.is_done()
    }

    /// Ends the answer; its bytes are over, or it has said so itself.
    pub(super) fn end(&mut self, tell: &mut dyn FnMut(ModelEvent)) -> Result<(), ModelError> {
        if let Some(body) = self.record_whole() {
            self.read_text(&body, tell)?;
        }
        let reason = self.reader.finish().ok_or_else(|| self.cut_off())?;
        tell(ModelEvent::Finished(reason));
        Ok(())
    }

    /// Records an answer that came in one piece, and returns it.
    pub(super) fn record_whole(&self) -> Option<String> {
        let Body::Whole(body) = &self.body else {
            return None;
        };
        let body = String::from_utf8_lossy(body).into_owned();
        self.tap.response(self.status, &self.headers, Some(&body));
        Some(body)
    }

    /// Ends the answer where the connection broke.
    pub(super) fn broken(&self, error: &reqwest::Error) -> ModelError {
        let id = request_id(&self.headers);
        let error = not_read(error, self.status.as_u16(), id, self.tap.secrets());
        self.tap.request_error(&error, self.rest().as_deref());
        error
    }

    pub(super) fn tap(&self) -> &WireTap {
        &self.tap
    }

    fn read_text(
        &mut self,
        payload: &str,
        tell: &mut dyn FnMut(ModelEvent),
    ) -> Result<(), ModelError> {
        self.reader.read(payload, tell).map_err(|problem| {
            let (status, secrets) = (self.status.as_u16(), self.tap.secrets());
            match failed_in_stream(status, &self.headers, payload, secrets) {
                Some(error) => {
                    self.tap.request_error(&error, Some(payload));
                    error
                }
                None => self.unreadable(&problem.to_string(), payload),
            }
        })
    }

    fn unreadable(&self, problem: &str, payload: &str) -> ModelError {
        self.tap.parse_error(problem, payload);
        let status = self.status.as_u16();
        malformed(status, &self.headers, problem, payload, self.tap.secrets())
    }

    fn cut_off(&self) -> ModelError {
        let rest = self.rest();
        let ended = "the stream ended before the answer did";
        let message = match &rest {
            Some(rest) => {
                format!("{ended}, in the middle of {}", self.tap.secrets().mask(rest))
            }
            None => ended.to_owned(),
        };
        let error = truncated(self.status.as_u16(), &self.headers, &message);
        self.tap.request_error(&error, rest.as_deref());
        error
    }

    /// What came after the last whole payload.
    fn rest(&self) -> Option<String> {
        let rest = match &self.body {
            Body::Stream(payloads) => payloads.rest(),
            Body::Whole(body) => String::from_utf8_lossy(body).into_owned(),
        };
        Some(rest).filter(|rest| !rest.is_empty())
    }
}

impl Body {
    fn of(headers: &HeaderMap) -> Self {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_whole = kind.is_some_and(|kind| {
            kind.starts_with("application/json") || kind.starts_with("text/html")
        });
        if is_whole { Self::Whole(Vec::new()) } else { Self::Stream(Payloads::new()) }
    }
}

/// Records an answer that is none, and makes the error that it stands for.
pub(super) fn refusal(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    tap: &WireTap,
) -> ModelError {
    let body = String::from_utf8_lossy(body);
    tap.response(status, headers, Some(&body));
    let error = refused(status.as_u16(), headers, &body, tap.secrets());
    tap.request_error(&error, Some(&body));
    error
}
