//! What is read, and what is refused with which words.

use std::error::Error;

use probity_adapters::tau_bench::{Message, ParseError, ReadError, Results};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::files::{fixture, four_records, passed_record};

/// Returns an error and its sources, one line each.
fn chain(error: &dyn Error) -> String {
    let own = error.to_string();
    match error.source() {
        Some(source) => format!("{own}\n{}", chain(source)),
        None => own,
    }
}

#[track_caller]
fn check_refused(json: &str, expected: &str) {
    let error = Results::from_json(json).expect_err("the text is broken");
    assert_eq!(chain(&error), expected);
}

/// Checks what is said of a file with one good record and then one with the given change.
#[track_caller]
fn check_second_record(change: impl Fn(&mut Value), expected: &str) {
    let mut second = passed_record();
    second["trial"] = json!(1);
    change(&mut second);
    let text = format!("[{},\n{second}]", passed_record());
    let error = Results::from_json(&text).expect_err("the second record is broken");
    let chain = chain(&error);
    let (said, position) = chain.rsplit_once(" at line ").expect("a position");
    assert_eq!(said, expected);
    assert!(position.starts_with("2 column "), "{position}");
}

#[test]
fn the_real_records_are_read_with_all_that_they_hold() {
    let results = four_records();
    let keys: Vec<_> = results
        .records()
        .iter()
        .map(|record| (record.task, record.trial, record.reward, record.messages.len()))
        .collect();
    assert_eq!(keys, [(12, 3, 1.0, 10), (16, 2, 0.0, 12), (44, 3, 0.0, 6), (13, 1, 1.0, 28)]);
    let calls: Vec<_> = results
        .records()
        .iter()
        .flat_map(|record| &record.messages)
        .filter_map(|message| match message {
            Message::Assistant { tool_calls, .. } => tool_calls.first(),
            _ => None,
        })
        .collect();
    assert_eq!(calls.len(), 5);
    for call in calls {
        assert!(call.id.starts_with("call_"), "{call:?}");
        assert!(serde_json::from_str::<Value>(&call.arguments).is_ok(), "{call:?}");
    }
}

#[test]
fn tasks_and_their_trials_come_in_the_order_of_their_numbers() {
    let record = |task: u64, trial: u32| {
        let mut record = passed_record();
        record["task_id"] = json!(task);
        record["trial"] = json!(trial);
        record
    };
    let text = Value::from(vec![record(9, 1), record(2, 0), record(9, 0)]).to_string();
    let results = Results::from_json(text).unwrap();
    let order: Vec<_> = results
        .tasks()
        .into_iter()
        .map(|(task, trials)| (task, trials.iter().map(|record| record.trial).collect()))
        .collect();
    assert_eq!(order, [(2, vec![0]), (9, vec![0, 1])]);
}

#[test]
fn unknown_fields_are_ignored() {
    let mut record = passed_record();
    record["cost"] = json!(1);
    record["traj"][1]["name"] = json!("mia");
    record["info"]["reward_info"]["actions"] = json!([{"name": "x", "kwargs": {}}]);
    assert!(Results::from_json(Value::from(vec![record]).to_string()).is_ok());
}

#[test]
fn a_malformed_field_is_named_with_its_record_and_position() {
    check_second_record(
        |record| record["traj"][1]["role"] = json!("bot"),
        "record 1 is malformed at `traj[1].role`\n\
         unknown variant `bot`, expected one of `system`, `user`, `assistant`, `tool`",
    );
    check_second_record(
        |record| record["traj"][2] = json!({"role": "tool", "name": "think", "content": ""}),
        "record 1 is malformed at `traj[2]`\na tool message needs `tool_call_id`, a text",
    );
    check_second_record(
        |record| record["task_id"] = json!("7"),
        "record 1 is malformed at `task_id`\ninvalid type: string \"7\", expected u64",
    );
    check_second_record(
        |record| _ = record.as_object_mut().unwrap().remove("reward"),
        "record 1 is malformed\nmissing field `reward`",
    );
    check_second_record(
        |record| record["reward"] = json!(null),
        "record 1 is malformed at `reward`\ninvalid type: null, expected f64",
    );
}

#[test]
fn an_info_that_says_neither_reward_nor_error_is_refused() {
    check_second_record(
        |record| record["info"] = json!({"source": "user"}),
        "record 1 is malformed at `info`\n\
         `info` needs `reward_info`, which may be null, or `error`",
    );
}

#[test]
fn what_is_no_array_of_records_is_refused() {
    check_refused(
        r#"{"simulations": []}"#,
        "this is not a JSON array of records\ninvalid type: map, expected a sequence at line 1 column 0",
    );
    check_refused(
        "",
        "this is not a JSON array of records\nEOF while parsing a value at line 1 column 0",
    );
    check_refused("[]", "there are no records");
    check_refused(
        &format!("[{}] []", passed_record()),
        &format!(
            "this is not a JSON array of records\ntrailing characters at line 1 column {}",
            passed_record().to_string().len() + 4
        ),
    );
}

#[test]
fn a_file_that_was_cut_off_is_refused_at_the_cut() {
    let cut = r#"[{"task_id": 7, "traj": [{"role": "user", "content": "He"#;
    let error = Results::from_json(cut).expect_err("the text is cut");
    assert_eq!(
        chain(&error),
        "record 0 is malformed at `traj[0].content`\n\
         EOF while parsing a string at line 1 column 56"
    );
}

#[test]
fn two_records_of_one_trial_are_refused() {
    let mut other = passed_record();
    other["trial"] = json!(1);
    let text = Value::from(vec![passed_record(), other, passed_record()]).to_string();
    let error = Results::from_json(&text).unwrap_err();
    assert_eq!(error.to_string(), "records 0 and 2 are both trial 0 of task 7");
    assert!(matches!(error, ParseError::Duplicate { first: 0, second: 2, .. }));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = Results::read(fixture("missing.json")).unwrap_err();
    assert!(matches!(error, ReadError::File { .. }));
    assert!(error.to_string().starts_with("cannot read "), "{error}");
    assert!(error.to_string().ends_with("missing.json"), "{error}");

    let error = Results::read(fixture("README.md")).unwrap_err();
    assert!(matches!(error, ReadError::Content { .. }));
    assert!(error.to_string().ends_with("README.md is not a results file of tau-bench"), "{error}");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<Vec<u8>>()) {
        prop_assert!(Results::from_json(text).is_err());
    }

    #[test]
    fn no_change_of_one_byte_makes_the_reader_panic(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut text = Value::from(vec![passed_record()]).to_string().into_bytes();
        let place = place.index(text.len());
        text[place] = byte;
        if let Ok(results) = Results::from_json(text) {
            prop_assert_eq!(results.records().len(), 1);
        }
    }
}
