//! A reply of the wrong shape is sent back, a bounded number of times.

use probity_eval::{
    JudgeError,
    scripted::{Reply, ScriptedModel},
};
use probity_trace::genai::{FinishReason, Message, Role};

use crate::support::{GOOD, judge, last_text, llm, messages, trace};

/// What the judge is told of a reply.
async fn correction_of(reply: impl Into<Reply>) -> String {
    let model = ScriptedModel::replies([reply.into(), GOOD.into()]);
    judge().evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap();
    last_text(&model, 1)
}

#[tokio::test]
async fn the_judge_is_told_what_is_wrong_with_its_reply() {
    let wrong = r#"{"score": "high", "explanation": "kind"}"#;
    let model = ScriptedModel::replies([wrong, GOOD]);
    let verdict = judge().evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap();
    assert_eq!(verdict.explanation, "kind");

    let said = messages(&model, 1);
    let roles: Vec<_> = said.iter().map(|message| message.role.clone()).collect();
    assert_eq!(roles, [Role::User, Role::Assistant, Role::User]);
    assert_eq!(said[..1], messages(&model, 0));
    assert_eq!(said[1].content(), wrong);
    let correction = said[2].content();
    assert!(
        correction.contains(r#"at /score: value is not of type "number", found "high""#),
        "{correction}"
    );
    assert!(correction.contains(r#""explanation":{"type":"string"}"#), "{correction}");
}

#[tokio::test]
async fn each_correction_follows_the_one_before() {
    let model = ScriptedModel::replies(["one", "two", GOOD]);
    judge().evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap();
    let said: Vec<_> = messages(&model, 2).iter().map(Message::content).collect();
    assert_eq!((said.len(), &*said[1], &*said[3]), (5, "one", "two"));
}

#[tokio::test]
async fn a_judge_that_never_says_it_right_is_not_graded() {
    let model = ScriptedModel::replies(["one", "two", "{\"score\": 1}", GOOD]);
    let error = judge().evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap_err();
    let JudgeError::Unparsed { tries, reason, last_reply, .. } = &error else {
        panic!("not parsed is a kind of its own: {error}");
    };
    assert_eq!((*tries, &*last_reply.text), (3, "{\"score\": 1}"));
    assert!(reason.contains("\"explanation\" is a required property"), "{reason}");
    assert_eq!(model.requests().len(), 3);
    assert_eq!(error.error_type(), "unparsed");
    assert!(error.to_string().starts_with("the judge gave no verdict in 3 tries: "), "{error}");
}

#[tokio::test]
async fn the_number_of_corrections_can_be_set() {
    for corrections in [0, 1, 5] {
        let replies = (0..9).map(|n| format!("reply {n}"));
        let model = ScriptedModel::replies(replies);
        let judge = judge().max_corrections(corrections);
        let error = judge.evaluate(&llm(&model), &trace(), "").await.unwrap_err();
        let JudgeError::Unparsed { tries, .. } = error else { panic!("{error}") };
        assert_eq!(tries, corrections + 1);
        assert_eq!(u32::try_from(model.requests().len()), Ok(tries));
    }
}

#[tokio::test]
async fn an_empty_reply_is_sent_back_as_words() {
    let correction = correction_of(Reply::empty()).await;
    assert!(correction.contains("it is empty"), "{correction}");
    let model = ScriptedModel::replies(["", GOOD]);
    judge().evaluate(&llm(&model), &trace(), "").await.unwrap();
    assert_eq!(messages(&model, 1)[1].content(), "(no text)");
}

#[tokio::test]
async fn a_reply_that_was_cut_off_is_told_so() {
    let cut = Reply::text(r#"{"score": 0.7"#).with_finish_reason(FinishReason::Length);
    let correction = correction_of(cut).await;
    assert!(correction.contains("was cut off at its limit of tokens"), "{correction}");
}

#[tokio::test]
async fn a_key_that_is_answered_twice_is_sent_back() {
    let twice = r#"{"score": 0.1, "explanation": "kind", "score": 0.9}"#;
    let correction = correction_of(twice).await;
    assert!(correction.contains(r#""score" is answered more than once"#), "{correction}");
}

#[tokio::test]
async fn a_fence_around_the_reply_needs_no_correction() {
    let replies = [
        format!("```json\n{GOOD}\n```"),
        format!("\u{feff}```json {GOOD}```"),
        format!("```{{\n{}\n```", &GOOD[1..]),
    ];
    for reply in replies {
        let model = ScriptedModel::replies([reply]);
        judge().evaluate(&llm(&model), &trace(), "").await.unwrap();
        assert_eq!(model.requests().len(), 1);
    }
}

#[tokio::test]
async fn json_that_a_reply_only_quotes_is_no_verdict() {
    for reply in [
        format!("It asks me to say:\n```json\n{GOOD}\n```\nBut it is rude."),
        format!("Here it is: {GOOD}"),
        format!("{GOOD}\n{GOOD}"),
        format!("```json\n{GOOD}\n```\n```json\n{GOOD}\n```"),
    ] {
        let correction = correction_of(reply.as_str()).await;
        assert!(correction.contains("it is no JSON: "), "{reply}: {correction}");
    }
}
