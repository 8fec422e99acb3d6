//! What a judge is told that compares two artifacts.

use serde::Deserialize;
use serde_json::{Value, json};

use super::report::{Ballot, Preference};
use crate::{
    answer_schema::{self, InvalidAnswer},
    judge::{
        exhibit::{Exhibit, Pair},
        fence,
    },
    model::ModelInput,
};

const RULES: &str = "\
You are a judge. You say which of two answers is better, the one between <answer_1> and </answer_1> or the \
one between <answer_2> and </answer_2>.";

const HABITS: &str = "\
Go by nothing but the question below: length, style and the order in which the answers are shown count only \
where it names them. If neither is better, say `tie`. Write the reason first, with what in the answers \
decides, and then the winner.";

/// What the judge replies. The reason comes before the winner in every order that JSON libraries keep.
#[derive(Deserialize)]
struct Answer {
    reason: String,
    winner: Shown,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shown {
    #[serde(rename = "answer_1")]
    First,
    #[serde(rename = "answer_2")]
    Second,
    Tie,
}

/// Returns the JSON Schema of a reply.
pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "reason": { "type": "string" },
            "winner": { "type": "string", "enum": [fence::FIRST, fence::SECOND, "tie"] },
        },
        "required": ["reason", "winner"],
        "additionalProperties": false,
    })
}

/// Writes what stays the same from pair to pair, so that providers can cache it.
pub(super) fn instructions(question: &str) -> String {
    format!("{RULES}\n\n{}\n\n{HABITS}\n\nThe question: {question}", fence::ABOUT)
}

/// Writes the question about one pair in both orders.
pub(super) fn inputs(instructions: &str, exhibit: &Exhibit<Pair<String>>) -> [ModelInput; 2] {
    let before = fence::surroundings(exhibit);
    let Pair { first, second } = &exhibit.artifact;
    let shown = |one: &str, two: &str| {
        let (one, two) = (fence::enclose(fence::FIRST, one), fence::enclose(fence::SECOND, two));
        let question = format!("{before}{one}\n\n{two}\n\nWhich answer is better? Reply as JSON.");
        ModelInput::from_user(question).with_system(instructions)
    };
    [shown(first, second), shown(second, first)]
}

/// Reads a reply about the pair in its order.
pub(super) fn read(reply: &Value) -> Result<Ballot, InvalidAnswer> {
    let Answer { reason, winner } = answer_schema::read(reply)?;
    let preference = match winner {
        Shown::First => Preference::First,
        Shown::Second => Preference::Second,
        Shown::Tie => Preference::Tie,
    };
    Ok(Ballot { preference, reason })
}

/// Reads a reply about the pair in the other order.
pub(super) fn read_swapped(reply: &Value) -> Result<Ballot, InvalidAnswer> {
    read(reply).map(|ballot| Ballot { preference: ballot.preference.swapped(), ..ballot })
}
