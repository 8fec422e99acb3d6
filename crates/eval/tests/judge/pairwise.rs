//! The judge that compares two artifacts, in both orders.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures::stream;
use probity_eval::{
    Budget, Eval as _, EvalExt as _, JudgeError, Llm, PairwiseJudge, SelfScoring as _, async_trait,
    judge::{Exhibit, Pair, PairwiseReport, Position, Preference},
    model::{Model, ModelError, ModelEvent, ModelRequest, ModelStream},
    scripted::{Reply, ScriptedModel},
};
use probity_trace::genai::FinishReason;

use crate::support::{last_text, llm, trace};

fn pair() -> Pair<String> {
    Pair::new("GOOD".to_owned(), "BAD".to_owned())
}

fn vote(winner: &str) -> String {
    format!(r#"{{"reason": "because of {winner}", "winner": "{winner}"}}"#)
}

/// Asks a judge whose model chooses by what it is shown first and second.
fn judged(choose: fn(&str) -> &'static str) -> PairwiseReport {
    let model = ScriptedModel::from_fn(move |request, _| {
        let shown = request.input.messages[1].content();
        vote(choose(shown.split("</answer_1>").next().unwrap()))
    });
    let judge = PairwiseJudge::new("Which answer is better?");
    futures::executor::block_on(judge.evaluate(&llm(&model), &trace(), &pair())).unwrap()
}

#[test]
fn what_wins_in_both_orders_wins() {
    let by_content = judged(|first| if first.contains("GOOD") { "answer_1" } else { "answer_2" });
    assert_eq!((by_content.winner, by_content.disagreed), (Preference::First, false));
    assert_eq!((by_content.score().value(), by_content.passed()), (1.0, true));
    assert_eq!(by_content.favored_position(), None);
    let reasons = [by_content.in_order.reason, by_content.swapped.reason];
    assert_eq!(reasons, ["because of answer_1", "because of answer_2"]);

    let by_spite = judged(|first| if first.contains("GOOD") { "answer_2" } else { "answer_1" });
    assert_eq!((by_spite.winner, by_spite.disagreed), (Preference::Second, false));
    assert_eq!((by_spite.score().value(), by_spite.passed()), (0.0, false));
}

#[test]
fn a_judge_that_goes_by_the_order_finds_a_tie_and_is_seen() {
    for (winner, position) in [("answer_1", Position::First), ("answer_2", Position::Second)] {
        let report = match winner {
            "answer_1" => judged(|_| "answer_1"),
            _ => judged(|_| "answer_2"),
        };
        assert_eq!((report.winner, report.disagreed), (Preference::Tie, true));
        assert_eq!(report.favored_position(), Some(position));
        assert_eq!((report.score().value(), report.passed()), (0.5, true));
    }
}

#[test]
fn a_tie_in_both_orders_is_no_disagreement() {
    let report = judged(|_| "tie");
    assert_eq!((report.winner, report.disagreed), (Preference::Tie, false));
    assert_eq!(report.favored_position(), None);
}

#[test]
fn a_tie_in_one_order_is_a_disagreement_but_no_favored_position() {
    let report = judged(|first| if first.contains("GOOD") { "answer_1" } else { "tie" });
    assert_eq!((report.winner, report.disagreed), (Preference::Tie, true));
    assert_eq!(report.favored_position(), None);
}

#[test]
fn a_report_is_printed_with_both_orders() {
    assert_eq!(
        judged(|_| "answer_1").to_string(),
        "a tie, since the judge disagreed with itself: it preferred what was shown first\n\
         - first shown first: first (because of answer_1)\n\
         - second shown first: second (because of answer_1)"
    );
    assert!(judged(|_| "tie").to_string().starts_with("a tie\n"));
}

#[test]
fn json_brings_a_report_back() {
    for choose in [|_: &str| "answer_1", |_: &str| "tie"] {
        let report = judged(choose);
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<PairwiseReport>(&json).unwrap(), report);
    }
}

