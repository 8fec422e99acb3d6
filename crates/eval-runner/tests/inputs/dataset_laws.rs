//! Laws of reading datasets: nothing panics, and what is written is what is read.

use std::collections::BTreeMap;

use probity_eval_runner::{
    Case,
    dataset::{Dataset, Format},
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Input {
    text: String,
    number: i64,
    flag: bool,
}

fn case() -> impl Strategy<Value = Case<Input, String>> {
    let input = ("\\PC{0,12}", any::<i64>(), any::<bool>());
    let word = || "[a-z0-9][a-z0-9 é]{0,6}[a-z0-9]";
    let metadata = prop::collection::btree_map("[a-z]{1,4}", -99..99_i64, 0..3);
    let tags = prop::collection::vec(word(), 0..3);
    let expected = prop::option::of("\\PC{1,8}");
    (word(), input, expected, tags, prop::option::of(word()), metadata).prop_map(
        |(id, (text, number, flag), expected, tags, group, metadata)| {
            let mut case = Case::new(id, Input { text, number, flag }).with_tags(tags);
            case.expected = expected;
            case.group = group;
            let metadata = metadata.into_iter().map(|(key, value)| (key, Value::from(value)));
            case.metadata = metadata.collect::<Map<_, _>>();
            case
        },
    )
}

/// Cases of different ids.
fn cases() -> impl Strategy<Value = Vec<Case<Input, String>>> {
    prop::collection::vec(case(), 1..6).prop_map(|cases| {
        let cases: BTreeMap<_, _> = cases.into_iter().map(|case| (case.id.clone(), case)).collect();
        cases.into_values().collect()
    })
}

fn jsonl(cases: &[Case<Input, String>]) -> String {
    let rows = cases.iter().map(|case| serde_json::to_string(case).expect("JSON"));
    rows.collect::<Vec<_>>().join("\n")
}

/// JSON is YAML.
fn yaml(cases: &[Case<Input, String>]) -> String {
    serde_json::to_string(cases).expect("JSON")
}

fn csv(cases: &[Case<Input, String>]) -> String {
    let keys: Vec<&String> = cases.iter().flat_map(|case| case.metadata.keys()).collect();
    let keys: std::collections::BTreeSet<_> = keys.into_iter().collect();
    let columns = ["id", "input.text", "input.number", "input.flag", "expected", "tags", "group"];
    let header = columns.iter().map(|&column| column.to_owned());
    let header = header.chain(keys.iter().map(|key| format!("metadata.{key}")));
    let mut rows = vec![header.collect::<Vec<_>>().join(",")];
    for case in cases {
        let mut cells = vec![
            case.id.clone(),
            case.input.text.clone(),
            case.input.number.to_string(),
            case.input.flag.to_string(),
            case.expected.clone().unwrap_or_default(),
            case.tags.join(";"),
            case.group.clone().unwrap_or_default(),
        ];
        let value = |key: &String| case.metadata.get(key).map_or(String::new(), Value::to_string);
        cells.extend(keys.iter().map(|key| value(key)));
        let quoted = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        rows.push(quoted.collect::<Vec<_>>().join(","));
    }
    rows.join("\n")
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn what_was_written_is_read_again_from_any_format(cases in cases()) {
        for (format, text) in [
            (Format::Jsonl, jsonl(&cases)),
            (Format::Yaml, yaml(&cases)),
            (Format::Csv, csv(&cases)),
        ] {
            let read: Dataset<Input, String> = Dataset::from_text(&text, format)
                .map_err(|error| TestCaseError::fail(format!("{format}: {error}\n{text}")))?;
            prop_assert_eq!(read.cases(), &cases[..], "{}\n{}", format, text);
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic_and_problems_are_few(text in "\\PC{0,60}") {
        check_any(&text)?;
    }

    #[test]
    fn no_mixture_of_signs_makes_a_reader_panic(
        parts in prop::collection::vec(prop::sample::select(vec![
            "id", "input", "cases", "tags", "metadata", ":", ",", ".", "=", "- ", "[[", "]]", "[", "]", "{", "}",
            "\"", "'", "\n", "\r\n", "  ", "\t", "é", "#", "&a", "*a", "<<", "1", "null", ";", "---", "|", "\\",
        ]), 0..30),
    ) {
        check_any(&parts.concat())?;
    }
}

fn check_any(text: &str) -> Result<(), TestCaseError> {
    for format in [Format::Jsonl, Format::Csv, Format::Toml, Format::Yaml] {
        match Dataset::<Value, Value>::from_text(text, format) {
            Ok(dataset) => prop_assert!(!dataset.cases().is_empty()),
            Err(error) => {
                prop_assert!(error.to_string().lines().count() <= 22, "{}: {}", format, error);
            }
        }
    }
    Ok(())
}
