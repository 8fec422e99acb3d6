//! Errors of the connection, as a [`ModelError`].

use std::{error::Error, io, iter};

use probity_eval::model::{ModelError, ModelErrorKind};

use super::secrets::Secrets;

/// Makes the error of a request that got no answer.
pub(crate) fn not_connected(error: &(dyn Error + 'static), secrets: &Secrets) -> ModelError {
    let kind = if is_timeout(error) {
        ModelErrorKind::Timeout
    } else if is_of_network(error) {
        ModelErrorKind::Connection
    } else {
        ModelErrorKind::Other
    };
    ModelError::new(kind, secrets.mask(&words(error)))
}

/// Makes the error of an answer that could not be read to its end.
pub(crate) fn not_read(
    error: &(dyn Error + 'static),
    status: impl Into<Option<u16>>,
    request_id: Option<String>,
    secrets: &Secrets,
) -> ModelError {
    let kind = if is_timeout(error) { ModelErrorKind::Timeout } else { ModelErrorKind::Truncated };
    let mut error = ModelError::new(kind, secrets.mask(&words(error)));
    (error.status, error.request_id) = (status.into(), request_id);
    error
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| {
        let io = error.downcast_ref::<io::Error>();
        let client = error.downcast_ref::<reqwest::Error>();
        io.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
            || client.is_some_and(reqwest::Error::is_timeout)
    })
}

/// Returns whether the network is behind an error, and not the request or something in between.
fn is_of_network(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| {
        let client = error.downcast_ref::<reqwest::Error>();
        error.is::<io::Error>() || client.is_some_and(|error| !error.is_builder())
    })
}

/// Returns what an error and those behind it say, without the URLs that the client puts in: they
/// may carry keys.
fn words(error: &(dyn Error + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    for error in chain(error) {
        let text = match error.downcast_ref::<reqwest::Error>() {
            Some(error) => said_by_client(error).to_owned(),
            None => error.to_string(),
        };
        // Some errors repeat what is behind them.
        if !words.iter().any(|said| said.contains(&text)) {
            words.push(text);
        }
    }
    words.join(": ")
}

fn said_by_client(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "the time limit of the client is over"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_body() || error.is_decode() {
        "the body could not be read"
    } else if error.is_builder() {
        "the request could not be made"
    } else {
        "the request could not be sent"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("outer")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn what_is_behind_an_error_tells_its_kind_and_is_said_once() {
        let error = Outer(io::Error::new(io::ErrorKind::TimedOut, "too late"));
        let error = not_connected(&error, &Secrets::default());
        assert_eq!((error.kind, error.message()), (ModelErrorKind::Timeout, "outer: too late"));

        let error = Outer(io::Error::new(io::ErrorKind::ConnectionReset, "reset"));
        assert_eq!(not_connected(&error, &Secrets::default()).kind, ModelErrorKind::Connection);
        let other = "no permit".parse::<u8>().unwrap_err();
        assert_eq!(not_connected(&other, &Secrets::default()).kind, ModelErrorKind::Other);
        let error = not_read(&error, 200, Some("req_1".into()), &Secrets::default());
        assert_eq!((error.kind, error.status), (ModelErrorKind::Truncated, Some(200)));
    }
}
