//! What families do not carry, each with the reason.

/// A field that a family does not carry.
#[derive(Debug)]
pub(super) struct Gap {
    /// The beginning of the name of the family.
    pub(super) family: &'static str,
    pub(super) field: &'static str,
    pub(super) reason: &'static str,
}

impl Gap {
    pub(super) fn is_of(&self, family: &str, field: &str) -> bool {
        self.field == field && family.starts_with(self.family)
    }
}

const fn gap(family: &'static str, field: &'static str, reason: &'static str) -> Gap {
    Gap { family, field, reason }
}

const NO_USAGE: &str = "the stream was not asked for its tokens, and its end says none";
const ONLY_TEXT: &str = "of a stream the wrapper records the text alone";
const ONLY_DETAILS: &str = "with openai 3 this version records details of the tokens alone";

const NO_TIME: &str = "it does not record when the answer began";
const NO_AGENTS: &str = "it has no agents: a trajectory or an outer call is none";

pub(super) const GAPS: &[Gap] = &[
    gap("emitted: Vercel", "agents", NO_AGENTS),
    gap("emitted: Vercel", "agent_answer", NO_AGENTS),
    gap("emitted: Vercel", "agent_of_call", NO_AGENTS),
    gap("emitted: Pydantic-AI 1", "conversation", "versions before 2 have no conversations"),
    gap("emitted: Pydantic-AI 1", "first_token_ms", NO_TIME),
    gap("emitted: Judgment", "first_token_ms", NO_TIME),
    gap("emitted: Lunette", "agents", NO_AGENTS),
    gap("emitted: Lunette", "agent_answer", NO_AGENTS),
    gap("emitted: Lunette", "agent_of_call", NO_AGENTS),
    gap("recorded: Vercel generate", "cache_read", "generateText does not record it"),
    gap("recorded: Vercel generate", "reasoning", "generateText does not record it"),
    gap("recorded: Pydantic-AI 1.10", "input", ONLY_DETAILS),
    gap("recorded: Pydantic-AI 1.10", "output", ONLY_DETAILS),
    gap("recorded: Pydantic-AI 1.10", "cache_read", ONLY_DETAILS),
    gap("recorded: Pydantic-AI 1.10", "conversation", "versions before 2 have no conversations"),
    gap("recorded: Judgment stream", "response_id", ONLY_TEXT),
    gap("recorded: Judgment stream", "finish", ONLY_TEXT),
    gap("recorded: OpenLLMetry stream", "input", NO_USAGE),
    gap("recorded: OpenLLMetry stream", "output", NO_USAGE),
    gap("recorded: OpenLLMetry stream", "cache_read", NO_USAGE),
    gap("recorded: OpenLLMetry stream", "reasoning", NO_USAGE),
    gap("recorded: OpenLLMetry responses, 0.49", "operations", "it names no type of request"),
    gap("recorded: OpenLLMetry responses, 0.49", "finish", "it records none for this API"),
    gap("recorded: OpenLLMetry anthropic stream, 0.49", "input", "it records no tokens of streams"),
    gap(
        "recorded: OpenLLMetry anthropic stream, 0.49",
        "output",
        "it records no tokens of streams",
    ),
    gap(
        "recorded: OpenLLMetry anthropic stream, 0.49",
        "cache_read",
        "it records no tokens of streams",
    ),
    gap(
        "recorded: OpenLLMetry anthropic stream, 0.49",
        "cache_write",
        "it records no tokens of streams",
    ),
    gap(
        "recorded: OpenLLMetry anthropic stream, 0.49",
        "response_model",
        "it records none of streams",
    ),
];
