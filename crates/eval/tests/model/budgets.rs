//! What turns spend.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt as _, future::join, stream};
use probity_eval::{
    Budget, BudgetError, BudgetLimit, Llm, Price, Prices, RetryPolicy, TurnError,
    model::ModelEvent,
    scripted::{Fault, Reply, ScriptedModel, Turn, WhenUsedUp},
};
use probity_trace::genai::Usage;

use crate::support::{llm, spending, without_model};

/// Always the same answer, with these tokens.
fn always(reply: Reply) -> ScriptedModel {
    ScriptedModel::replies([reply]).when_used_up(WhenUsedUp::Repeat)
}

/// A prompt of 40 bytes, which count as 10 tokens.
const PROMPT: &str = "0123456789012345678901234567890123456789";

fn exceeded(error: &TurnError) -> BudgetLimit {
    match error {
        TurnError::Budget(BudgetError::Exceeded { what, .. }) => *what,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn clones_of_a_context_spend_from_one_budget() {
    let model = always(Reply::text("hi").with_usage(Usage::new(20, 5)));
    let llm = spending(&model, Budget::unlimited().max_requests(3));
    let clones = [llm.clone(), llm.clone(), llm.clone()];
    for clone in &clones {
        clone.completion(PROMPT).collect().await.unwrap();
    }
    let error = llm.completion(PROMPT).collect().await.unwrap_err();
    assert_eq!(exceeded(&error), BudgetLimit::Requests);
    assert_eq!(
        error.to_string(),
        "the budget of 3 requests does not allow this call: 3 spent, 0 reserved by calls under way, \
         1 more needed"
    );
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (3, 75, 0));
    assert_eq!(model.requests().len(), 3);
}

#[tokio::test]
async fn what_a_call_may_need_is_reserved_until_it_is_known_what_it_used() {
    let reply =
        Reply::text("hi").with_usage(Usage::new(10, 2)).with_delay(Duration::from_millis(1));
    let llm = spending(&always(reply), Budget::unlimited().max_tokens(100));
    let ask = || llm.completion(PROMPT).max_output_tokens(50).collect();
    let (first, second) = join(ask(), ask()).await;
    assert_eq!(first.unwrap().text, "hi");
    let error = second.unwrap_err().to_string();
    let expected =
        "100 tokens does not allow this call: 0 spent, 60 reserved by calls under way, 60 more";
    assert!(error.contains(expected), "{error}");
    assert_eq!(llm.budget().spent().tokens, 12);
    ask().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_turns_do_not_overdraw_a_budget() {
    let reply =
        Reply::text("hi").with_usage(Usage::new(10, 30)).with_delay(Duration::from_micros(200));
    let model = always(reply);
    let llm = spending(&model, Budget::unlimited().max_tokens(1_000));
    let tasks = (0..100).map(|_| {
        let turn = llm.completion(PROMPT).max_output_tokens(30).collect();
        tokio::spawn(turn)
    });
    let mut answered = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(_) => answered += 1,
            Err(error) => assert_eq!(exceeded(&error), BudgetLimit::Tokens),
        }
    }
    // Each needs 40 and uses them, so that 25 find room, and not one more.
    assert_eq!((answered, model.requests().len()), (25, 25));
    assert_eq!(llm.budget().spent().tokens, 1_000);
}

fn prices() -> Prices {
    Prices::new().with("scripted-1", Price::new(1.0, 10.0)).unwrap()
}

#[tokio::test]
async fn a_call_costs_what_the_prices_say() {
    let model = always(Reply::text("hi").with_usage(Usage::new(1_000, 100)));
    let llm = spending(&model, Budget::unlimited().max_cost_usd(0.005)).with_prices(prices());
    let mut answers = 0;
    let error = loop {
        match llm.completion(PROMPT).collect().await {
            Ok(_) => answers += 1,
            Err(error) => break error,
        }
    };
    // Each costs 0.002 and reserves 0.00001, since it does not say how long the answer may be: the third
    // overdraws, and the fourth is refused.
    assert_eq!((answers, exceeded(&error)), (3, BudgetLimit::Cost));
    assert!((llm.budget().spent().cost_usd - 0.006).abs() < 1e-12);
    assert_eq!(llm.budget().spent().unpriced_requests, 0);
}

#[tokio::test]
async fn a_model_without_a_price_is_refused_where_cost_is_limited_and_counted_where_it_is_not() {
    let model = always(Reply::text("hi"));
    let limited = spending(&model, Budget::unlimited().max_cost_usd(1.0));
    let error = limited.completion(PROMPT).collect().await.unwrap_err();
    assert!(error.to_string().contains("no price for model \"scripted-1\""), "{error}");
    assert_eq!((model.requests().len(), limited.budget().spent().requests), (0, 0));

    let unlimited = llm(&model);
    unlimited.completion(PROMPT).collect().await.unwrap();
    let spent = unlimited.budget().spent();
    assert_eq!((spent.requests, spent.unpriced_requests, spent.cost_usd), (1, 1, 0.0));
}

