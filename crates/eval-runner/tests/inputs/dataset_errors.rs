//! What is said of rows that are no cases, word for word.

use probity_eval_runner::{
    Case,
    dataset::{Dataset, DatasetError, Format},
};
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize)]
struct Question {
    text: String,
    delay: u8,
}

#[track_caller]
fn check(format: Format, text: &str, problems: &[&str]) {
    let error = Dataset::<Question, String>::from_text(text, format).expect_err("bad rows");
    let expected =
        format!("the {format} text cannot be read as cases:\n  {}", problems.join("\n  "));
    assert_eq!(error.to_string(), expected);
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is only asked for")]
struct Login {
    password: u8,
}

const UNKNOWN: &str = "the fields are id, input, expected, tags, group, metadata, \
     and what else is known goes into metadata";
const NO_ID: &str = "the field \"id\" is missing: a name that is unique and stays the same, \
     since results are stored by it";
const A_CASE: &str = "expected a case with the fields \"id\" and \"input\"";

#[test]
fn every_bad_line_of_jsonl_is_named_with_its_field() {
    let rows = [
        r#"{"id": "a", "input": {"text": "é", "delay": "four"}}"#,
        r#"{"id": "b", "inptu": {"text": "t", "delay": 4}}"#,
        r#"{"id": "c", "difficulty": 3}"#,
        r#"{"input": {"text": "t", "delay": 4}}"#,
        r#"{"id": "d"}"#,
        r#"{"id": "e", "input": {"text": "t"}}"#,
        r#"{"id": "f", "input": {"text": "t", "delay": 256}}"#,
        r#"{"id": "g", "input": {"text": "t", "delay": 4}, "tags": ["x", 3]}"#,
        r#"{"id": "h", "input": {"text": "t", "delay": 4}, "tags": [""]}"#,
        r#"{"id": "", "input": {"text": "t", "delay": 4}}"#,
        r#"{"id": 1.5, "input": {"text": "t", "delay": 4}}"#,
        r#"{"id": "i", "id": "j", "input": {"text": "t", "delay": 4}}"#,
        r#"{"id": "k", "input": {"text": "t", "delay": 4}"#,
        r#"{"id": "l", "input": {"text": "t", "delay": 4}} {}"#,
        r#"[{"id": "m", "input": {"text": "t", "delay": 4}}]"#,
        r#"{"id": "n", "input": {"text": "t", "delay": 4}, "expected": 5}"#,
        "id: o",
    ];
    let problems = [
        "line 1, column 50: input.delay: invalid type: string \"four\", expected u8".to_owned(),
        format!("line 2, column 19: there is no field \"inptu\"; did you mean \"input\"? {UNKNOWN}"),
        format!("line 3, column 24: there is no field \"difficulty\"; {UNKNOWN}"),
        format!("line 4, column 36: {NO_ID}"),
        "line 5, column 11: the field \"input\" is missing".to_owned(),
        "line 6, column 34: input: missing field `delay`".to_owned(),
        "line 7, column 47: input.delay: invalid value: integer `256`, expected u8".to_owned(),
        "line 8, column 63: tags[1]: invalid type: integer `3`, expected a string".to_owned(),
        "line 9, column 61: tags: a tag is empty".to_owned(),
        "line 10, column 9: id: the id is empty".to_owned(),
        "line 11, column 10: id: invalid type: floating point `1.5`, expected a text or a whole number"
            .to_owned(),
        "line 12, column 16: the field \"id\" is there twice".to_owned(),
        "line 13, column 46: EOF while parsing an object; a line holds one whole JSON object".to_owned(),
        "line 14, column 49: there is more after the object; each case has a line of its own".to_owned(),
        format!("line 15: invalid type: sequence, {A_CASE}"),
        "line 16, column 61: expected: invalid type: integer `5`, expected a string".to_owned(),
        "line 17, column 1: expected value".to_owned(),
    ];
    let problems: Vec<&str> = problems.iter().map(String::as_str).collect();
    check(Format::Jsonl, &rows.join("\n"), &problems);
}

#[test]
fn duplicate_ids_name_both_lines_in_every_format() {
    check(
        Format::Jsonl,
        "{\"id\": \"a\", \"input\": {\"text\": \"t\", \"delay\": 4}}\n\
         {\"id\": 7, \"input\": {\"text\": \"t\", \"delay\": 4}}\n\n\
         {\"id\": \"a\", \"input\": {\"text\": \"t\", \"delay\": 4}}\n\
         {\"id\": \"7\", \"input\": {\"text\": \"t\", \"delay\": 4}}",
        &[
            "line 4: the id \"a\" is that of line 1 already",
            "line 5: the id \"7\" is that of line 2 already",
        ],
    );
    check(
        Format::Csv,
        "id,input.text,input.delay\na,\"two\nlines\",4\na,t,4\n",
        &["line 4: the id \"a\" is that of line 2 already"],
    );
    let toml = "[[cases]]\nid = \"a\"\ninput = { text = \"t\", delay = 4 }\n";
    check(
        Format::Toml,
        &format!("{toml}{toml}"),
        &["line 4: the id \"a\" is that of line 1 already"],
    );
    let yaml = "- id: a\n  input: {text: t, delay: 4}\n";
    check(
        Format::Yaml,
        &format!("{yaml}{yaml}"),
        &["line 3: the id \"a\" is that of line 1 already"],
    );
}

#[test]
fn a_header_of_csv_is_checked_before_its_rows() {
    check(
        Format::Csv,
        "\nid,input,inptu,id,input.x,,group.x,metadata.\n1,2,3,4,5,6,7,8\n",
        &[
            &format!("line 2: there is no field \"inptu\"; did you mean \"input\"? {UNKNOWN}"),
            "line 2: a column has no name",
            "line 2: the column \"group.x\" cannot be: \"group\" has no parts",
            "line 2: the column \"metadata.\" has a level without a name",
            "line 2: the column \"id\" is there twice",
            "line 2: the column \"input.x\" is a part of \"input\", which is a column itself",
        ],
    );
    check(
        Format::Csv,
        "id;input\n1;2\n",
        &["line 1: there is no column \"id;input\"; columns are separated by commas"],
    );
    check(
        Format::Csv,
        "id,expected\n1,2\n",
        &["line 1: there is no column \"input\"; every case has an id and an input"],
    );
}

#[test]
fn every_bad_row_of_csv_is_named_with_its_column() {
    check(
        Format::Csv,
        "id,input.text,input.delay\n\
         a,t,four\n\
         b,t\n\
         c,t,4,5\n\
         ,t,4\n\
         d,t,\n\
         e,t,1.0\n\
         f,\"never closed,4\n\
         g,t,4\n",
        &[
            "line 2: input.delay: invalid value: string \"four\", expected a whole number (u8)",
            "line 3: the row has 2 cells and the header 3; a cell with a comma in it is put in quotes",
            "line 4: the row has 4 cells and the header 3; a cell with a comma in it is put in quotes",
            &format!("line 5: {NO_ID}"),
            "line 6: input.delay: invalid value: string \"\", expected a whole number (u8)",
            "line 7: input.delay: invalid value: string \"1.0\", expected a whole number (u8)",
            "line 8: the row has 2 cells and the header 3; a cell with a comma in it is put in quotes",
            "line 8: a quote is opened in this row and never closed",
        ],
    );
    check(
        Format::Csv,
        "id,input\na,\"{\"\"text\"\": \"\"t\"\"\"\nb,\nc,\"{\"\"text\"\": \"\"t\"\", \"\"delay\"\": -1}\"",
        &[
            "line 2: input: the cell is read as JSON: EOF while parsing an object",
            "line 3: input: the cell is empty; what has parts is written as JSON",
            "line 4: input.delay: the cell is read as JSON: invalid value: integer `-1`, expected u8",
        ],
    );
}

#[test]
fn a_quote_that_swallows_the_last_rows_is_no_case() {
    let text = "id,input\na,one\nb,\"two\nc,three\n";
    let error = Dataset::<String>::from_csv(text).unwrap_err().to_string();
    assert!(error.ends_with("line 3: a quote is opened in this row and never closed"), "{error}");
}

#[test]
fn all_mistakes_of_toml_are_named_at_their_place() {
    check(
        Format::Toml,
        "[[cases]]\nid =\nfoo == 1\nx = [1\n",
        &[
            "line 2, column 5: string values must be quoted, expected literal string",
            "line 3, column 6: extra `=`, expected nothing",
            "line 3, column 8: unexpected key or value, expected newline, `#`",
            "line 4, column 7: unclosed array, expected `]`",
        ],
    );
    check(
        Format::Toml,
        "[[cases]]\nid = \"a\"\n[cases.input]\ntext = \"é\"\ndelay = \"x\"\n\n[[cases]]\nid = \"b\"\n",
        &[
            "line 5, column 9: input.delay: invalid type: string \"x\", expected u8",
            "line 7, column 1: the field \"input\" is missing",
        ],
    );
    check(
        Format::Toml,
        "[[cases]]\nid = \"a\"\nmetadata.rate = nan\ninput = { text = \"t\", delay = 4 }\n",
        &["line 3, column 17: nan is no number that a case can have"],
    );
    let alone = "a file of cases has them under \"cases\" and nothing else";
    check(
        Format::Toml,
        "name = \"n\"\n[[case]]\nid = \"a\"\n",
        &[
            &format!("line 1, column 1: there is no field \"name\"; {alone}"),
            &format!(
                "line 2, column 3: there is no field \"case\"; did you mean \"cases\"? {alone}"
            ),
        ],
    );
    check(
        Format::Toml,
        "cases = 3",
        &["line 1, column 1: cases is of the type integer; write [[cases]]"],
    );
}

#[test]
fn all_mistakes_of_yaml_are_named_at_their_row() {
    check(
        Format::Yaml,
        "- id: a\n  input: {text: 3, delay: 4}\n-\n  id: b\n- id: c\n  inpt: 3\n- d\n",
        &[
            "line 1: input.text: invalid type: integer `3`, expected a string",
            "line 4: the field \"input\" is missing",
            &format!("line 5: there is no field \"inpt\"; did you mean \"input\"? {UNKNOWN}"),
            &format!("line 7: invalid type: string \"d\", {A_CASE}"),
        ],
    );
    check(
        Format::Yaml,
        "- id: a\n  id: b\n",
        &["line 2, column 3: duplicate mapping key `id` is not allowed here"],
    );
    check(
        Format::Yaml,
        "a: b: c",
        &["line 1, column 5: mapping values are not allowed in this context"],
    );
    check(
        Format::Yaml,
        "- id: a\n---\n- id: b\n",
        &["line 3, column 1: only single YAML document expected but multiple found"],
    );
    check(
        Format::Yaml,
        "word",
        &["invalid type: string \"word\", expected a list of cases, alone or under \"cases\""],
    );
    check(
        Format::Yaml,
        "case:\n- id: a\n",
        &["line 1, column 1: there is no field \"case\"; did you mean \"cases\"? \
         a file of cases has them under \"cases\" and nothing else"],
    );
}

#[test]
fn a_yaml_bomb_is_refused() {
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let levels = (1..12).map(|level| {
        let alias = format!("*a{}", level - 1);
        format!("a{level}: &a{level} [{}]\n", [&*alias; 10].join(", "))
    });
    let last = "cases:\n- {id: a, input: *a11}\n".to_owned();
    let text: String = [first].into_iter().chain(levels).chain([last]).collect();
    let error = Dataset::<serde_json::Value>::from_yaml(&text).unwrap_err().to_string();
    assert!(error.contains("too large or too complex"), "{error}");
}

#[test]
fn where_there_are_no_cases_it_says_so() {
    for (format, texts) in [
        (Format::Jsonl, &["", "\n \r\n", "\u{feff}"][..]),
        (Format::Csv, &["", "id,input\n", "\u{feff}id,input"]),
        (Format::Toml, &["", "# nothing", "cases = []"]),
        (Format::Yaml, &["", "# nothing", "cases:", "[]", "cases: []"]),
    ] {
        for text in texts {
            let error = Dataset::<Question>::from_text(text, format).unwrap_err();
            assert!(matches!(error, DatasetError::Empty { .. }), "{format} {text:?}: {error}");
            assert_eq!(error.to_string(), format!("the {format} text has no cases"));
        }
    }
}

#[test]
fn at_most_twenty_problems_are_shown_and_the_others_counted() {
    let rows: Vec<String> = (0..1_000).map(|i| format!("{{\"id\": \"c{i}\"}}\n")).collect();
    let error = Dataset::<u8>::from_jsonl(&rows.concat()).unwrap_err();
    let text = error.to_string();
    assert_eq!(text.lines().count(), 22);
    assert!(text.ends_with("\n  and 980 more"), "{text}");
    let DatasetError::Invalid { problems, omitted, .. } = error else { panic!("{text}") };
    assert_eq!((problems.len(), omitted, problems[19].row), (20, 980, Some(20)));
}

#[test]
fn neither_long_values_nor_secrets_are_shown() {
    let long = "x".repeat(1_000_000);
    let rows = format!(
        "{{\"id\": \"a\", \"input\": {{\"text\": \"t\", \"delay\": \"{long}\"}}}}\n\
         {{\"id\": \"b\", \"input\": {{\"text\": \"t\", \"delay\": \"sk-proj-abcdefghijklmnop1234\"}}}}\n"
    );
    let text = Dataset::<Question>::from_jsonl(&rows).unwrap_err().to_string();
    assert!(text.len() < 1_000 && text.contains("more characters)"), "{} bytes", text.len());
    assert!(!text.contains("sk-proj-abc"), "{text}");

    let row = r#"{"id": "a", "input": {"password": "hunter2"}}"#;
    assert_eq!(
        Dataset::<Login>::from_jsonl(row).unwrap_err().to_string(),
        "the JSONL text cannot be read as cases:\n  \
         line 1, column 43: input.password: the value does not fit, \
         and is not shown since the field is named like a secret"
    );
}

#[test]
fn cases_from_code_are_checked_too() {
    let error = Dataset::from_cases([
        Case::<u8>::new("a", 1),
        Case::new("b", 2),
        Case::new("a", 3),
        Case::new("", 4),
    ]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "the cases of the program are no dataset:\n  \
         case 3: the id \"a\" is that of case 1 already\n  \
         case 4: the id is empty"
    );
    let none: [Case<u8>; 0] = [];
    assert_eq!(Dataset::from_cases(none).unwrap_err().to_string(), "the program has no cases");
}

#[test]
fn joining_names_both_places_of_an_id() {
    let text: Dataset<u8> = Dataset::from_jsonl(r#"{"id": "a", "input": 1}"#).unwrap();
    let code = Dataset::from_cases([Case::new("b", 1), Case::new("a", 2)]).unwrap();
    assert_eq!(
        text.join(code).unwrap_err().to_string(),
        "the cases of the program are no dataset:\n  \
         case 3: the id \"a\" is that of line 1 of the JSONL text already"
    );
}
