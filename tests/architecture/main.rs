//! The invariants of the design that the sources and the manifests can show.

mod boundaries;
mod circles;
mod compatibility;
mod crates;
mod dependencies;
mod examples;
mod packages;
mod sources;
