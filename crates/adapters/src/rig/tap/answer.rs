//! The answer to a request as it comes, and what is wrong with it.

use std::collections::VecDeque;

use http::{HeaderMap, StatusCode};
use probity_eval::model::ModelError;
use probity_trace::genai::FinishReason;
use rig_core::http_client;
use serde_json::Value;

use super::{
    cause::cause,
    framing::is_of_type,
    progress::{self, Progress},
    tokens::Tokens,
};
use crate::http::{
    Secrets, failed_in_stream, malformed, not_connected, not_read, refused, request_id, truncated,
};

/// The answer to a request as it comes.
///
/// Rig does not say whether it could read an answer, but reads no further where it could not. So a payload
/// that looks wrong is an error only once nothing is read after it.
#[derive(Debug, Default)]
pub(super) struct Answer {
    head: Option<(StatusCode, HeaderMap)>,
    progress: Progress,
    tokens: Tokens,
    suspect: Option<Suspect>,
    /// Pieces of text that are a refusal, which rig does not tell from an answer.
    refusals: VecDeque<String>,
}

/// A payload that looks wrong.
#[derive(Debug)]
pub(super) struct Suspect {
    pub(super) error: ModelError,
    pub(super) payload: String,
    /// It cannot be read; else it reports an error.
    pub(super) is_unreadable: bool,
}

impl Answer {
    pub(super) fn begin(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.head = Some((status, headers.clone()));
    }

    /// Returns the HTTP status and the provider's identifier of the request.
    pub(super) fn head(&self) -> Option<(u16, Option<String>)> {
        let (status, headers) = self.head.as_ref()?;
        Some((status.as_u16(), request_id(headers)))
    }

    /// Returns how far the answer has come.
    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Returns how many tokens the call took, if the answer has said so; none where it was refused.
    pub(super) fn tokens(&self) -> Option<u64> {
        let is_refused = self.head.as_ref().is_some_and(|(status, _)| !status.is_success());
        if is_refused { Some(0) } else { self.tokens.used() }
    }

    /// Returns whether a piece of text is the next one of a refusal, which then is used up.
    pub(super) fn take_refusal(&mut self, text: &str) -> bool {
        self.refusals.pop_front_if(|refusal| refusal == text).is_some()
    }

    /// Reads a payload of a stream.
    pub(super) fn payload(&mut self, payload: &str, secrets: &Secrets) {
        let suspect = match payload.trim() {
            "" => return, // It keeps the connection alive.
            "[DONE]" => return self.progress.done(),
            _ => self.read(payload, secrets),
        };
        self.suspect = self.suspect.take().or(suspect);
    }

    /// Reads an answer that is not streamed.
    pub(super) fn whole(&mut self, body: &str, secrets: &Secrets) -> Option<Suspect> {
        let (status, headers) = self.head.as_ref()?;
        if !status.is_success() {
            let error = refused(status.as_u16(), headers, body, secrets);
            return Some(Suspect { error, payload: body.to_owned(), is_unreadable: false });
        }
        // Sounds, pictures and plain texts are answers too, and a page is what a proxy sends for one.
        let is_json = is_of_type(headers, &["", "application/json", "text/html"]);
        is_json.then(|| self.read(body, secrets)).flatten()
    }

    /// Reads an answer that is no stream though one was asked for.
    pub(super) fn of_wrong_type(&self, body: &str, secrets: &Secrets) -> Option<Suspect> {
        let (status, headers) = self.head.as_ref()?;
        let status = status.as_u16();
        let reported = failed_in_stream(status, headers, body, secrets);
        let is_unreadable = reported.is_none();
        let error = reported.unwrap_or_else(|| {
            malformed(status, headers, "the answer is no stream of events", body, secrets)
        });
        Some(Suspect { error, payload: body.to_owned(), is_unreadable })
    }

    /// Returns whether the last payload looks wrong.
    pub(super) fn is_suspect(&self) -> bool {
        self.suspect.is_some()
    }

    /// Nothing was wrong with the payloads so far.
    pub(super) fn acquit(&mut self) {
        self.suspect = None;
    }

    /// Ends the answer; returns the payload that was wrong, or else why the model stopped.
    pub(super) fn close(&mut self) -> Result<Option<FinishReason>, Suspect> {
        match self.suspect.take() {
            Some(suspect) => Err(suspect),
            None => Ok(self.progress.finish().cloned()),
        }
    }

    /// Returns the error of a stream that ends here, if it may not; `rest` is what came after the last whole
    /// payload.
    pub(super) fn cut_off(&self, rest: Option<&str>, secrets: &Secrets) -> Option<ModelError> {
        let (status, headers) = self.head.as_ref()?;
        let rest = rest.map(|rest| secrets.mask(rest));
        let place = rest.as_ref().map(|rest| format!(", in the middle of {rest}"));
        let message =
            format!("the stream ended before the answer did{}", place.unwrap_or_default());
        let error = truncated(status.as_u16(), headers, &message);
        self.progress.is_cut_off(rest.is_some()).then_some(error)
    }

    /// Returns the error of an answer that did not come, or broke off.
    pub(super) fn broken(&self, error: &http_client::Error, secrets: &Secrets) -> ModelError {
        match self.head() {
            None => not_connected(cause(error), secrets),
            Some((status, request_id)) => not_read(cause(error), status, request_id, secrets),
        }
    }

    /// Reads a payload; what is wrong with it is returned.
    fn read(&mut self, payload: &str, secrets: &Secrets) -> Option<Suspect> {
        let (status, headers) = self.head.as_ref()?;
        let status = status.as_u16();
        let suspect =
            |error, is_unreadable| Suspect { error, payload: payload.to_owned(), is_unreadable };
        let value: Value = match serde_json::from_str(payload) {
            Ok(value) => value,
            Err(error) => {
                let problem = format!("the answer is no JSON ({error})");
                let error = malformed(status, headers, &problem, payload, secrets);
                return Some(suspect(error, true));
            }
        };
        self.progress.see(&value);
        self.tokens.see(&value);
        self.refusals.extend(progress::refusal(&value).map(str::to_owned));
        failed_in_stream(status, headers, payload, secrets).map(|error| suspect(error, false))
    }
}