#[tokio::test]
async fn a_turn_spends_from_its_own_budget_and_from_that_of_the_context() {
    let model = always(Reply::text("hi").with_usage(Usage::new(10, 2)));
    let llm = spending(&model, Budget::unlimited().max_requests(3));
    let own = Budget::unlimited().max_requests(1);
    let ask = |budget: &Budget| llm.completion(PROMPT).budget(budget.clone()).collect();
    ask(&own).await.unwrap();
    assert_eq!((own.spent().tokens, llm.budget().spent().tokens), (12, 12));
    ask(&own).await.unwrap_err();
    assert_eq!((own.spent().requests, llm.budget().spent().requests), (1, 1));
    // Refused by the other, it is charged to neither.
    let other = Budget::unlimited();
    ask(&other).await.unwrap();
    ask(&other).await.unwrap();
    ask(&other).await.unwrap_err();
    assert_eq!((other.spent().requests, llm.budget().spent().requests), (2, 3));
}

#[tokio::test]
async fn a_turn_that_is_given_the_budget_of_the_context_is_charged_once() {
    let llm = spending(&always(Reply::text("hi")), Budget::unlimited().max_requests(1));
    llm.completion(PROMPT).budget(llm.budget().clone()).collect().await.unwrap();
    assert_eq!(llm.budget().spent().requests, 1);
}

#[tokio::test]
async fn usage_that_is_not_reported_is_estimated_and_counted_as_such() {
    let llm = llm(&always(Reply::text("0123456789ab").without_usage()));
    llm.completion(PROMPT).collect().await.unwrap();
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (1, 13, 1));
}

#[tokio::test]
async fn a_turn_that_is_given_up_is_charged_what_had_come() {
    let model = always(Reply::text("0123 456 more").with_usage(Usage::new(1_000, 1_000)));
    let llm = llm(&model);
    let answer = llm.completion(PROMPT).stream();
    let seen =
        answer.filter(|event| std::future::ready(matches!(event, Ok(ModelEvent::TextDelta(_)))));
    assert_eq!(seen.take(2).count().await, 2);
    let spent = llm.budget().spent();
    // Ten tokens of input, and two of the eight bytes that came.
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (1, 12, 1));
}

#[tokio::test]
async fn a_turn_that_is_dropped_before_there_is_an_answer_is_charged_its_input() {
    let llm = llm(&always(Reply::text("hi").with_delay(Duration::from_hours(1))));
    let mut answer = Box::pin(llm.completion(PROMPT).max_output_tokens(500).collect());
    assert!(futures::poll!(&mut answer).is_pending());
    drop(answer);
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (1, 10, 1));

    drop(llm.completion(PROMPT).collect());
    drop(llm.completion(PROMPT).stream());
    assert_eq!(llm.budget().spent().requests, 1);
}

#[tokio::test]
async fn each_attempt_is_a_request_and_one_without_an_answer_uses_no_tokens() {
    let model = ScriptedModel::replies([
        Fault::rate_limited().into(),
        Fault::server_error().into(),
        Reply::text("hi").with_usage(Usage::new(10, 2)),
    ]);
    let llm = llm(&model);
    llm.completion(PROMPT).collect().await.unwrap();
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (3, 12, 0));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_charged_what_had_come() {
    let broken = Reply::text("0123 456 more").with_fault(Fault::connection_reset().after_deltas(2));
    let llm = llm(&always(broken)).with_retry(RetryPolicy::never());
    llm.completion(PROMPT).collect().await.unwrap_err();
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (1, 12, 1));
}

#[tokio::test]
async fn a_budget_that_is_used_up_between_attempts_ends_the_turn() {
    let model = always(Fault::server_error().into());
    let llm = spending(&model, Budget::unlimited().max_requests(2));
    let error = llm.completion(PROMPT).collect().await.unwrap_err();
    // What went wrong is what the provider said, and that there were no more attempts.
    assert!(matches!(&error, TurnError::Model { attempts: 2, .. }), "{error}");
    assert_eq!(error.model_error().unwrap().status, Some(500));
    assert_eq!((model.requests().len(), llm.budget().spent().requests), (2, 2));
}

#[tokio::test]
async fn a_cost_that_leaves_out_cached_tokens_is_charged_as_if_they_were_not_cached() {
    let usage = Usage::new(1_000_000, 0).with_cache_read(10);
    let prices = Prices::new().with("scripted", Price::new(2.0, 1.0)).unwrap();
    let model = always(Reply::text("hi").with_usage(usage)).with_name("scripted");
    let llm = spending(&model, Budget::unlimited().max_cost_usd(3.0)).with_prices(prices);
    llm.completion(PROMPT).collect().await.unwrap();
    llm.completion(PROMPT).collect().await.unwrap();
    let error = llm.completion(PROMPT).collect().await.unwrap_err();
    assert_eq!(exceeded(&error), BudgetLimit::Cost);
    let spent = llm.budget().spent();
    assert_eq!((spent.cost_usd, spent.unpriced_requests, spent.estimated_requests), (4.0, 0, 2));
}

