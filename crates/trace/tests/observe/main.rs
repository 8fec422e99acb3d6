//! Observed functions: what they record, whatever they look like.

mod errors;
mod functions;
mod futures_and_streams;
mod kinds;
mod layers;
mod options;
mod sessions;
mod support;
mod traits;
