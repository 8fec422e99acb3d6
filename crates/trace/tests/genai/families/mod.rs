//! Every emitter family says the same: a table of families and fields, without a silent gap.

mod emitted;
mod facts;
mod gaps;
pub(crate) mod otlp;
mod recorded;

use std::collections::BTreeMap;

use probity_trace::genai::GenAi;
use serde_json::Value;

use self::{facts::facts, gaps::GAPS};

/// Compares what a view says with what the answers of the provider said, field by field. What a family
/// does not carry has to be empty and named with a reason, and what is named has to be missing.
#[derive(Debug, Default)]
struct Table {
    families: Vec<String>,
    /// For each field, the mark of each family; none where the run has nothing of the kind.
    marks: BTreeMap<String, BTreeMap<usize, &'static str>>,
    gaps: Vec<String>,
    wrong: Vec<String>,
}

impl Table {
    fn add(&mut self, family: &str, genai: &GenAi, expected: &Value) {
        let found = facts(genai);
        let number = self.families.len();
        self.families.push(family.to_owned());
        for (field, expected) in expected.as_object().expect("an object of fields") {
            let found = found.get(field).unwrap_or_else(|| panic!("no field {field}"));
            let gap = GAPS.iter().find(|gap| gap.is_of(family, field));
            let mark = match gap {
                None if found == expected => "yes",
                Some(gap) if is_empty(found) => {
                    self.gaps.push(format!("{family}: {field}: {}", gap.reason));
                    "no"
                }
                _ => {
                    let said = if gap.is_some() { "said to be missing" } else { "expected" };
                    self.wrong.push(format!("{family}: {field} is {found}, {said}: {expected}"));
                    "WRONG"
                }
            };
            self.marks.entry(field.clone()).or_default().insert(number, mark);
        }
        let unreadable = genai.unreadable().iter();
        self.wrong.extend(unreadable.map(|unreadable| format!("{family}: {unreadable:?}")));
    }

    #[track_caller]
    fn check(&self) {
        for (number, family) in self.families.iter().enumerate() {
            println!("({number}) {family}");
        }
        let numbers = || 0..self.families.len();
        let columns: Vec<String> = numbers().map(|number| format!("{number:>6}")).collect();
        println!("{:16}{}", "", columns.concat());
        for (field, marks) in &self.marks {
            let mark = |number| marks.get(&number).copied().unwrap_or("-");
            let row: Vec<String> = numbers().map(|number| format!("{:>6}", mark(number))).collect();
            println!("{field:16}{}", row.concat());
        }
        for gap in &self.gaps {
            println!("not carried by {gap}");
        }
        assert!(self.wrong.is_empty(), "\n{}", self.wrong.join("\n"));
    }
}

/// Returns whether nothing is known: no value, or none in a list of them.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        _ => false,
    }
}
