//! Datasets of every format, read into types.

use std::collections::BTreeMap;

use probity_eval_runner::{
    Case,
    dataset::{Dataset, Format, Source},
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    text: String,
    delay: u8,
    #[serde(default)]
    urgent: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Pay,
    Deny { because: String },
}

fn question(text: &str, delay: u8) -> Question {
    Question { text: text.to_owned(), delay, urgent: None }
}

/// The cases that each of the texts below says.
fn expected() -> Vec<Case<Question, Verdict>> {
    vec![
        Case::new("late", question("It was late, \"very\" late.", 4))
            .with_expected(Verdict::Pay)
            .with_tags(["refund", "air line"])
            .with_group("air")
            .with_metadata("level", 3)
            .with_metadata("origin", json!({"batch": "007"})),
        Case::new("7", question("été 🦀", 0))
            .with_expected(Verdict::Deny { because: "early".to_owned() }),
        Case::new("bare", question("", 255)),
    ]
}

const JSONL: &str = r#"
{"id": "late", "input": {"text": "It was late, \"very\" late.", "delay": 4}, "expected": "pay", "tags": ["refund", "air line"], "group": "air", "metadata": {"level": 3, "origin": {"batch": "007"}}}

{"input": {"delay": 0, "text": "été 🦀"}, "id": 7, "expected": {"deny": {"because": "early"}}, "tags": null}
  {"id": "bare", "input": {"text": "", "delay": 255, "urgent": null}, "expected": null, "metadata": {}}
"#;

const CSV: &str = r#"id, input.text ,input.delay,expected,tags,group,metadata.level,metadata.origin.batch
late,"It was late, ""very"" late.",4,pay,refund; air line;,air,3,007

7,été 🦀, 0,"{""deny"": {""because"": ""early""}}",,,,
bare,,255,,,,,
"#;

const TOML: &str = r#"
[[cases]] # the first
id = "late"
expected = "pay"
tags = ["refund", "air line"]
group = "air"
metadata = { level = 3, origin.batch = "007" }
[cases.input]
text = 'It was late, "very" late.'
delay = 4

[[cases]]
id = 7
input = { text = "été 🦀", delay = 0 }
expected.deny.because = "early"

[[cases]]
id = "bare"
input = { text = "", delay = 255 }
"#;

const YAML: &str = r#"
# A list, or the same under `cases`.
- id: late
  input:
    text: It was late, "very" late.
    delay: 4
  expected: pay
  tags: [refund, air line]
  group: air
  metadata: {level: 3, origin: {batch: 007}}
- id: 7
  input: {text: été 🦀, delay: 0}
  expected: {deny: {because: early}}
  tags:
- id: bare
  input: {text: "", delay: 255, urgent: ~}
"#;

#[track_caller]
fn check(text: &str, format: Format, lines: [u64; 3]) {
    let windows = text.replace('\n', "\r\n");
    for text in [text.to_owned(), windows, format!("\u{feff}{text}"), text.trim_end().to_owned()] {
        let dataset: Dataset<Question, Verdict> =
            Dataset::from_text(&text, format).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(dataset.cases(), expected());
        for (case, line) in dataset.iter().zip(lines) {
            let origin = dataset.origin(&case.id).expect("an origin");
            assert_eq!((&*origin.source, origin.line), (&Source::Text(format), Some(line)));
        }
    }
}

#[test]
fn all_formats_say_the_same_with_any_line_ending_and_mark() {
    check(JSONL, Format::Jsonl, [2, 4, 5]);
    check(CSV, Format::Csv, [2, 4, 5]);
    check(TOML, Format::Toml, [2, 12, 17]);
    check(YAML, Format::Yaml, [3, 11, 15]);
}

#[test]
fn yaml_may_have_its_list_under_a_key_and_share_parts() {
    let indented = YAML.replace('\n', "\n  ");
    let dataset: Dataset<Question, Verdict> =
        Dataset::from_yaml(&format!("cases:{indented}")).unwrap();
    assert_eq!(dataset.cases(), expected());

    let shared = "- &first {id: a, input: {text: t, delay: 1}}\n- {<<: *first, id: b}\n";
    let dataset: Dataset<Question> = Dataset::from_yaml(shared).unwrap();
    assert_eq!(dataset.cases()[1], Case::new("b", question("t", 1)));
}

#[test]
fn yaml_words_are_texts_where_yaml_1_2_says_so() {
    let text = "- {id: 007, input: no, expected: 1_000}\n- {id: yes, input: on}\n";
    let dataset: Dataset<String, String> = Dataset::from_yaml(text).unwrap();
    assert_eq!(
        dataset.cases(),
        [
            Case::new("007", "no".to_owned()).with_expected("1_000".to_owned()),
            Case::new("yes", "on".to_owned()),
        ]
    );
}

