//! Which records passed, failed and were not graded.

use probity_adapters::tau_bench::{Grade, Record, Results};
use serde_json::{Value, json};

use crate::files::{error_record, four_records, passed_record};

#[track_caller]
fn check(change: impl Fn(&mut Value), expected: Grade) {
    let mut record = passed_record();
    change(&mut record);
    let results = Results::from_json(Value::from(vec![record]).to_string()).unwrap();
    assert_eq!(results.records()[0].grade(), expected);
}

#[test]
fn the_real_records_are_graded_by_their_rewards() {
    let grades: Vec<_> = four_records().records().iter().map(Record::grade).collect();
    assert_eq!(grades, [Grade::Passed, Grade::Failed, Grade::Failed, Grade::Passed]);
}

#[test]
fn a_reward_passes_only_within_a_millionth_of_one() {
    for (reward, expected) in [
        (1.0, Grade::Passed),
        (1.000_000_9, Grade::Passed),
        (0.999_999_1, Grade::Passed),
        (0.999_998_9, Grade::Failed),
        (1.000_001_1, Grade::Failed),
        (0.5, Grade::Failed),
        (0.0, Grade::Failed),
        (2.0, Grade::Failed),
        (-1.0, Grade::Failed),
    ] {
        check(|record| record["reward"] = json!(reward), expected);
    }
}

#[test]
fn a_trial_that_ran_out_of_steps_failed_whatever_its_reward() {
    check(|record| record["info"]["reward_info"] = Value::Null, Grade::Failed);
}

#[test]
fn an_exception_of_the_harness_is_not_graded() {
    let results = error_record();
    let record = &results.records()[0];
    assert_eq!(record.grade(), Grade::NotGraded);
    assert_eq!(record.error(), Some("litellm.APIConnectionError: example"));
    check(|record| record["info"]["error"] = json!("TimeoutError"), Grade::NotGraded);
}
