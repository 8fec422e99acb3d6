//! Stores are merged, and parts joined.

use probity_eval_runner::{runner::Runner, store, suite::Fingerprint};
use serde_json::Value;

use crate::program::{Place, shard};

#[tokio::test]
async fn parts_that_were_run_apart_give_the_numbers_of_one_run() {
    let place = Place::new();
    for index in 1..=3 {
        place.measure(&format!("{index}.db"), shard(index, 3), 1).await;
    }
    place.measure("whole.db", Runner::new().trials(4), 1).await;
    let merged = place.probity("merge all.db 1.db 2.db 3.db --join");
    merged.prints(
        0,
        &[
            "1.db: 1 new run, 16 new trials",
            "3 parts of suite \"airline\" are run 0",
            "48 trials, 0 missing",
        ],
    );
    let report = |file: &str| -> Value {
        let json = place.run(&["--store", file, "report", "latest", "--json", "-"]);
        let json: Value = serde_json::from_str(&json.out).unwrap();
        json["report"].clone()
    };
    assert_eq!(report("all.db"), report("whole.db"));
}

#[tokio::test]
async fn parts_that_different_evals_have_scored_are_not_joined() {
    let place = Place::new();
    place.measure("1.db", shard(1, 2), 1).await;
    let second = place.measure("2.db", shard(2, 2), 1).await;
    let store = store::open(place.file("2.db").to_str().unwrap()).await.unwrap();
    let mut manifest = store.manifest(second).await.unwrap();
    manifest.evals = Fingerprint::of(&"other evals").unwrap();
    store.continue_run(&manifest).await.unwrap();
    drop(store);
    let joined = place.probity("merge all.db 1.db 2.db --join");
    assert_eq!(joined.code, Some(2));
    let says = "is missing, except with the scores of other evals";
    assert!(joined.err.contains(says), "{}", joined.err);
}

#[tokio::test]
async fn merging_twice_changes_nothing_and_a_missing_part_is_named() {
    let place = Place::new();
    place.measure("1.db", shard(1, 3), 1).await;
    place.measure("3.db", shard(3, 3), 1).await;
    place.probity("merge all.db 1.db").prints(0, &["1 new run, 16 new trials, 0 there already"]);
    place.probity("merge all.db 1.db").prints(0, &["0 new runs, 0 new trials, 16 there already"]);
    let joined = place.probity("merge all.db 1.db 3.db --join");
    assert_eq!(joined.code, Some(2));
    assert!(joined.err.contains("part 2 of 3 is missing"), "{}", joined.err);
    place.measure("plain.db", Runner::new(), 1).await;
    let none = place.probity("merge all.db plain.db --join");
    assert!(none.err.contains("there are no parts to join"), "{}", none.err);
    place.probity("merge all.db absent.db").says(2, "there is no such file");
}

#[tokio::test]
async fn parts_that_came_before_are_joined_with_those_that_come_now() {
    let place = Place::new();
    for index in 1..=2 {
        place.measure(&format!("{index}.db"), shard(index, 2), 1).await;
    }
    place.probity("merge all.db 1.db").prints(0, &["1 new run, 24 new trials"]);
    place
        .probity("merge all.db 2.db --join")
        .prints(0, &["part 1 of 2 was in all.db before: run 0", "48 trials, 0 missing"]);
    // The first part is the target itself.
    place.probity("merge 1.db 2.db --join").prints(0, &["48 trials, 0 missing"]);
}

#[tokio::test]
async fn parts_are_joined_once_however_often_it_is_asked() {
    let place = Place::new();
    for index in 1..=2 {
        place.measure(&format!("{index}.db"), shard(index, 2), 1).await;
    }
    let join = "merge all.db 1.db 2.db --join";
    place.probity(join).prints(0, &[") now, with 48 trials"]);
    place.probity(join).prints(0, &[") already, with 48 trials"]);
    let runs = place.probity("runs --store all.db");
    assert_eq!(runs.out.lines().count(), 1 + 3, "{}", runs.out);
    // Other trials of the same part make another run.
    place.measure("2.db", shard(2, 2), 1).await;
    place.probity(join).prints(0, &[") now, with 48 trials"]);
}

#[tokio::test]
async fn parts_that_are_not_whole_stop_no_others() {
    let place = Place::new();
    place.measure("lone.db", shard(1, 3), 1).await;
    place.measure("1.db", shard(1, 2), 1).await;
    place.measure("2.db", shard(2, 2), 1).await;
    let joined = place.probity("merge all.db lone.db 1.db 2.db --join");
    assert_eq!(joined.code, Some(2));
    assert!(joined.out.contains("2 parts of suite \"airline\" are run 0"), "{}", joined.out);
    assert!(joined.err.contains("part 2, 3 of 3 is missing"), "{}", joined.err);
    // What was in the target before is nothing that was asked for.
    place.probity("merge all.db 1.db 2.db --join").prints(0, &[") already"]);
}

#[test]
fn a_store_that_a_command_has_no_use_for_is_refused() {
    let place = Place::new();
    let merge = place.probity("merge all.db part.db --store probity.db");
    assert_eq!(merge.code, Some(2));
    assert!(merge.err.contains("merge takes no --store"), "{}", merge.err);
    let table = place.probity("--store x.db check-table --tasks 50 --trials 4 42.0");
    assert_eq!(table.code, Some(2));
    assert!(table.err.contains("check-table looks at no store"), "{}", table.err);
}
