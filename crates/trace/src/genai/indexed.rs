//! Puts messages together of which each piece is an attribute of its own, such as
//! `gen_ai.prompt.0.role`.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::{Map, Value as Json};

use super::{aliases::Key, json, values};
use crate::{node::FieldNode, value::Value};

/// The number of steps that a key may have after its beginning: known ones have six.
const MAX_STEPS: usize = 12;

/// Messages that were put together, and what went wrong meanwhile.
#[derive(Debug, Default)]
pub(super) struct Gathered<'a> {
    pub(super) messages: Vec<Json>,
    /// The first key of a piece; `None` if there is none.
    pub(super) first: Option<&'a str>,
    /// What could not be read.
    pub(super) wrong: Complaints<'a>,
    /// What a limit of the capture cut.
    pub(super) cut: Complaints<'a>,
}

/// The first of several complaints, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Complaints<'a> {
    first: Option<(&'a str, String)>,
    count: usize,
}

/// A piece of messages, or several.
#[derive(Debug)]
enum Node<'a> {
    Leaf(Json),
    Branch(BTreeMap<Step<'a>, Node<'a>>),
}

/// A part of a key between dots.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step<'a> {
    Number(u64),
    Name(&'a str),
}

/// Gathers the messages whose pieces are under a beginning of keys, in the order of their numbers.
pub(super) fn gather<'a>(key: Key, fields: impl Iterator<Item = &'a FieldNode>) -> Gathered<'a> {
    let mut gathered = Gathered::default();
    let mut root = BTreeMap::new();
    for field in fields {
        let Some(rest) = key.rest(&field.key) else { continue };
        gathered.first.get_or_insert(&field.key);
        if field.cut {
            gathered.cut.add(&field.key, "was cut by a limit of the capture; its end is missing");
        }
        match read(rest, &field.value, &mut gathered.wrong, &field.key) {
            Ok(Some(piece)) => {
                if let Err(wrong) = insert(&mut root, rest, piece) {
                    gathered.wrong.add(&field.key, wrong);
                }
            }
            Ok(None) => {}
            Err(wrong) => gathered.wrong.add(&field.key, &wrong),
        }
    }
    gathered.messages = root.into_values().map(Node::into_json).collect();
    gathered
}

/// Reads the value of a piece. Content that is a list of parts is written as JSON.
fn read<'a>(
    rest: &str,
    value: &Value,
    wrong: &mut Complaints<'a>,
    key: &'a str,
) -> values::Outcome<Json> {
    let (Value::Str(text) | Value::Debug(text)) = value else { return values::other_json(value) };
    if rest.ends_with(".content") && text.starts_with("[{") {
        match json::parse(text) {
            Ok(parts) if are_parts(&parts) => return Ok(Some(parts)),
            Ok(_) => {}
            Err(problem) => wrong.add(key, &format!("{problem}; it is read as a text")),
        }
    }
    Ok(Some(Json::String(text.clone())))
}

fn are_parts(value: &Json) -> bool {
    let is_part = |item: &Json| item.get("type").is_some_and(Json::is_string);
    value.as_array().is_some_and(|items| items.iter().all(is_part))
}

/// Puts a piece at its place.
fn insert<'a>(
    root: &mut BTreeMap<Step<'a>, Node<'a>>,
    path: &'a str,
    piece: Json,
) -> Result<(), &'static str> {
    let mut steps = path.splitn(MAX_STEPS + 1, '.').map(Step::of).peekable();
    if path.split('.').count() > MAX_STEPS {
        return Err("has more steps than any message");
    }
    if !matches!(steps.peek(), Some(Step::Number(_))) {
        return Err("has no number of a message");
    }
    let mut branch = root;
    while let Some(step) = steps.next() {
        let entry = branch.entry(step);
        if steps.peek().is_none() {
            return match entry {
                Entry::Vacant(entry) => {
                    entry.insert(Node::Leaf(piece));
                    Ok(())
                }
                Entry::Occupied(_) => Err("is the beginning of other keys, or there twice"),
            };
        }
        let below = entry.or_insert_with(|| Node::Branch(BTreeMap::new()));
        let Node::Branch(below) = below else {
            return Err("goes on from a key that has a value itself");
        };
        branch = below;
    }
    Ok(())
}

