//! What a span describes: a model call, a tool call, the run of an agent, or none of them.

/// What a span describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A call of a model.
    Model(Task),
    /// A call of a tool.
    Tool,
    /// A run of an agent.
    Agent,
}

/// What a model was asked to do. A call within another is a part of it only if the task is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Task {
    /// To write text or to call tools.
    Generate,
    /// To turn a text into a vector.
    Embed,
    /// To order documents.
    Rerank,
    /// To write down speech.
    Transcribe,
    /// To make an image.
    Draw,
    /// To speak.
    Speak,
}

impl Task {
    /// The number of tasks.
    pub(super) const COUNT: usize = Self::Speak as usize + 1;

    /// Returns the operation of the conventions that asks for it.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Generate => "chat",
            Self::Embed => "embeddings",
            Self::Rerank => "rerank",
            Self::Transcribe => "transcription",
            Self::Draw => "image_generation",
            Self::Speak => "audio_generation",
        }
    }
}

const GENERATE: Option<Kind> = Some(Kind::Model(Task::Generate));
const EMBED: Option<Kind> = Some(Kind::Model(Task::Embed));
const RERANK: Option<Kind> = Some(Kind::Model(Task::Rerank));

/// The names that a dialect has for spans, each with what a span of it describes. Those of no call are
/// here too, since a span of a name that is not here counts as a model call if it names a provider and a
/// model.
type Names = &'static [(&'static str, Option<Kind>)];

/// The keys under which dialects say what a span is, with their names. The first that a span has and
/// whose name is known counts.
pub(super) const DIALECTS: [(&str, Names); 6] = [
    ("gen_ai.operation.name", OPERATIONS),
    ("openinference.span.kind", OPENINFERENCE),
    ("ai.operationId", VERCEL),
    ("llm.request.type", OPENLLMETRY),
    ("traceloop.span.kind", TRACELOOP),
    ("judgment.span_kind", JUDGMENT),
];

const OPERATIONS: Names = &[
    ("chat", GENERATE),
    ("text_completion", GENERATE),
    ("generate_content", GENERATE),
    ("embeddings", EMBED),
    ("rerank", RERANK),
    ("transcription", Some(Kind::Model(Task::Transcribe))),
    ("image_generation", Some(Kind::Model(Task::Draw))),
    ("audio_generation", Some(Kind::Model(Task::Speak))),
    ("execute_tool", Some(Kind::Tool)),
    ("invoke_agent", Some(Kind::Agent)),
    ("create_agent", None),
    ("create_memory", None),
    ("create_memory_store", None),
    ("delete_memory", None),
    ("delete_memory_store", None),
    ("evaluation", None),
    ("fetch_response", None),
    ("invoke_workflow", None),
    ("plan", None),
    ("retrieval", None),
    ("search_memory", None),
    ("update_memory", None),
    ("upsert_memory", None),
];

const OPENINFERENCE: Names = &[
    ("LLM", GENERATE),
    ("EMBEDDING", EMBED),
    ("RERANKER", RERANK),
    ("TOOL", Some(Kind::Tool)),
    ("AGENT", Some(Kind::Agent)),
    ("CHAIN", None),
    ("EVALUATOR", None),
    ("GUARDRAIL", None),
    ("PROMPT", None),
    ("RETRIEVER", None),
];

/// Those without `.do` lie around one or several with it, and repeat them.
const VERCEL: Names = &[
    ("ai.generateText", GENERATE),
    ("ai.generateText.doGenerate", GENERATE),
    ("ai.streamText", GENERATE),
    ("ai.streamText.doStream", GENERATE),
    ("ai.generateObject", GENERATE),
    ("ai.generateObject.doGenerate", GENERATE),
    ("ai.streamObject", GENERATE),
    ("ai.streamObject.doStream", GENERATE),
    ("ai.embed", EMBED),
    ("ai.embed.doEmbed", EMBED),
    ("ai.embedMany", EMBED),
    ("ai.embedMany.doEmbed", EMBED),
    ("ai.rerank", RERANK),
    ("ai.rerank.doRerank", RERANK),
    ("ai.toolCall", Some(Kind::Tool)),
];

const OPENLLMETRY: Names =
    &[("chat", GENERATE), ("completion", GENERATE), ("embedding", EMBED), ("rerank", RERANK)];

const TRACELOOP: Names =
    &[("agent", Some(Kind::Agent)), ("tool", Some(Kind::Tool)), ("task", None), ("workflow", None)];

/// What is only a function to Judgment may be more by its other attributes.
const JUDGMENT: Names = &[
    ("llm", GENERATE),
    ("tool", Some(Kind::Tool)),
    ("agent", Some(Kind::Agent)),
    ("generator", None),
    ("generator_item", None),
];

/// Returns whether a model call of this operation may be one that generates: none that is known to be of
/// another task.
pub(super) fn generates(operation: &str) -> bool {
    let known = |(name, kind): &(&str, Option<Kind>)| {
        matches!(kind, Some(Kind::Model(task)) if *task != Task::Generate)
            && name.eq_ignore_ascii_case(operation)
    };
    !DIALECTS.iter().any(|(_, names)| names.iter().any(known))
}

/// What a dialect calls a span.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Called {
    /// It does not speak of the span.
    #[default]
    Nothing,
    /// A name that is not known.
    Unknown,
    /// A name that is known, with what it stands for.
    Known(Option<Kind>),
}

/// Returns what a dialect calls a span by this name.
pub(super) fn called(dialect: usize, name: &str) -> Called {
    let names = DIALECTS.get(dialect).map_or(&[][..], |(_, names)| *names);
    let known = names.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map_or(Called::Unknown, |(_, kind)| Called::Known(*kind))
}
