//! What may move between threads is part of the API, and so is what asks for it.

use std::{cell::Cell, convert::Infallible, rc::Rc};

use probity_eval::{
    Eval, EvalExt as _, EvalRecord, GroupError, Llm, ObjectiveError, Part, PureEvalExt as _,
    RawEvalRecord, Score, Scored, ScoredError, all_of, any_of, from_async_fn, from_fn, maximize,
    minimize, pass_fail, weighted,
};
use probity_trace::{Collected, TraceSnapshot};

use crate::evals::{ResponseLength, SlowWords, out_of_ten};

fn is_send_and_sync<T: Send + Sync>(_: &T) {}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn plain_values_may_move_between_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Llm>();
    check::<Score>();
    check::<Scored<String>>();
    check::<ObjectiveError>();
    check::<ScoredError<String>>();
    check::<GroupError<String>>();
    check::<Part<String>>();
    check::<EvalRecord<String, String>>();
    check::<RawEvalRecord<String, String>>();
}

#[test]
fn pure_combinators_may_move_where_their_parts_may() {
    let eval = ResponseLength;
    is_send_and_sync(&eval.clone().map_report(|n| n));
    is_send_and_sync(&eval.clone().map_error(|never| never));
    is_send_and_sync(&eval.clone().and_then(Ok));
    is_send_and_sync(&eval.clone().or_else(Err));
    is_send_and_sync(&eval.clone().contramap_artifact(|text: &String| text));
    is_send_and_sync(&eval.clone().contramap_artifact_owned(|text: &str| text.to_owned()));
    is_send_and_sync(&eval.clone().combine(ResponseLength, |a, b| a + b));
    is_send_and_sync(&eval.clone().scored_by(maximize(out_of_ten)));
    is_send_and_sync(&eval.clone().scored_by(minimize(out_of_ten).within(0.0..=1.0)));
    is_send_and_sync(&eval.clone().named("length"));
    is_send_and_sync(&eval.clone().lift());
    is_send_and_sync(&eval.clone().boxed());
    let scored = eval.scored_by(pass_fail(|n: &usize| *n > 3));
    is_send_and_sync(&all_of([&scored]));
    is_send_and_sync(&any_of([&scored]));
    is_send_and_sync(&weighted([(1.0, &scored)]));
}

#[test]
fn the_type_of_the_artifact_does_not_hold_an_eval_to_its_thread() {
    is_send_and_sync(&from_fn(|_, _: &Rc<str>| Ok::<_, Infallible>(1)));
    is_send_and_sync(&ResponseLength.contramap_artifact(|text: &Rc<String>| text));
    is_send_and_sync(&ResponseLength.contramap_artifact_owned(|text: &Rc<str>| text.to_string()));
}

#[test]
fn pure_evals_may_hold_what_stays_on_its_thread() {
    let runs = Rc::new(Cell::new(0));
    let count = || runs.set(runs.get() + 1);
    let eval = from_fn(|_, text: &Rc<str>| {
        count();
        Ok::<_, Infallible>(Rc::clone(text))
    })
    .map_report(|text| {
        count();
        text.len()
    })
    .scored_by(maximize(|length: &usize| {
        count();
        out_of_ten(length)
    }));
    let record = eval.run(Collected::new(Rc::<str>::from("hello"), TraceSnapshot::default()));
    assert_eq!((record.report(), runs.get()), (Some(&5), 3));
}

#[test]
fn the_futures_of_async_evals_may_move_between_threads() {
    let (llm, trace) = (Llm::without_model(), TraceSnapshot::default());
    let text = "two words".to_owned();
    let eval = SlowWords
        .combine(SlowWords, |a, b| a + b)
        .contramap_artifact(|text: &String| text)
        .contramap_artifact_owned(|text: &str| text.to_owned())
        .map_error(|error| error.to_string())
        .scored_by(maximize(out_of_ten));
    drop(is_send(eval.evaluate(&llm, &trace, &text)));
    let lists = [all_of([&eval]).boxed(), any_of([&eval]).boxed()];
    drop(is_send(all_of(lists).evaluate(&llm, &trace, &text)));
    drop(is_send(weighted([(1.0, &eval)]).evaluate(&llm, &trace, &text)));
    let collected = Collected::new(text, trace);
    drop(is_send(eval.run_collected(&llm, &collected)));
    drop(is_send(eval.run(&llm, collected)));
}

#[test]
fn a_captured_output_that_threads_may_not_share_can_lend_its_artifact() {
    struct Reply {
        text: String,
        _reads: Cell<u32>,
    }
    impl std::borrow::Borrow<String> for Reply {
        fn borrow(&self) -> &String {
            &self.text
        }
    }
    let reply = Reply { text: "two words".to_owned(), _reads: Cell::new(0) };
    let collected = Collected::new(reply, TraceSnapshot::default());
    drop(is_send(SlowWords.run_collected(&Llm::without_model(), &collected)));
}

#[test]
fn async_evals_are_shared_between_threads_as_trait_objects() {
    fn check<T: Send + Sync + ?Sized>() {}
    check::<dyn Eval<Artifact = str, Report = (), Error = ()>>();
    is_send_and_sync(&from_async_fn(|_, _, _: &str| Box::pin(async { Ok::<_, Infallible>(()) })));
}
