//! Runs that end before their time, and go on.

mod abort;
mod child;
mod kill;
mod limits;
mod rescoring;
mod resume;
mod stopping;
mod support;
