//! Probes on captures and on streams.

mod capture;
mod live;
mod streams;
