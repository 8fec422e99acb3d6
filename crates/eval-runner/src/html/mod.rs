//! One HTML file of a run: curve, strip, comparison, cases, and every trial to open.
//!
//! The file needs nothing beside it and nothing from the network. What is seen first is written first; the trials
//! follow in compressed blocks, of which a browser unpacks one when a trial is opened, so that ten thousand trials
//! open as fast as ten. Rows are written as they come, and none is kept.
//!
//! [`HtmlReport`] makes the file of a run, of a [`SuiteRun`](crate::runner::SuiteRun) in memory or of a
//! [`StoredRun`]. [`Page`] is what lies between, and takes [`TrialSummary`] and
//! [`TrialRow`] from anywhere.
//!
//! What has the shape of a secret is masked everywhere, in traces and artifacts alike. What is too large is cut, and
//! the page says how much: see [`HtmlLimits`].

mod blocks;
mod curve;
mod detail;
mod document;
mod forest;
mod gate;
mod in_memory;
mod index;
mod limits;
mod listed;
mod page;
mod reasons;
mod report;
mod row;
mod shown;
mod stored;
mod strip;
mod summary;
pub(crate) mod words;
mod write;

pub use limits::HtmlLimits;
pub use page::Page;
pub use report::HtmlReport;
pub use row::TrialRow;
pub use stored::{HtmlError, StoredRun};
pub use summary::{Mark, TrialSummary};
