//! HTML reports: what is in the file, and what a browser makes of it.

mod browser;
mod fixtures;
mod stored;
mod structure;
