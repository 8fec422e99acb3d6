//! What CI reads of a run.

mod github;
mod junit;
mod support;
