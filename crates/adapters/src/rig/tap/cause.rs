//! What is behind an error of rig's transport.

use std::error::Error;

use rig_core::http_client;

/// Returns the error behind a transport's, whose text repeats what is behind it, URLs among it.
pub(in crate::rig) fn cause(error: &http_client::Error) -> &(dyn Error + 'static) {
    match error {
        http_client::Error::Instance(error) => &**error,
        error => error,
    }
}
