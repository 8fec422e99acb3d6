//! What a panel found, member by member.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::rule::{PanelRule, Verdict};
use crate::{excerpt::Excerpt, score::Score, scored::Scored, self_scoring::SelfScoring};

/// What a panel found, with what each member found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PanelReport<R> {
    /// How the members came to one verdict.
    pub rule: PanelRule,
    /// The score, by the rule.
    pub score: Score,
    /// Whether it passed, by the rule.
    pub passed: bool,
    /// Whether as many members passed it as failed it, where the majority decides; it has not passed then.
    pub tied: bool,
    /// Each member, in the order of the panel, those that did not grade among them.
    pub members: Vec<MemberReport<R>>,
}

/// What one member of a panel found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MemberReport<R> {
    /// The member's name.
    pub name: String,
    /// The model that was there to ask, if there was one.
    pub model: Option<String>,
    /// What it found.
    pub verdict: MemberVerdict<R>,
}

/// What a member of a panel found, or why it found nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MemberVerdict<R> {
    /// It graded the artifact.
    Graded(Scored<R>),
    /// It did not, and so it does not count.
    #[non_exhaustive]
    NotGraded {
        /// What its error says.
        error: Excerpt,
    },
}

impl<R> PanelReport<R> {
    pub(super) fn new(rule: PanelRule, verdict: &Verdict, members: Vec<MemberReport<R>>) -> Self {
        let Verdict { score, passed, tied } = *verdict;
        Self { rule, score, passed, tied, members }
    }

    /// Returns the number of members that graded.
    pub fn graded(&self) -> usize {
        self.members.iter().filter(|member| member.scored().is_some()).count()
    }

    /// Returns the number of members that did not grade.
    pub fn not_graded(&self) -> usize {
        self.members.len() - self.graded()
    }

    /// Returns what the member with this name found.
    pub fn member(&self, name: &str) -> Option<&MemberReport<R>> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl<R> MemberReport<R> {
    /// Returns what it found, if it graded.
    pub fn scored(&self) -> Option<&Scored<R>> {
        match &self.verdict {
            MemberVerdict::Graded(scored) => Some(scored),
            MemberVerdict::NotGraded { .. } => None,
        }
    }

    /// Leaves out the report, and keeps score and verdict.
    pub(super) fn bare(self) -> MemberReport<()> {
        let verdict = match self.verdict {
            MemberVerdict::Graded(scored) => MemberVerdict::Graded(scored.map(drop)),
            MemberVerdict::NotGraded { error } => MemberVerdict::NotGraded { error },
        };
        MemberReport { name: self.name, model: self.model, verdict }
    }
}

impl<R> SelfScoring for PanelReport<R> {
    fn passed(&self) -> bool {
        self.passed
    }

    fn score(&self) -> Score {
        self.score
    }
}

/// Prints the verdict, how many members graded, and on a line of its own each member.
impl<R> fmt::Display for PanelReport<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, score, passed, members, .. } = self;
        let verdict = if *passed { "passed" } else { "failed" };
        write!(f, "{verdict} by {rule}, score {score:.2}")?;
        if self.tied {
            f.write_str(", a tie")?;
        }
        write!(f, "; {} of {} members graded", self.graded(), members.len())?;
        members.iter().try_for_each(|member| write!(f, "\n- {member}"))
    }
}

impl<R> fmt::Display for MemberReport<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(model) = &self.model {
            write!(f, " ({model})")?;
        }
        match &self.verdict {
            MemberVerdict::Graded(Scored { score, passed, .. }) => {
                let verdict = if *passed { "passed" } else { "failed" };
                write!(f, ": {verdict}, score {score:.2}")
            }
            MemberVerdict::NotGraded { error } => write!(f, ": not graded: {error}"),
        }
    }
}
