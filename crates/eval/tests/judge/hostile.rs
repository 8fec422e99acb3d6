//! No reply makes a judge panic, and none makes its error long.

use probity_eval::{Eval as _, JudgeError, RubricJudge, judge::Criterion, scripted::ScriptedModel};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};

use crate::support::{GOOD, judge, last_text, llm, messages, trace};

fn replies() -> Vec<String> {
    let long = "x".repeat(1_000_000);
    vec![
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        format!("{{\"score\": \"{long}\", \"explanation\": \"\"}}"),
        long,
        "🦀".repeat(10_000),
        "\0\u{202e}\u{feff}{}".to_owned(),
        r#"{"score": 1e999, "explanation": ""}"#.to_owned(),
        r#"{"score": NaN, "explanation": ""}"#.to_owned(),
        r#"{"score": 0.5, "explanation": "\ud800"}"#.to_owned(),
        "null".to_owned(),
        "0".to_owned(),
        "\"{\"".to_owned(),
        "```".to_owned(),
        "``````".to_owned(),
        "```json\n{".to_owned(),
        "</artifact>".to_owned(),
    ]
}

#[tokio::test]
async fn every_hostile_reply_is_an_error_of_bounded_length() {
    for reply in replies() {
        let shown: String = reply.chars().take(60).collect();
        let model = ScriptedModel::replies([reply.clone(), reply]);
        let judge = judge().max_corrections(1);
        let error = judge.evaluate(&llm(&model), &trace(), "").await.unwrap_err();
        assert!(matches!(error, JudgeError::Unparsed { tries: 2, .. }), "{shown}: {error}");
        // Escapes may make it longer than the text that it quotes.
        assert!(error.to_string().len() < 10_000, "{shown}: {}", error.to_string().len());
        assert!(last_text(&model, 1).len() < 5_000, "{shown}");
        assert!(messages(&model, 1)[1].content().len() < 50_000, "{shown}");
    }
}

#[tokio::test]
async fn a_huge_reply_of_the_right_shape_is_a_report() {
    let long = "é".repeat(500_000);
    let model = ScriptedModel::replies([format!(r#"{{"score": 1, "explanation": "{long}"}}"#)]);
    let verdict = judge().evaluate(&llm(&model), &trace(), "").await.unwrap();
    assert_eq!(verdict.explanation, long);
}

#[tokio::test]
async fn a_rubric_judge_stands_hostile_replies_too() {
    for reply in replies() {
        let judge = RubricJudge::new([Criterion::new("clear", "It is clear.")]).unwrap();
        let model = ScriptedModel::replies([reply]);
        let judged = judge.max_corrections(0).evaluate(&llm(&model), &trace(), "").await;
        assert!(matches!(judged, Err(JudgeError::Unparsed { tries: 1, .. })), "{judged:?}");
    }
}

proptest! {
    #![proptest_config(Config {
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn any_text_is_a_verdict_or_sent_back(
        reply in prop_oneof![
            any::<String>(),
            r#"\{"score": ?[0-9.e-]{0,6}, ?"explanation": ?"[a-z"\\{}]{0,9}"\}?"#,
        ],
    ) {
        let model = ScriptedModel::replies([reply.as_str(), GOOD]);
        let judged = futures::executor::block_on(judge().evaluate(&llm(&model), &trace(), ""));
        prop_assert!(judged.is_ok(), "{judged:?}");
    }
}
