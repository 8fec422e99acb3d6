//! One HTTP request of rig and its answer: told to the raw capture, to the span, and to the model call.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use probity_eval::model::{ModelError, RawTap, RawTelemetryConfig};
use probity_trace::Redaction;
use rig_core::http_client;
use tracing::Span;

use super::{
    answer::{Answer, Suspect},
    span,
};
use crate::http::{Admitted, Secrets, WireTap};

/// One HTTP request and its answer.
#[derive(Debug)]
pub(in crate::rig) struct Exchange {
    wire: WireTap,
    span: Span,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    answer: Answer,
    failure: Option<ModelError>,
    has_failed: bool,
    admitted: Admitted,
}

/// What a model call asks.
impl Exchange {
    /// Returns the HTTP status and the provider's identifier of the request, once the head of the answer is
    /// there.
    pub(in crate::rig) fn head(&self) -> Option<(u16, Option<String>)> {
        self.lock().answer.head()
    }

    /// Returns whether a piece of text is the next one of a refusal, which then is used up.
    pub(in crate::rig) fn take_refusal(&self, text: &str) -> bool {
        self.lock().answer.take_refusal(text)
    }

    /// Takes out why the exchange failed, if the tap saw that.
    pub(in crate::rig) fn take_failure(&self) -> Option<ModelError> {
        self.lock().failure.take()
    }

    /// Records a failure that only rig saw.
    pub(in crate::rig) fn fail_with(&self, error: &ModelError) {
        let is_first = !std::mem::replace(&mut self.lock().has_failed, true);
        if is_first {
            span::record_error(&self.span, error);
            self.wire.request_error(error, None);
        }
    }

    /// Returns the secrets of the request.
    pub(in crate::rig) fn secrets(&self) -> &Secrets {
        self.wire.secrets()
    }
}

/// What the client tells.
impl Exchange {
    /// Begins an exchange, of which these raw entries are made. The current span is that of rig.
    pub(super) fn begin<T: AsRef<[u8]>>(
        request: &Request<T>,
        raw: RawTelemetryConfig,
        admitted: Admitted,
    ) -> Arc<Self> {
        let wire = WireTap::new(RawTap::with_config(raw));
        let url = request.uri().to_string();
        wire.request(request.method(), &url, request.headers(), request.body().as_ref());
        let span = span::of_call();
        span::record_wait(&span, &admitted);
        let state = State { admitted, ..State::default() };
        Arc::new(Self { wire, span, state: Mutex::new(state) })
    }

    /// The head of a streamed answer is there.
    pub(super) fn begin_stream(&self, status: StatusCode, headers: &HeaderMap) {
        self.wire.response(status, headers, None);
        self.begin_body(status, headers);
    }

    /// The head of an answer is there that is not streamed, and the body is awaited.
    pub(super) fn begin_body(&self, status: StatusCode, headers: &HeaderMap) {
        let mut state = self.lock();
        state.answer.begin(status, headers);
        if status.is_success() {
            state.admitted.accepted();
        }
    }

    /// A whole answer is there. Returns whether it is a failure.
    pub(super) fn whole(&self, status: StatusCode, headers: &HeaderMap, body: &str) -> bool {
        self.wire.response(status, headers, Some(body));
        self.begin_body(status, headers);
        let suspect = self.lock().answer.whole(body, self.secrets());
        let failed = suspect.is_some();
        match suspect {
            Some(suspect) => self.confirm(suspect),
            None => self.close(),
        }
        failed
    }

    /// An answer is there that is no stream though one was asked for.
    pub(super) fn of_wrong_type(&self, status: StatusCode, headers: &HeaderMap, body: &str) {
        self.wire.response(status, headers, Some(body));
        self.begin_body(status, headers);
        let suspect = self.lock().answer.of_wrong_type(body, self.secrets());
        if let Some(suspect) = suspect {
            self.confirm(suspect);
        }
    }

    /// A payload of the stream is there.
    pub(super) fn payload(&self, payload: &str) {
        self.wire.payload(payload);
        self.lock().answer.payload(payload, self.secrets());
    }

