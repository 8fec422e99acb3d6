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
            "1.db: 1 new runs, 16 new trials",
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
    place.probity("merge all.db 1.db").prints(0, &["1 new runs, 16 new trials, 0 there already"]);
    place.probity("merge all.db 1.db").prints(0, &["0 new runs, 0 new trials, 16 there already"]);
    let joined = place.probity("merge all.db 1.db 3.db --join");
    assert_eq!(joined.code, Some(2));
    assert!(joined.err.contains("part 2 of 3 is missing"), "{}", joined.err);
    place.measure("plain.db", Runner::new(), 1).await;
    let none = place.probity("merge all.db plain.db --join");
    assert!(none.err.contains("there are no parts to join"), "{}", none.err);
    place.probity("merge all.db absent.db").says(2, "there is no such file");
}
