//! What others read of a run: a terminal while it goes on, CI when it has ended.
//!
//! | medium | what writes it | feature |
//! |---|---|---|
//! | the terminal, while a run goes on | `live` | `cli` |
//! | `JUnit` XML | `junit` | `junit` |
//! | the step summary of GitHub Actions | [`github`] | |
//!
//! Reports for people and machines are in [`report`](crate::report), the page in [`html`](crate::html).

pub mod github;
#[cfg(feature = "junit")]
pub mod junit;
#[cfg(feature = "cli")]
pub mod live;

mod line;
mod reasons;

#[cfg(feature = "cli")]
pub(crate) use line::line;
pub use reasons::{Reason, Reasons};