    /// Rig reads on, so that nothing was wrong with what it got.
    pub(super) fn go_on(&self) {
        self.lock().answer.acquit();
    }

    /// The stream has ended, with `rest` after the last whole payload.
    pub(super) fn end(&self, rest: Option<&str>) {
        let cut_off = self.lock().answer.cut_off(rest, self.secrets());
        match cut_off {
            Some(error) => self.fail(error, rest),
            None => self.close(),
        }
    }

    /// Rig reads no more, be it that it has all or that it could not go on.
    pub(super) fn close(&self) {
        let closed = {
            let mut state = self.lock();
            let tokens = state.answer.tokens();
            state.admitted.end(tokens);
            state.answer.close()
        };
        match closed {
            Ok(Some(finish)) => span::record_finish(&self.span, &finish),
            Ok(None) => {}
            Err(suspect) => self.confirm(suspect),
        }
    }

    /// Nothing was answered, or what was could not be read to its end.
    ///
    /// `rest` is what came after the last whole payload. Returns the error as rig may have it: without the
    /// secrets that a refusal may repeat.
    pub(super) fn break_off(
        &self,
        error: http_client::Error,
        rest: Option<&str>,
    ) -> http_client::Error {
        match error {
            http_client::Error::InvalidStatusCodeWithDetails { status, body, headers } => {
                self.whole(status, &headers, &body);
                let body = self.without_secrets(&body).into_owned();
                http_client::Error::InvalidStatusCodeWithDetails { status, body, headers }
            }
            error => {
                let failure = self.lock().answer.broken(&error, self.secrets());
                self.fail(failure, rest);
                error
            }
        }
    }

    /// Returns whether raw entries are recorded.
    pub(super) fn is_raw(&self) -> bool {
        self.wire.is_active()
    }

    /// Returns whether the provider has said that the answer is at its end.
    pub(super) fn has_ended(&self) -> bool {
        self.lock().answer.progress().has_ended()
    }

    /// Returns whether the provider sends nothing more.
    pub(super) fn is_complete(&self) -> bool {
        self.lock().answer.progress().is_complete()
    }

    /// Returns whether the last payload looks wrong.
    pub(super) fn is_suspect(&self) -> bool {
        self.lock().answer.is_suspect()
    }

    /// Returns the bytes of an error without its secrets.
    pub(super) fn bytes_without_secrets(&self, bytes: Bytes) -> Bytes {
        let text = String::from_utf8_lossy(&bytes);
        match self.without_secrets(&text) {
            masked if masked == text => bytes,
            masked => masked.into_owned().into(),
        }
    }

    /// Returns the text of an error without its secrets, those of the request and those that are known by
    /// name or shape: rig logs what a provider says of an error.
    fn without_secrets<'a>(&self, text: &'a str) -> Cow<'a, str> {
        static REDACTION: OnceLock<Redaction> = OnceLock::new();
        let redaction = REDACTION.get_or_init(Redaction::new);
        match self.secrets().mask(text) {
            Cow::Borrowed(text) => redaction.scrub(text),
            Cow::Owned(masked) => Cow::Owned(redaction.scrub(&masked).into_owned()),
        }
    }
}

impl Exchange {
    fn confirm(&self, suspect: Suspect) {
        let Suspect { error, payload, is_unreadable } = suspect;
        if is_unreadable {
            self.wire.parse_error(&error.to_string(), &payload);
            self.note(error);
        } else {
            self.fail(error, Some(&payload));
        }
    }

    fn fail(&self, error: ModelError, body: Option<&str>) {
        self.wire.request_error(&error, body);
        self.note(error);
    }

    fn note(&self, error: ModelError) {
        span::record_error(&self.span, &error);
        let mut state = self.lock();
        state.admitted.failed(&error);
        // Of what broke off it is not known how much it took.
        let tokens = if state.answer.head().is_some() { state.answer.tokens() } else { Some(0) };
        state.admitted.end(tokens);
        state.has_failed = true;
        state.failure = Some(error);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
