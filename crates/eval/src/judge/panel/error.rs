//! Why a panel gave no verdict.

use std::{error::Error, fmt, sync::Arc};

use super::{cause::is_of_model, report::MemberReport};

/// Why a panel gave no verdict.
///
/// The artifact was not graded, which is not the same as failed. Where too few members graded, the source is the
/// first of their errors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PanelError {
    /// Too few members graded.
    #[non_exhaustive]
    NoQuorum {
        /// How many graded.
        graded: usize,
        /// How many are needed.
        quorum: usize,
        /// Each member, in the order of the panel, without its report.
        members: Vec<MemberReport<()>>,
        /// The errors of those that did not grade, in the order of the panel.
        errors: Vec<Arc<dyn Error + Send + Sync>>,
    },
    /// The panel has no members.
    Empty,
    /// Two members have one name, so that their verdicts could not be told apart.
    #[non_exhaustive]
    RepeatedName {
        /// The name.
        name: String,
    },
    /// The quorum that was set cannot be.
    #[non_exhaustive]
    InvalidQuorum {
        /// The quorum.
        quorum: usize,
        /// The number of members.
        members: usize,
    },
}

impl PanelError {
    /// Returns what the panel's span records as `error.type`.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::NoQuorum { .. } => "no_quorum",
            Self::Empty | Self::RepeatedName { .. } | Self::InvalidQuorum { .. } => "invalid_panel",
        }
    }

    /// Returns whether models that did not answer are all that kept the panel from a verdict: each error of a member
    /// is, or comes from, a [`ModelError`](crate::ModelError).
    ///
    /// A refusal, a reply that cannot be read and a budget that is spent are no such errors, nor is one that is
    /// only text.
    pub fn is_infrastructure(&self) -> bool {
        self.errors().next().is_some() && self.errors().all(is_of_model)
    }

    /// Returns the errors of the members that did not grade, in the order of the panel.
    fn errors(&self) -> impl Iterator<Item = &(dyn Error + 'static)> {
        let errors: &[Arc<dyn Error + Send + Sync>] = match self {
            Self::NoQuorum { errors, .. } => errors,
            _ => &[],
        };
        errors.iter().map(|error| -> &(dyn Error + 'static) { &**error })
    }

    /// Returns what prints the error without what the members said, which may be content.
    pub(super) fn without_members(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(move |f| match self {
            Self::NoQuorum { graded, quorum, members, .. } => {
                write!(f, "{}", no_quorum(*graded, *quorum, members.len()))
            }
            other => write!(f, "{other}"),
        })
    }
}

impl fmt::Display for PanelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoQuorum { graded, quorum, members, .. } => {
                write!(f, "{}: {}", no_quorum(*graded, *quorum, members.len()), listed(members))
            }
            Self::Empty => f.write_str("panel has no members"),
            Self::RepeatedName { name } => {
                write!(f, "two members of the panel are named {name:?}")
            }
            Self::InvalidQuorum { quorum, members } => write!(
                f,
                "panel of {members} members has the quorum {quorum}, not a number in 1..={members}"
            ),
        }
    }
}

impl Error for PanelError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.errors().next()
    }
}

fn no_quorum(graded: usize, quorum: usize, members: usize) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        let needed = if quorum == 1 { "is" } else { "are" };
        write!(f, "{graded} of {members} members of the panel graded, and {quorum} {needed} needed")
    })
}

fn listed(members: &[MemberReport<()>]) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| {
        members.iter().enumerate().try_for_each(|(index, member)| {
            let before = if index == 0 { "" } else { "; " };
            write!(f, "{before}{member}")
        })
    })
}
