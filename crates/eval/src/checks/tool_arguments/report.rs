//! What a check of arguments found.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    checks::{
        json_diff::Difference,
        report::all_or_nothing,
        shortlist::{Shortlist, write_joined},
    },
    excerpt::Excerpt,
};

/// Report of [`tool_arguments`](super::tool_arguments).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolArgumentsReport {
    /// Whether the tool was called as expected.
    pub passed: bool,
    /// The tool.
    pub tool: String,
    /// What its arguments are to be.
    pub expected: String,
    /// Whether they are to be so in every call, not in one alone.
    pub in_every_call: bool,
    /// How many calls have such arguments.
    pub matching: usize,
    /// The calls of the tool, in the order in which they began.
    pub calls: Shortlist<CallArguments>,
}

all_or_nothing!(ToolArgumentsReport);

/// The arguments of one call of a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallArguments {
    /// The arguments; `None` if they were not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Excerpt>,
    /// Whether they are what was asked for.
    pub matched: bool,
    /// Where they differ from it; empty also where a closure was asked, which does not say.
    pub differences: Shortlist<Difference>,
}

impl fmt::Display for ToolArgumentsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tool, expected, matching, calls, .. } = self;
        let which = if self.in_every_call { "every" } else { "some" };
        let total = calls.total();
        write!(
            f,
            "expected {expected} in {which} call of {tool:?}, found in {matching} of {total}"
        )?;
        let unlike = calls.items.iter().enumerate().filter(|(_, call)| !call.matched);
        for (number, call) in unlike {
            write!(f, "; call {number}: {call}")?;
        }
        match calls.omitted {
            0 => Ok(()),
            omitted => write!(f, "; {omitted} more calls"),
        }
    }
}

/// Prints where the arguments differ or, where nothing says it, the arguments.
impl fmt::Display for CallArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.differences.is_empty() {
            return write_joined(f, &self.differences, ", ");
        }
        match &self.arguments {
            Some(arguments) => arguments.fmt(f),
            None => f.write_str("arguments not recorded"),
        }
    }
}
