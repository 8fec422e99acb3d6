//! The agent under test: asks the model what to do and does it, until the model has an answer.

use std::sync::Arc;

use probity::{
    Llm, NotGraded, Session, Trial, TrialError,
    eval::{Budget, TextTurn, scripted::ScriptedModel},
};
use serde::{Deserialize, Serialize};
use tracing::instrument;

use crate::{
    effect,
    model::decide,
    shop::{Books, Shop},
    tools::{Tools, definitions},
};

/// After so many answers of the model the agent gives up.
const MOST_TURNS: u32 = 12;

/// What a customer writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
    pub(crate) from: String,
    pub(crate) text: String,
}

/// What the agent made of a letter: its answer, and what it wrote to the books of the shop.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) reply: String,
    pub(crate) books: Books,
}

/// Serves a customer, in a shop that is this trial's own.
pub(crate) async fn serve(letter: &Letter) -> Result<Service, TrialError> {
    let trial = Trial::current().ok_or("no trial is running")?;
    // Without a database there is nothing to say of the agent.
    let shop = Shop::open().map_err(NotGraded::new)?;
    let mut tools = Tools::new(shop, &letter.from, trial.seed());
    let model = ScriptedModel::from_fn(decide).with_name("stand-in").with_seed(trial.seed());
    let llm = Llm::new(Arc::new(model), Budget::unlimited()).with_content_capture(true);
    let reply = converse(&llm, letter, &mut tools).await;
    effect::leave(&trial)?;
    Ok(Service { reply: reply?, books: tools.shop.books().map_err(NotGraded::new)? })
}

/// Goes on until the model answers without asking for a tool.
#[instrument(name = "invoke_agent", skip_all, fields(
    gen_ai.operation.name = "invoke_agent",
    gen_ai.agent.name = "service",
))]
async fn converse(llm: &Llm, letter: &Letter, tools: &mut Tools) -> Result<String, TrialError> {
    let definitions = definitions();
    let mut session = Session::new();
    session.push_system("You serve the customers of a shop. Keep to its policy.");
    session.push_user(&letter.text);
    for _ in 0..MOST_TURNS {
        let turn = definitions.iter().cloned().fold(session.text_turn(llm), TextTurn::tool);
        let answer = turn.collect().await?;
        if answer.tool_calls.is_empty() {
            return Ok(answer.text);
        }
        session.push_assistant(&answer);
        for call in &answer.tool_calls {
            let id = call.id.as_deref().unwrap_or_default();
            session.push_tool_response(id, tools.call(id, &call.name, &call.arguments));
        }
    }
    Err(format!("the model had no answer after {MOST_TURNS} turns").into())
}