#[tokio::test]
async fn a_stream_that_is_left_at_its_result_is_charged_what_had_come() {
    let text = "x".repeat(1_000);
    let whole = Usage::new(700, 300);
    let model = always(Reply::text(&text).cut_by_characters(1).with_usage(whole));
    let llm = llm(&model);
    let mut answer = llm.completion(PROMPT).stream();
    for _ in 0..401 {
        answer.next().await.unwrap().unwrap();
    }
    let come = answer.into_result().text.len() as u64;
    let spent = llm.budget().spent();
    assert_eq!((spent.tokens, spent.estimated_requests), (10 + come.div_ceil(4), 1));
}

#[tokio::test]
async fn a_stream_that_is_left_when_the_answer_is_whole_is_no_cancelled_one() {
    let llm = llm(&always(Reply::text("hi").with_usage(Usage::new(700, 300))));
    let left = async {
        let mut answer = llm.completion(PROMPT).stream();
        while let Some(event) = answer.next().await {
            if matches!(event.unwrap(), ModelEvent::Finished(_)) {
                break;
            }
        }
        answer.into_result()
    };
    let collected = probity_trace::capture(left).await;
    assert!(collected.output.is_complete());
    let turn = collected.trace.span("llm_turn").unwrap();
    assert!(turn.field("finish_reason").unwrap() == "stop");
    assert_eq!(collected.trace.genai().usage(), collected.output.usage);
}

#[tokio::test]
async fn a_limit_added_later_makes_another_account_that_begins_with_what_was_spent() {
    let slow = Reply::text("hi").with_usage(Usage::new(10, 2)).with_delay(Duration::from_millis(1));
    let llm = spending(&always(slow), Budget::unlimited());
    llm.completion(PROMPT).collect().await.unwrap();
    let mut under_way = Box::pin(llm.completion(PROMPT).collect());
    assert!(futures::poll!(&mut under_way).is_pending());
    let limited = llm.clone().with_budget(llm.budget().clone().max_requests(2));
    under_way.await.unwrap();
    limited.completion(PROMPT).collect().await.unwrap();
    limited.completion(PROMPT).collect().await.unwrap_err();
    assert_eq!((llm.budget().spent().requests, limited.budget().spent().requests), (2, 2));
}

#[tokio::test]
async fn many_turns_on_one_task_are_charged_each_once() {
    let llm = llm(&always(Reply::text("hi").with_usage(Usage::new(1, 1))));
    let turns = stream::iter(0..50).map(|_| llm.completion(PROMPT).collect());
    let answers: Vec<_> = turns.buffer_unordered(8).collect().await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((llm.budget().spent().requests, llm.budget().spent().tokens), (50, 100));
}

#[test]
fn a_context_shows_what_it_may_spend() {
    let shown = format!("{:?}", without_model().with_budget(Budget::unlimited().max_tokens(7)));
    assert!(shown.contains("tokens: Some(7)") && shown.contains("spent"), "{shown}");
}

#[tokio::test]
async fn a_part_of_a_budget_counts_for_itself_and_for_the_whole() {
    let whole = Budget::unlimited().max_requests(3);
    let (one, other) = (whole.part().max_requests(2), whole.part());
    let asked = |budget: &Budget| llm(&always(Reply::text("hi"))).with_budget(budget.clone());
    asked(&one).completion("a").collect().await.unwrap();
    asked(&other).completion("b").budget(one.clone()).collect().await.unwrap();
    assert_eq!((one.spent().requests, other.spent().requests, whole.spent().requests), (2, 1, 2));

    // The part is used up, the whole is not.
    let refused = asked(&one).completion("c").collect().await.unwrap_err();
    assert!(matches!(refused, TurnError::Budget(_)), "{refused}");
    asked(&other).completion("d").collect().await.unwrap();
    let refused = asked(&other).completion("e").collect().await.unwrap_err();
    assert!(matches!(refused, TurnError::Budget(_)), "{refused}");
    assert_eq!(whole.spent().requests, 3);
}

#[tokio::test]
async fn forks_of_a_context_answer_alike_whoever_asks_first() {
    let model = ScriptedModel::from_fn(|_, turn: &mut Turn| turn.below(1_000_000).to_string());
    let llm = Llm::new(Arc::new(model), Budget::unlimited());
    let (first, second) = (llm.fork(1), llm.fork(2));
    let ask = async |llm: &Llm| llm.completion("?").collect().await.unwrap().text;
    let answers = [ask(&second).await, ask(&first).await];
    assert_eq!([ask(&llm.fork(2)).await, ask(&llm.fork(1)).await], answers);
    assert_ne!(answers[0], answers[1]);
    assert_eq!((llm.budget().spent().requests, first.budget().spent().requests), (4, 1));
}