impl<'a> Step<'a> {
    fn of(step: &'a str) -> Self {
        let is_number = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        match step.parse() {
            Ok(number) if is_number => Self::Number(number),
            _ => Self::Name(step),
        }
    }

    fn into_key(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Name(name) => name.to_owned(),
        }
    }
}

impl Node<'_> {
    /// Makes a list of what has numbers only, whatever they are, and an object of anything else.
    fn into_json(self) -> Json {
        match self {
            Self::Leaf(value) => value,
            Self::Branch(below) if below.keys().all(|step| matches!(step, Step::Number(_))) => {
                below.into_values().map(Self::into_json).collect()
            }
            Self::Branch(below) => {
                let entries =
                    below.into_iter().map(|(step, node)| (step.into_key(), node.into_json()));
                Json::Object(entries.collect::<Map<String, Json>>())
            }
        }
    }
}

impl<'a> Complaints<'a> {
    fn add(&mut self, key: &'a str, wrong: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| (key, wrong.to_owned()));
    }

    /// Returns the key that the first complaint is about, with all of them in one line.
    pub(super) fn told(self) -> Option<(&'a str, String)> {
        let (key, first) = self.first?;
        let more = self.count.saturating_sub(1);
        Some((key, if more == 0 { first } else { format!("{first}; and {more} more like it") }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::genai::aliases::{Attribute, Form};

    fn prompts() -> Key {
        let mut keys = Attribute::InputMessages.keys().iter();
        *keys.find(|key| key.form == Form::Indexed).expect("a beginning of keys")
    }

    fn fields(pieces: &[(&str, &str)]) -> Vec<FieldNode> {
        let field = |(key, value): &(&str, &str)| FieldNode {
            key: format!("{}{key}", prompts().name).into(),
            value: (*value).into(),
            cut: false,
        };
        pieces.iter().map(field).collect()
    }

    #[test]
    fn pieces_make_messages_in_the_order_of_their_numbers() {
        let fields = fields(&[
            ("10.role", "user"),
            ("2.role", "assistant"),
            ("2.tool_calls.0.id", "c1"),
            ("2.tool_calls.0.name", "look"),
            ("0.content", "[{\"type\":\"text\",\"text\":\"hi\"}]"),
            ("1.content", "[{\"a\":1}]"),
        ]);
        let found = gather(prompts(), fields.iter());
        assert_eq!(
            found.messages,
            [
                json!({"content": [{"type": "text", "text": "hi"}]}),
                json!({"content": "[{\"a\":1}]"}),
                json!({"role": "assistant", "tool_calls": [{"id": "c1", "name": "look"}]}),
                json!({"role": "user"}),
            ]
        );
        assert_eq!(found.wrong.told(), None);
    }

    #[test]
    fn keys_that_no_message_has_are_told() {
        for (pieces, expected) in [
            (vec![("0x.role", "user")], "has no number"),
            (vec![("0.content", "a"), ("0.content.0", "b")], "goes on from a key"),
            (vec![("0.content.0", "b"), ("0.content", "a")], "the beginning of other keys"),
            (vec![("0.a.b.c.d.e.f.g.h.i.j.k.l", "b")], "more steps"),
            (vec![("0.content", "[{\"type\":")], "read as a text"),
            (vec![("0x", ""), ("0y", "")], "and 1 more like it"),
        ] {
            let fields = fields(&pieces);
            let (_, wrong) = gather(prompts(), fields.iter()).wrong.told().expect("a complaint");
            assert!(wrong.contains(expected), "{wrong}");
        }
    }

    #[test]
    fn numbers_of_any_size_take_no_room() {
        let fields = fields(&[("18446744073709551615.role", "user"), ("0.role", "system")]);
        let found = gather(prompts(), fields.iter());
        assert_eq!(found.messages, [json!({"role": "system"}), json!({"role": "user"})]);
    }
}
