//! Turns that are answered by JSON of a given shape.

use probity_eval::{
    Session, TurnError,
    model::OutputFormat,
    scripted::{Fault, Reply, ScriptedModel},
};

use crate::support::{Verdict, llm};

async fn ask(reply: Reply) -> Result<Verdict, TurnError> {
    let llm = llm(&ScriptedModel::replies([reply]));
    llm.structured::<Verdict>("Judge.").collect().await.map(|answer| answer.value)
}

#[tokio::test]
async fn the_answer_is_read_and_the_provider_is_sent_its_schema() {
    let verdict = Verdict::new(0.5, "half right");
    let model = ScriptedModel::replies([Reply::json(&verdict)]);
    let mut session = Session::new();
    session.push_user("Judge.");
    let answer = session.structured_turn::<Verdict>(&llm(&model)).seed(3).collect().await.unwrap();
    assert_eq!(answer.value, verdict);
    assert!(answer.turn.is_complete());

    let request = &model.requests()[0];
    assert_eq!(request.settings.seed, Some(3));
    let OutputFormat::JsonSchema { name, schema } = &request.output else {
        panic!("{:?}", request.output)
    };
    assert_eq!(name, "Verdict");
    assert_eq!(schema["properties"]["score"]["maximum"], 1.0);
    assert_eq!(schema["properties"]["score"]["description"], "From 0 to 1.");
}

#[tokio::test]
async fn a_code_fence_around_the_answer_is_taken_off() {
    for fenced in [
        "```json\n{\"score\": 1, \"reason\": \"\"}\n```",
        "```\n{\"score\": 1, \"reason\": \"\"}```\n",
    ] {
        assert_eq!(ask(Reply::text(fenced)).await.unwrap(), Verdict::new(1.0, ""));
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_is_an_error_that_says_where_and_keeps_the_turn() {
    let table = [
        ("", "it is empty; JSON was asked for"),
        ("Good.", "it is no JSON: expected value at line 1 column 1"),
        (
            r#"{"score": 2, "reason": ""}"#,
            "at /score: value is greater than the maximum of 1.0, found 2",
        ),
        (r#"{"score": 1}"#, r#"at the whole answer: "reason" is a required property"#),
        (r#"{"score": 1, "reason": ""} and more"#, "it is no JSON: trailing characters"),
    ];
    for (text, expected) in table {
        let error = ask(Reply::text(text)).await.unwrap_err();
        let words = error.to_string();
        let TurnError::Invalid { turn, .. } = error else { panic!("{text:?}: {words}") };
        assert!(words.contains(expected), "{text:?}: {words}");
        assert_eq!(turn.text, text);
        assert!(turn.is_complete() && turn.usage.input_tokens.is_some());
    }
}

#[tokio::test]
async fn a_refusal_is_an_error_of_its_own() {
    for (reply, expected) in [
        (Reply::refusal("I do not judge."), "the model refused to answer: I do not judge."),
        (Reply::refusal(""), "the model refused to answer"),
        (
            Reply::json(&Verdict::new(1.0, "")).with_fault(Fault::refusal("No.")),
            "the model refused to answer: No.",
        ),
    ] {
        let error = ask(reply).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        let TurnError::Refused { turn, .. } = error else { panic!("{error}") };
        assert!(turn.is_complete());
    }
}

#[tokio::test]
async fn the_model_s_own_errors_come_through() {
    let error = ask(Fault::status(401).with_body("no such key").into()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the provider refused the credentials (status 401): no such key (request req_0)"
    );
    assert_eq!(error.model_error().unwrap().status, Some(401));
}

/// Ends an answer at its first piece.
struct AtOnce(bool);

impl probity_eval::Probe for AtOnce {
    fn on_text_delta(&mut self, _delta: &str) {
        self.0 = true;
    }

    fn stop(&self) -> Option<probity_eval::StopReason> {
        self.0.then(|| probity_eval::StopReason::new("seen enough"))
    }
}

/// Watches, and lets everything go on.
struct Idle;

impl probity_eval::Probe for Idle {}

#[tokio::test]
async fn a_probe_may_watch_a_structured_turn_and_end_it() {
    let reply = || ScriptedModel::replies(["[1, 2, 3]"]);
    let watched = llm(&reply()).structured::<Vec<u8>>("?").collect_with(Idle).await.unwrap();
    assert_eq!(watched.value, [1, 2, 3]);

    let ended = llm(&reply()).structured::<Vec<u8>>("?").collect_with(AtOnce(false)).await;
    let Err(TurnError::Stopped { reason, turn, .. }) = ended else { panic!("it was not ended") };
    assert_eq!((&*reason.reason, turn.is_complete()), ("seen enough", false));
}

#[tokio::test]
async fn a_structured_turn_can_be_streamed_and_its_text_read() {
    use futures::StreamExt as _;

    let llm = llm(&ScriptedModel::replies(["[1, 2, 3]"]));
    let mut answer = llm.structured::<Vec<u8>>("?").stream().unwrap();
    while let Some(event) = answer.next().await {
        event.unwrap();
    }
    let schema = probity_eval::AnswerSchema::of::<Vec<u8>>().unwrap();
    assert_eq!(schema.decode::<Vec<u8>>(&answer.into_result().text).unwrap(), [1, 2, 3]);
}
