//! Makes the view of a whole trace.

use std::rc::Rc;

use super::{
    AgentCall, GenAi, ToolCall, Unreadable,
    aliases::Attribute,
    events,
    kind::{Kind, Task},
    nesting::{self, Nested},
    places::{Place, Places},
    read::{self, Call},
    reader::Reader,
    same_tool,
    signs::{Signs, is_turn},
    tools,
    twins::Twins,
};
use crate::snapshot::{SpanRef, TraceSnapshot};

impl TraceSnapshot {
    /// Reads the model calls, tool calls and agents of the trace; see [`genai`](crate::genai).
    ///
    /// The whole trace is read anew at each call. What has the shape of a secret is masked, as it is
    /// wherever a trace is shown.
    #[must_use]
    pub fn genai(&self) -> GenAi {
        let mut found = Found::default();
        for span in self.all_spans() {
            found.add(span);
        }
        found.into_view()
    }

    /// Returns whether any span describes a model call, without reading what the calls say.
    #[must_use]
    pub fn has_llm_calls(&self) -> bool {
        self.all_spans().any(|span| matches!(Kind::of(&span), Some(Kind::Model(_))))
    }
}

/// The attributes from which the error of a call may come.
const ERRORS: &[Attribute] = &[
    Attribute::ErrorType,
    Attribute::StatusCode,
    Attribute::StatusDescription,
    Attribute::ExceptionType,
    Attribute::ExceptionMessage,
];

/// The attributes from which the tokens of a call may come.
const TOKENS: &[Attribute] = &[
    Attribute::InputTokens,
    Attribute::UncachedInputTokens,
    Attribute::OutputTokens,
    Attribute::TotalTokens,
    Attribute::CacheReadTokens,
    Attribute::CacheWriteTokens,
    Attribute::ReasoningTokens,
    Attribute::UsageDetails,
    Attribute::OutputMessages,
];

/// What was found so far, span by span.
#[derive(Debug, Default)]
struct Found {
    places: Places,
    llm_calls: Vec<Nested>,
    twins: Twins,
    tool_calls: Vec<ToolCall>,
    agents: Vec<AgentCall>,
    /// The first conversation that any span names.
    conversation: Option<Rc<str>>,
    unreadable: Vec<Unreadable>,
}

impl Found {
    fn add(&mut self, span: SpanRef<'_>) {
        let signs = Signs::of(&span);
        let kind = signs.kind(is_turn(&span));
        if kind.is_none() && !signs.say_more() {
            return self.places.add(span, None);
        }
        let (node, added) = (span.to_node(), events::of(span));
        let mut reader = Reader::new(&node, &added.fields);
        for (key, problem) in added.wrong {
            reader.note_of_event(key, problem);
        }
        let mut place = self.places.around(span);
        let call = kind.map(|kind| read::call(kind, &mut reader));
        match call {
            Some(Call::Model(call, task)) => {
                let found = Nested {
                    call: *call,
                    outer: None,
                    is_turn: is_turn(&span),
                    error_key: reader.first_key(ERRORS),
                    usage_key: reader.first_key(TOKENS),
                };
                self.add_model(found, span, task, &mut place);
            }
            Some(Call::Tool(call, conversation)) => {
                self.enter(conversation, &mut place);
                self.add_tool(*call, &mut place);
            }
            Some(Call::Agent(call)) => self.add_agent(*call, &mut place),
            None => {
                reader.check_names();
                self.enter(reader.text(Attribute::ConversationId), &mut place);
            }
        }
        self.unreadable.extend(reader.into_unreadable());
        self.places.add(span, Some(place));
    }

    /// Notes that a span names its conversation.
    fn enter(&mut self, conversation: Option<String>, place: &mut Place) {
        if let Some(conversation) = conversation {
            let conversation = Rc::from(conversation);
            self.conversation.get_or_insert_with(|| Rc::clone(&conversation));
            place.conversation = Some(conversation);
        }
    }

    fn add_model(&mut self, mut found: Nested, span: SpanRef<'_>, task: Task, place: &mut Place) {
        let call = &mut found.call;
        self.enter(call.conversation_id.take(), place);
        call.conversation_id = place.conversation.as_deref().map(str::to_owned);
        call.agent = call.agent.take().or_else(|| place.agent.as_deref().map(str::to_owned));
        call.time_to_first_token = call.time_to_first_token.or_else(|| events::first_token(span));
        let has_this_answer = |outer: &usize| {
            let outer = self.llm_calls.get(*outer);
            outer.is_some_and(|outer| outer.call.response_id == call.response_id)
        };
        let position = self.llm_calls.len();
        let mut outer = place.model(task).or_else(|| self.twins.before(call, span, position));
        if call.response_id.is_some() {
            outer = outer.or(place.answer.filter(has_this_answer));
            place.answer = Some(position);
        }
        place.enter_model(task, position);
        found.outer = outer;
        self.llm_calls.push(found);
    }

    /// Adds a tool call, unless its span only repeats the one around it.
    fn add_tool(&mut self, mut call: ToolCall, place: &mut Place) {
        if let Some(outer) = place.tool.and_then(|outer| self.tool_calls.get_mut(outer))
            && same_tool::is_repeated(outer, &call)
        {
            return same_tool::fill(outer, call);
        }
        call.agent = call.agent.or_else(|| place.agent.as_deref().map(str::to_owned));
        place.enter_tool(self.tool_calls.len());
        self.tool_calls.push(call);
    }

    fn add_agent(&mut self, mut agent: AgentCall, place: &mut Place) {
        self.enter(agent.conversation_id.take(), place);
        agent.conversation_id = place.conversation.as_deref().map(str::to_owned);
        if let Some(name) = &agent.name {
            place.agent = Some(Rc::from(name.as_str()));
        }
        place.tool = None;
        self.agents.push(agent);
    }

    fn into_view(mut self) -> GenAi {
        let (llm_calls, untold) = nesting::counted(self.llm_calls);
        self.unreadable.extend(untold);
        let tool_calls = tools::joined(self.tool_calls, &llm_calls);
        let of_calls = llm_calls.iter().find_map(|call| call.conversation_id.clone());
        let of_spans = || self.conversation.as_deref().map(str::to_owned);
        GenAi {
            conversation_id: of_calls.or_else(of_spans),
            llm_calls,
            tool_calls,
            agents: self.agents,
            unreadable: self.unreadable,
        }
    }
}
