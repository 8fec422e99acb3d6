//! Why a panel gave no verdict.

use std::fmt;

use super::report::MemberReport;

/// Why a panel gave no verdict.
///
/// The artifact was not graded, which is not the same as failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PanelError {
    /// Too few members graded.
    #[error("{}: {}", no_quorum(*graded, *quorum, members.len()), listed(members))]
    #[non_exhaustive]
    NoQuorum {
        /// How many graded.
        graded: usize,
        /// How many are needed.
        quorum: usize,
        /// Each member, in the order of the panel, without its report.
        members: Vec<MemberReport<()>>,
    },
    /// The panel has no members.
    #[error("panel has no members")]
    Empty,
    /// Two members have one name, so that their verdicts could not be told apart.
    #[error("two members of the panel are named {name:?}")]
    #[non_exhaustive]
    RepeatedName {
        /// The name.
        name: String,
    },
    /// The quorum that was set cannot be.
    #[error("panel of {members} members has the quorum {quorum}, not a number in 1..={members}")]
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

    /// Returns what prints the error without what the members said, which may be content.
    pub(super) fn without_members(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(move |f| match self {
            Self::NoQuorum { graded, quorum, members } => {
                write!(f, "{}", no_quorum(*graded, *quorum, members.len()))
            }
            other => write!(f, "{other}"),
        })
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
