//! Choosing cases by id and by tag.
//!
//! ```
//! use probity_eval_runner::{Case, select::Selection};
//!
//! let cases: [Case<i32>; 3] = [
//!     Case::new("air-1", 1).with_tags(["refund"]),
//!     Case::new("air-2", 2).with_tags(["refund", "slow"]),
//!     Case::new("rail-1", 3).with_tags(["refund"]),
//! ];
//! let selection = Selection::new()
//!     .id("air-*".parse()?)
//!     .tag("refund".parse()?)
//!     .tag("!slow".parse()?);
//! let chosen = selection.choose(&cases)?;
//! assert_eq!(chosen.iter().map(|case| case.input).collect::<Vec<_>>(), [1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`Filter`] is a pattern in which `*` stands for any characters and `?` for one; all other characters stand for
//! themselves. With `!` before it, it takes away what it matches.
//!
//! Of several ids, a case matches any and none of those with `!`; of several tags, it has all and none of those with
//! `!`. A filter that no case matches is an error that names what is like it, since it is most often a slip.

mod error;
mod filter;
mod selection;

pub use crate::nearest::nearest;
pub use error::SelectionError;
pub use filter::{Filter, FilterError};
pub use selection::Selection;