#[test]
fn yaml_of_many_cases_and_many_aliases_is_no_bomb() {
    let first = "- {id: first, input: {text: &t same, delay: 1}}\n".to_owned();
    let rows = (0..30_000).map(|i| format!("- {{id: c{i}, input: {{text: *t, delay: 2}}}}\n"));
    let text: String = std::iter::once(first).chain(rows).collect();
    let dataset: Dataset<Question> = Dataset::from_yaml(&text).unwrap();
    assert_eq!(dataset.cases().len(), 30_001);
}

#[test]
fn a_csv_cell_is_what_is_asked_for() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Id(u16);
    #[derive(Debug, PartialEq, Deserialize)]
    struct All {
        text: String,
        letter: char,
        small: i8,
        share: f64,
        yes: bool,
        wrapped: Id,
        none: Option<u8>,
        some: Option<u8>,
        list: Vec<u8>,
        pair: (u8, String),
        map: BTreeMap<String, u8>,
        nested: Nested,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Nested {
        a: u8,
        deep: BTreeMap<String, String>,
    }
    let text = "id,input.text,input.letter,input.small,input.share,input.yes,input.wrapped,input.none,\
        input.some,input.list,input.pair,input.map,input.nested.a,input.nested.deep.x,input.nested.deep.y\n\
        1,42,x,-7,1e-3, true,9,,5,\"[1,2]\",\"[1,\"\"a\"\"]\",\"{\"\"k\"\":1}\",3,1,true\n";
    let dataset: Dataset<All> = Dataset::from_csv(text).unwrap();
    let pairs = [("x", "1"), ("y", "true")];
    assert_eq!(
        dataset.cases()[0],
        Case::new(
            "1",
            All {
                text: "42".to_owned(),
                letter: 'x',
                small: -7,
                share: 1e-3,
                yes: true,
                wrapped: Id(9),
                none: None,
                some: Some(5),
                list: vec![1, 2],
                pair: (1, "a".to_owned()),
                map: BTreeMap::from([("k".to_owned(), 1)]),
                nested: Nested {
                    a: 3,
                    deep: pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into_iter().collect(),
                },
            }
        )
    );
}

#[test]
fn a_csv_cell_of_any_type_is_a_number_only_if_json_prints_it_so() {
    let cells = [
        ("1", json!(1)),
        ("-1.5", json!(-1.5)),
        ("1.0", json!(1.0)),
        ("true", json!(true)),
        ("", Value::Null),
        ("1.10", json!("1.10")),
        ("007", json!("007")),
        ("1e3", json!("1e3")),
        ("123456789012345678901234567890", json!("123456789012345678901234567890")),
        ("-", json!("-")),
        ("True", json!("True")),
        ("null", json!("null")),
        (" 1", json!(" 1")),
        ("[1]", json!("[1]")),
    ];
    for (cell, value) in cells {
        let text = format!("id,input.v,metadata.v\na,{cell},{cell}\n");
        let dataset: Dataset<Value> = Dataset::from_csv(&text).unwrap();
        assert_eq!(dataset.cases()[0].input, json!({ "v": value }), "{cell:?}");
        let metadata = dataset.cases()[0].metadata.get("v").cloned();
        assert_eq!(metadata, (!cell.is_empty()).then_some(value), "{cell:?}");
    }
}

#[test]
fn a_csv_input_may_be_one_column_and_expected_several() {
    let text = "expected.total,expected.items,input,id\n3,\"[\"\"a\"\"]\",What is it?,a\n,,,b\n";
    let dataset: Dataset<String, Value> = Dataset::from_csv(text).unwrap();
    assert_eq!(
        dataset.cases(),
        [
            Case::new("a", "What is it?".to_owned())
                .with_expected(json!({"total": 3, "items": "[\"a\"]"})),
            Case::new("b", String::new()),
        ]
    );
}

#[test]
fn a_line_may_be_very_long() {
    let long = "é".repeat(2_000_000);
    let text = format!("{{\"id\": \"long\", \"input\": {long:?}}}\n");
    let dataset: Dataset<String> = Dataset::from_jsonl(&text).unwrap();
    assert_eq!(dataset.cases()[0].input, long);
}

#[test]
fn datasets_are_iterated_joined_and_made_from_code() {
    let first: Dataset<u8> = Dataset::from_jsonl(r#"{"id": "a", "input": 1}"#).unwrap();
    let second = Dataset::from_cases([Case::new("b", 2)]).unwrap();
    let joined = first.join(second).unwrap();
    assert_eq!((&joined).into_iter().map(|case| case.input).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(joined.origin("b").unwrap().to_string(), "the program");
    assert_eq!(joined.origin("a").unwrap().to_string(), "line 1 of the JSONL text");
    assert_eq!(joined.into_iter().map(|case| case.id).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn dates_and_times_of_toml_are_texts() {
    let text = "[[cases]]\nid = \"a\"\ninput = 2024-01-02\nmetadata.at = [07:32:00, 1979-05-27T07:32:00Z]\n";
    let cases = Dataset::<Value>::from_text(text, Format::Toml).unwrap();
    let case = cases.iter().next().unwrap();
    assert_eq!(case.input, json!("2024-01-02"));
    assert_eq!(case.metadata["at"], json!(["07:32:00", "1979-05-27T07:32:00Z"]));
}
