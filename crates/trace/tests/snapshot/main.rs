//! What a snapshot says of itself: as a tree, as JSON, compared, and asked.

mod builder;
mod compare;
mod depth;
mod diff;
mod fixture;
mod hostile;
mod json;
mod matchers;
mod properties;
mod sample;
mod tree;