#[tokio::test]
async fn a_wrong_reply_in_one_order_is_sent_back_and_counted() {
    let model = ScriptedModel::from_fn(|request, _| {
        let shown = request.input.messages[1].content();
        let is_swapped = shown.find("BAD") < shown.find("GOOD");
        if is_swapped && request.input.messages.len() == 2 {
            "neither".to_owned()
        } else {
            vote(if is_swapped { "answer_2" } else { "answer_1" })
        }
    });
    let judge = PairwiseJudge::new("Which answer is better?");
    let report = judge.evaluate(&llm(&model), &trace(), &pair()).await.unwrap();
    assert_eq!((report.winner, report.corrections), (Preference::First, 1));
    assert_eq!(model.requests().len(), 3);
}

#[tokio::test]
async fn an_order_without_a_verdict_leaves_none() {
    for failing in [0, 1] {
        let model = ScriptedModel::from_fn(move |_, turn| {
            let refused = || Reply::refusal("I would rather not.");
            if turn.number() == failing { refused() } else { Reply::text(vote("tie")) }
        });
        let judge = PairwiseJudge::new("Which answer is better?");
        let error = judge.evaluate(&llm(&model), &trace(), &pair()).await.unwrap_err();
        assert!(matches!(error, JudgeError::Refused { .. }), "{error}");
        assert_eq!(model.requests().len(), 2);
    }
}

#[tokio::test]
async fn the_question_the_task_and_both_answers_are_shown() {
    struct Comparison {
        question: &'static str,
        answers: [&'static str; 2],
    }
    let model = ScriptedModel::replies([vote("answer_1"), vote("answer_2")]);
    let judge = PairwiseJudge::new("Which answer is kinder?").showing(|_, shown: &Comparison| {
        Exhibit::pair(shown.answers[0], shown.answers[1]).with_task(shown.question)
    });
    let comparison = Comparison { question: "How are you?", answers: ["Fine, you?", "Why?"] };
    let report = judge.evaluate(&llm(&model), &trace(), &comparison).await.unwrap();
    assert_eq!(report.winner, Preference::First);
    let instructions = model.requests()[0].input.messages[0].content();
    assert!(instructions.ends_with("The question: Which answer is kinder?"), "{instructions}");
    let shown = last_text(&model, 1);
    for part in [
        "<the_task>\nHow are you?\n</the_task>",
        "<answer_1>\nWhy?\n</answer_1>",
        "<answer_2>\nFine, you?\n</answer_2>",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[tokio::test]
async fn both_orders_cost() {
    let model = ScriptedModel::replies([vote("tie"), vote("tie")]);
    let llm = llm(&model);
    let judge = PairwiseJudge::new("Which answer is better?").temperature(0.0).named("better");
    judge.evaluate(&llm, &trace(), &pair()).await.unwrap();
    assert_eq!(llm.budget().spent().requests, 2);
    assert!(model.requests().iter().all(|request| request.settings.temperature == Some(0.0)));
}

/// Counts how many requests are under way at once, when each has had the chance to be.
#[derive(Default)]
struct Counting {
    asked: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl Model for Counting {
    fn provider(&self) -> &'static str {
        "counting"
    }

    fn name(&self) -> &'static str {
        "counting-1"
    }

    async fn stream(&self, _request: &ModelRequest) -> Result<ModelStream, ModelError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        self.most.fetch_max(self.asked.load(Ordering::SeqCst), Ordering::SeqCst);
        self.asked.fetch_sub(1, Ordering::SeqCst);
        let events = [ModelEvent::TextDelta(vote("tie")), ModelEvent::Finished(FinishReason::Stop)];
        Ok(Box::pin(stream::iter(events.map(Ok))))
    }
}

#[tokio::test]
async fn both_orders_are_asked_at_the_same_time() {
    let model = Arc::new(Counting::default());
    let llm = Llm::new(Arc::<Counting>::clone(&model), Budget::unlimited());
    let judge = PairwiseJudge::new("Which answer is better?").scored();
    judge.evaluate(&llm, &trace(), &pair()).await.unwrap();
    assert_eq!(model.most.load(Ordering::SeqCst), 2);
}
