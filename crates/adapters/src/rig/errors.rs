//! Turns rig's errors into those of probity.

use probity_eval::model::{ModelError, ModelErrorKind};
use rig_core::{
    ProviderResponseError,
    error::{ErrorKind, ErrorReport, ProviderError},
    http_client,
};

use super::tap::{Call, cause};
use crate::{
    http::{Secrets, not_connected, refused},
    outgoing::invalid,
};

/// Turns an error of rig into one of probity.
///
/// What the tap has seen goes first: it knows the answer itself, of which rig tells less.
/// `has_begun` says whether there was a part of the answer.
pub(super) fn model_error(error: &ProviderError, call: &Call, has_begun: bool) -> ModelError {
    let exchange = call.exchange();
    if let Some(seen) = exchange.as_ref().and_then(|exchange| exchange.take_failure()) {
        return seen;
    }
    let Some(exchange) = exchange else {
        return of_rig(error, has_begun, &Secrets::default());
    };
    let mut error = of_rig(error, has_begun, exchange.secrets());
    if let Some((status, request_id)) = exchange.head() {
        error.status = error.status.or(Some(status));
        error.request_id = error.request_id.or(request_id);
    }
    exchange.fail_with(&error);
    error
}

/// Turns an error of rig into one of probity, by what rig knows.
pub(super) fn of_rig(error: &ProviderError, has_begun: bool, secrets: &Secrets) -> ModelError {
    let words = || secrets.mask(&without_label(error)).into_owned();
    let of_kind = |kind| ModelError::new(kind, words());
    match error {
        ProviderError::Http(error) => of_transport(error, has_begun, secrets),
        ProviderError::Url(_) | ProviderError::Request(_) | ProviderError::UnsupportedOption(_) => {
            invalid(words())
        }
        ProviderError::Json(_) | ProviderError::Response(_) => of_kind(ModelErrorKind::Malformed),
        ProviderError::Truncated => of_kind(ModelErrorKind::Truncated),
        ProviderError::Relayed(report) => of_report(report, secrets),
        error => match error.provider_response() {
            Some(response) => of_response(response, secrets),
            None => of_kind(ModelErrorKind::Other),
        },
    }
}

fn of_response(response: &ProviderResponseError, secrets: &Secrets) -> ModelError {
    let headers = response.headers.clone().unwrap_or_default();
    // Errors within an answer come under a status of success.
    let status = response.status.map_or(200, |status| status.as_u16());
    let mut error = refused(status, &headers, &response.body, secrets);
    error.status = response.status.map(|status| status.as_u16());
    error.request_id = error.request_id.or_else(|| response.provider_request_id.clone());
    error.should_retry = error.should_retry.or(response.transient);
    error
}

fn of_transport(error: &http_client::Error, has_begun: bool, secrets: &Secrets) -> ModelError {
    match error {
        http_client::Error::Instance(_) | http_client::Error::StreamEnded => {
            let mut connection = not_connected(cause(error), secrets);
            if has_begun && connection.kind == ModelErrorKind::Connection {
                connection.kind = ModelErrorKind::Truncated;
            }
            connection
        }
        http_client::Error::InvalidContentType(_) => {
            ModelError::new(ModelErrorKind::Malformed, error.to_string())
        }
        error => ModelError::new(ModelErrorKind::Other, error.to_string()),
    }
}

fn of_report(report: &ErrorReport, secrets: &Secrets) -> ModelError {
    if let Some(response) = &report.provider_response {
        return of_response(response, secrets);
    }
    let kind = match (report.http_status, report.kind) {
        (Some(status), _) => ModelErrorKind::from_status(status),
        (None, ErrorKind::Http) => ModelErrorKind::Connection,
        (None, ErrorKind::Timeout) => ModelErrorKind::Timeout,
        (None, ErrorKind::Json | ErrorKind::Response) => ModelErrorKind::Malformed,
        (None, ErrorKind::Request | ErrorKind::Url) => ModelErrorKind::InvalidRequest,
        (None, _) => ModelErrorKind::Other,
    };
    let mut error =
        ModelError::new(kind, secrets.mask(&report.message)).with_should_retry(report.retryable);
    (error.status, error.request_id) = (report.http_status, report.request_id.clone());
    error
}

/// Returns the words of an error without the name of its variant, which rig puts in front.
fn without_label(error: &ProviderError) -> String {
    let text = error.to_string();
    match text.split_once(": ") {
        Some((label, words)) if label.ends_with("Error") => words.to_owned(),
        _ => text,
    }
}
