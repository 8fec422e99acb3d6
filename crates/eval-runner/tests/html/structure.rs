//! What is in the file: everything that was said, nothing that was secret, and no markup from data.

use std::{
    borrow::Cow,
    io::{self, Read as _},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::read::GzDecoder;
use probity_eval_runner::{
    Case, Failure, Outcome, Report, TaskTally,
    gate::{Gate, RunMeasurements},
    html::{HtmlLimits, HtmlReport, Page, TrialRow, TrialSummary},
    runner::{Runner, SuiteRun},
    stats::Tally,
    suite::Suite,
};
use serde_json::{Value, json};

use crate::fixtures::{Run, judgment};

/// Writes a page of these rows under the name of a suite.
fn page_of(name: &str, rows: &[TrialRow<'static>], limits: HtmlLimits) -> String {
    let mut tasks: Vec<TaskTally> = Vec::new();
    for row in rows {
        let tally = match &*row.outcome {
            Outcome::Passed => Tally::new(1, 0, 0),
            Outcome::Failed(_) => Tally::new(0, 1, 0),
            _ => Tally::new(0, 0, 1),
        };
        match tasks.iter_mut().find(|task| *task.id == *row.case) {
            Some(task) => task.trials = task.trials.plus(tally),
            None => tasks.push(TaskTally::new(row.case.clone(), tally)),
        }
    }
    let report = Report::new(name, tasks).unwrap();
    let page = Page::new(report, rows.iter().map(TrialSummary::from)).with_limits(limits);
    let mut file = Vec::new();
    page.write(&mut file, rows.iter().cloned().map(Ok)).unwrap();
    String::from_utf8(file).unwrap()
}

/// The details of all trials in a file.
pub(crate) fn details(file: &str) -> Vec<Value> {
    let blocks = file.split("<script type=\"text/plain\"").skip(1);
    let unpack = |block: &str| {
        let text = block.split_once('>').unwrap().1.split_once('<').unwrap().0;
        let bytes = STANDARD.decode(text).unwrap();
        let mut json = String::new();
        GzDecoder::new(&*bytes).read_to_string(&mut json).unwrap();
        serde_json::from_str::<Vec<Value>>(&json).unwrap()
    };
    blocks.flat_map(unpack).collect()
}

pub(crate) fn index(file: &str) -> Value {
    let start = "<script id=\"index\" type=\"application/json\">";
    let json = file.split_once(start).unwrap().1.split_once("</script>").unwrap().0;
    serde_json::from_str(json).unwrap()
}

async fn run(trials: u32) -> SuiteRun {
    let cases = ["two", "three", "five"].into_iter().zip([2, 3, 5]);
    let suite = Suite::new("doubler", cases.map(|(id, n)| Case::new(id, n)))
        .agent("1", |case: Arc<Case<i32>>| async move { Ok(case.input * 2) });
    Runner::new().trials(trials).seed(3).run(suite).await.unwrap()
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = [
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "<!--<script>",
        "' onclick='alert(1)",
        "\u{202e}gnp.esac\u{2066}",
        "a\nb  c&amp;\0\u{7f}",
    ];
    let row = |text: &&'static str| {
        let failure = Failure::Error((*text).to_owned());
        let mut row = TrialRow::new(*text, 0, Outcome::Failed(failure));
        row.artifact = Some(Cow::Owned(json!({*text: text})));
        let score = json!({"eval": text, "verdict": "scored", "score": 0.5, "passed": true, "report": text});
        row.judgments = Cow::Owned(vec![judgment(score)]);
        row
    };
    let rows: Vec<_> = hostile.iter().map(row).collect();
    let file = page_of(hostile[0], &rows, HtmlLimits::default());
    // The index, the page's own script and one block.
    assert_eq!((file.matches("<script").count(), file.matches("</script>").count()), (3, 3));
    assert!(!file.contains("<img") && !file.contains("<!--"));
    assert!(file.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
    for (case, text) in index(&file)["cases"].as_array().unwrap().iter().zip(hostile) {
        assert_eq!(case["id"], text);
    }
    assert_eq!(details(&file)[4]["scores"][0]["says"]["t"], hostile[4]);
}

#[test]
fn every_line_of_the_report_is_on_the_page() {
    let run = Run::with_outages();
    let page = run.page();
    let mut file = Vec::new();
    run.write(&page, &mut file).unwrap();
    let file = String::from_utf8(file).unwrap();
    let printed = run.report().to_string();
    assert!(printed.contains("incomplete"), "{printed}");
    for words in
        printed.split("  ").flat_map(str::lines).map(str::trim).filter(|words| !words.is_empty())
    {
        assert!(file.contains(&format!(">{words}<")), "{words:?} is not on the page");
    }
    assert!(file.contains("2026-05-28 20:26:40 UTC") && file.contains("seed 7"));
}

#[test]
fn secrets_are_nowhere_in_the_file() {
    let mut row = TrialRow::new(
        "case sk-abcdefghijklmnopqrst",
        0,
        Outcome::NotGraded("Bearer abcdefgh1jklmnop".to_owned()),
    );
    row.artifact =
        Some(Cow::Owned(json!({"password": "hunter22", "note": "AKIAIOSFODNN7EXAMPLE"})));
    row.raw = Some(
        serde_json::from_value(json!({"entries": [{"unix_nano": "1", "kind": "request",
            "url": "https://bob:hunter22@host/", "headers": [["x-api-key", "hunter22"]], "body": "{\"token\": \"hunter22\"}"}]}))
        .unwrap(),
    );
    let file = page_of("agent ghp_0123456789abcdefghijABCD", &[row], HtmlLimits::default());
    let everything = format!("{file}{}", Value::from(details(&file)));
    for secret in ["sk-abc", "abcdefgh1jklmnop", "hunter22", "AKIA", "ghp_"] {
        assert!(!everything.contains(secret), "{secret}");
    }
    assert!(everything.matches("[redacted]").count() >= 8, "{everything}");
}

#[test]
fn a_large_artifact_is_cut_and_says_how_much() {
    let mut row = TrialRow::new("large", 0, Outcome::Passed);
    row.artifact = Some(Cow::Owned(json!("x".repeat(10 << 20))));
    let file = page_of("agent", &[row], HtmlLimits::default());
    assert!(file.len() < 200_000, "{}", file.len());
    let artifact = &details(&file)[0]["artifact"];
    assert_eq!(artifact["t"].as_str().unwrap().len(), 64 << 10);
    assert_eq!(artifact["x"], (10 << 20) - (64 << 10));
}

#[test]
fn texts_are_cut_shorter_where_a_trial_is_too_large_and_then_it_is_left_out() {
    let mut row = TrialRow::new("large", 0, Outcome::Passed);
    row.artifact = Some(Cow::Owned(json!("x".repeat(50_000))));
    let limits = HtmlLimits::default().with_trial_bytes(10_000);
    let file = page_of("agent", &[row.clone()], limits);
    assert_eq!(details(&file)[0]["artifact"]["t"].as_str().unwrap().len(), (64 << 10) / 16);
    let file = page_of("agent", &[row], HtmlLimits::default().with_trial_bytes(10));
    assert!(details(&file).is_empty());
    assert!(file.contains("The details of 1 trial are left out: larger than one trial may be."));
}

#[test]
fn a_full_file_leaves_out_passed_trials_first_and_counts_them() {
    let noise = |seed: u64| -> String {
        (0..40_000)
            .map(|i| {
                char::from(
                    b'a' + u8::try_from(probity_eval_runner::trial_seed(seed, "", i) % 26).unwrap(),
                )
            })
            .collect()
    };
    let rows: Vec<_> = (0..24)
        .map(|i| {
            let outcome =
                if i % 2 == 0 { Outcome::Passed } else { Outcome::Failed(Failure::Wrong) };
            let mut row = TrialRow::new("case", i, outcome);
            row.artifact = Some(Cow::Owned(json!(noise(u64::from(i)))));
            row
        })
        .collect();
    let file = page_of("agent", &rows, HtmlLimits::default().with_details_bytes(500_000));
    let kept: Vec<u64> =
        details(&file).iter().map(|detail| detail["ordinal"].as_u64().unwrap()).collect();
    let passed = kept.iter().filter(|ordinal| *ordinal % 2 == 0).count();
    assert!(passed < kept.len() - passed && kept.len() < 24, "{kept:?}");
    assert!(file.len() < 700_000, "{}", file.len());
    let left_out = 24 - kept.len();
    let says = format!(
        "The details of {left_out} trials are left out: the file would be larger than its limit."
    );
    assert!(file.contains(&says));
}

#[test]
fn a_trial_that_was_not_given_is_counted_and_an_unknown_one_refused() {
    let report = || Report::new("agent", vec![TaskTally::new("a", Tally::new(2, 0, 0))]).unwrap();
    let row = |index| TrialRow::new("a", index, Outcome::Passed);
    let page = Page::new(report(), [0, 1].map(|index| TrialSummary::from(&row(index))));
    let mut file = Vec::new();
    page.write(&mut file, [Ok(row(1))]).unwrap();
    let file = String::from_utf8(file).unwrap();
    assert_eq!(details(&file)[0]["ordinal"], 1);
    assert!(file.contains("The details of 1 trial are left out: not given."));
    let error = page.write(io::sink(), [Ok(row(7))]).unwrap_err();
    assert_eq!(error.to_string(), "trial 7 of case \"a\" is not among the page's trials");
    let broken = page.write(io::sink(), [Err(io::Error::other("the store is gone"))]).unwrap_err();
    assert_eq!(broken.to_string(), "the store is gone");
}

#[tokio::test]
async fn a_run_becomes_a_file_beside_its_baseline() {
    let (run, before) = (run(4).await, run(2).await);
    let report = HtmlReport::new(&run).unwrap().with_baseline(before.report().unwrap());
    let file = report.render().unwrap();
    assert_eq!(file, report.render().unwrap());
    assert!(file.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    assert!(file.contains("this run against the baseline") && file.contains("not separated"));
    assert!(file.contains("better on 0 tasks, worse on 0, same on 3"));
    let details = details(&file);
    assert_eq!(details.len(), 12);
    assert_eq!(details[0]["artifact"]["t"], "4");
    assert_eq!(details[0]["trace"]["spans"][0]["n"]["t"], "probity.trial");
    assert_eq!(index(&file)["cases"][0]["baseline"], json!([2, 2]));
    assert!(!HtmlReport::new(&run).unwrap().render().unwrap().contains("against"));
}

#[tokio::test]
async fn nothing_is_loaded_from_elsewhere() {
    let file = HtmlReport::new(&run(1).await).unwrap().render().unwrap();
    // The name of SVG is an address that nobody asks.
    let file = file.replace("http://www.w3.org/2000/svg", "");
    for asks in ["http:", "https:", "src=", "url(", "@import", "<link", "fetch(", "XMLHttpRequest"]
    {
        assert!(!file.contains(asks), "{asks}");
    }
    assert!(file.contains("default-src &#39;none&#39;") || file.contains("default-src 'none'"));
}

#[tokio::test]
async fn a_gate_is_a_table_of_its_rules_with_the_cases_that_miss_them() {
    let cases = [Case::new("always <b>", 1), Case::new("never", 0)];
    let suite = Suite::new("gated", cases).agent("1", |case: Arc<Case<i32>>| async move {
        if case.input == 1 { Ok(1) } else { Err("no".into()) }
    });
    let run = Runner::new().trials(4).run(suite).await.unwrap();
    let facts = run.facts().await.unwrap();
    let gate: Gate = "estimate(pass@1) >= 0.5, each: estimate(pass@1) >= 0.9".parse().unwrap();
    let gate = gate.evaluate(&RunMeasurements::of(&facts));
    let mut file = Vec::new();
    HtmlReport::new(&run).unwrap().with_gate(gate).write(&mut file).unwrap();
    let file = String::from_utf8(file).unwrap();
    let section =
        file.split("id=\"gate-title\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(section.contains(">gate missed: 1 of 2 rules</p>"), "{section}");
    assert_eq!(section.matches("<tr>").count(), 3, "{section}");
    assert!(section.contains("<code>estimate(pass@1) &gt;= 0.5</code>"), "{section}");
    let missed = "1 of 2 cases meet it<div class=\"note\">never: 0.0%";
    assert!(section.contains(missed), "{section}");
}
