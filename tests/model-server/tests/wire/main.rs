//! What goes over the wire, seen by a plain HTTP client.

mod bodies;
mod client;
mod errors;
mod faults;
mod headers;
mod messages;
mod recorded;
mod requests;
mod scripts;
mod streams;
mod timing;
mod usage;
