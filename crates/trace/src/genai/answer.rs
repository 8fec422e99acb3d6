//! Reads what a model answered, and what the request and the answer say where attributes are silent.

use serde_json::{Map, Value as Json};

use super::{
    LlmCall, Role,
    aliases::Attribute,
    bodies::{self, Facts},
    messages::Transcript,
    provider_usage::Said,
    reader::Reader,
};

/// Reads the answer: its messages, or what an emitter records of it piece by piece.
pub(super) fn of(reader: &mut Reader<'_>) -> Transcript {
    let whole = reader.messages(Attribute::OutputMessages, &Role::Assistant);
    let pieces = if whole.messages.is_empty() { pieces(reader) } else { Map::new() };
    if pieces.is_empty() {
        return whole;
    }
    let transcript = Transcript::of(Json::Object(pieces), &Role::Assistant);
    if let Some(problem) = transcript.problem() {
        reader.note(Attribute::AnswerToolCalls, problem);
    }
    transcript
}

/// Makes a message of the pieces of an answer.
fn pieces(reader: &mut Reader<'_>) -> Map<String, Json> {
    let text = reader.text(Attribute::AnswerText);
    let content = text.or_else(|| reader.text(Attribute::AnswerObject));
    let pieces = [
        ("reasoning", reader.text(Attribute::AnswerReasoning).map(Json::String)),
        ("content", content.map(Json::String)),
        ("tool_calls", reader.content(Attribute::AnswerToolCalls)),
    ];
    pieces.into_iter().filter_map(|(key, piece)| Some((key.to_owned(), piece?))).collect()
}

/// Fills what the attributes do not say from the request and the answer, where an emitter recorded them
/// as they were. Returns what the answer says of the tokens.
pub(super) fn complete(call: &mut LlmCall, reader: &mut Reader<'_>) -> Said {
    let request = reader.body(Attribute::InputMessages);
    let parameters = reader.object(Attribute::RequestParameters);
    let asked = request.as_ref().map(bodies::request).unwrap_or_default();
    let set = parameters.as_ref().map(bodies::request).unwrap_or_default();
    let answer = reader.body(Attribute::OutputMessages);
    let answered = answer.as_ref().map(bodies::answer).unwrap_or_default();
    let Facts { model, response_id, usage, .. } = answered;
    let either = reader.text(Attribute::Model);
    fill(&mut call.request_model, asked.model.or(set.model));
    fill(&mut call.previous_response_id, asked.previous_response_id);
    fill(&mut call.response_id, response_id);
    fill(&mut call.response_model, model);
    // A model that is named once is that of the answer, if there is one.
    let is_answered = call.error.is_none() || !call.output.is_empty();
    let model = if is_answered { &mut call.response_model } else { &mut call.request_model };
    fill(model, either);
    usage
}

fn fill(text: &mut Option<String>, other: Option<String>) {
    if text.is_none() {
        *text = other.filter(|other| !other.is_empty());
    }
}
