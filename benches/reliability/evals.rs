//! The evals: what was done, what was said, and what was looked at before.

use probity::{
    Answer, PureEval, PureEvalExt as _, Scored, TraceSnapshot, eval::SelfScoring, from_fn,
};
use serde::Serialize;

use crate::{
    agent::{Letter, Service},
    cases::Expected,
    shop::Books,
};

type Served = Answer<Letter, Expected, Service>;
type Unknown = &'static str;

/// Says so where there is nothing to compare with: such a trial is not graded.
const NOTHING_EXPECTED: Unknown = "the case does not say what is expected";

/// Whether the books of the shop are what they should be.
#[derive(Debug, Serialize)]
pub(crate) struct BooksReport {
    expected: Books,
    found: Books,
}

impl SelfScoring for BooksReport {
    fn passed(&self) -> bool {
        self.expected == self.found
    }
}

/// Judges the last state of the database: what the agent did counts, not what it says it did.
pub(crate) fn right_books()
-> impl PureEval<Artifact = Served, Report = Scored<BooksReport>, Error = Unknown> {
    from_fn(|_, served: &Served| {
        let expected = served.case.expected.as_ref().ok_or(NOTHING_EXPECTED)?;
        Ok(BooksReport { expected: expected.books.clone(), found: served.books.clone() })
    })
    .scored()
}

/// Which of the words are missing that the answer must have.
#[derive(Debug, Serialize)]
pub(crate) struct ReplyReport {
    reply: String,
    missing: Vec<String>,
}

impl SelfScoring for ReplyReport {
    fn passed(&self) -> bool {
        self.missing.is_empty()
    }
}

/// Judges the answer to the customer.
pub(crate) fn right_reply()
-> impl PureEval<Artifact = Served, Report = Scored<ReplyReport>, Error = Unknown> {
    from_fn(|_, served: &Served| {
        let expected = served.case.expected.as_ref().ok_or(NOTHING_EXPECTED)?;
        let missing = expected.says.iter().filter(|words| !served.reply.contains(*words));
        Ok(ReplyReport { reply: served.reply.clone(), missing: missing.cloned().collect() })
    })
    .scored()
}

/// The calls that changed something without a look at what they depend on.
#[derive(Debug, Serialize)]
pub(crate) struct LookedReport {
    blind: Vec<String>,
}

impl SelfScoring for LookedReport {
    fn passed(&self) -> bool {
        self.blind.is_empty()
    }
}

/// Judges the trajectory: no refund before the policy was read, and nothing sent before a look at the stock. A
/// result can be right by luck; the trace shows it.
pub(crate) fn looked_first()
-> impl PureEval<Artifact = Served, Report = Scored<LookedReport>, Error = Unknown> {
    from_fn(|trace: &TraceSnapshot, _: &Served| {
        let view = trace.genai();
        let tools: Vec<&str> = view.tool_calls().iter().map(|call| &*call.name).collect();
        let blind = tools.iter().enumerate().filter(|(place, tool)| {
            let needs = match **tool {
                "refund" => "read_policy",
                "send_again" => "check_stock",
                _ => return false,
            };
            !tools.iter().take(*place).any(|before| *before == needs)
        });
        Ok(LookedReport { blind: blind.map(|(_, tool)| (*tool).to_owned()).collect() })
    })
    .scored()
}
