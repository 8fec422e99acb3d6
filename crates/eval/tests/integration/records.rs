//! What a capture gave goes in, a record comes out, with raw entries where there were any.

use std::{convert::Infallible, error::Error};

use probity_eval::{
    EvalExt as _, EvalRecord, Llm, PureEvalExt as _, RawEvalRecord, ScoredError, from_fn, maximize,
};
use probity_trace::{Collected, CollectedRaw, RawTraceSnapshot, TraceSnapshot};

use crate::evals::{ResponseLength, SlowWords, out_of_ten};

fn collected(answer: &str) -> Collected<String> {
    Collected::new(answer.to_owned(), TraceSnapshot::default())
}

fn collected_raw(answer: &str) -> CollectedRaw<String> {
    CollectedRaw::new(answer.to_owned(), TraceSnapshot::default(), RawTraceSnapshot::default())
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "a number up to 500 keeps its precision")]
fn the_pages_length_eval_scores_by_a_borrowed_objective() -> Result<(), Box<dyn Error>> {
    let collected = collected("Hello there.");
    let scored = ResponseLength
        .scored_by(&maximize(|len: &usize| (*len).min(500) as f32 / 500.0))
        .run_collected(&collected)?;
    assert_eq!(format!("{:.3} {}", scored.score.value(), scored.report), "0.024 12");
    Ok(())
}

#[test]
fn an_eval_scored_by_an_objective_outlives_the_line_that_made_it() {
    let eval = ResponseLength.scored_by(maximize(out_of_ten));
    assert!(eval.run(collected("long enough")).passed());
    assert!(!eval.run(collected("no")).passed());
}

#[test]
fn a_raw_capture_gives_a_raw_record() {
    let eval = ResponseLength.scored_by(maximize(out_of_ten));
    let raw: RawEvalRecord<usize, ScoredError<Infallible>> = eval.run(collected_raw("hello"));
    assert!(raw.passed());
    assert_eq!(eval.run_collected(&collected_raw("hello")).unwrap().report, 5);
    let record: EvalRecord<usize, ScoredError<Infallible>> = raw.without_raw();
    assert_eq!(record.report(), eval.run(collected("hello")).report());
}

#[tokio::test]
async fn the_async_world_gives_the_same_records() {
    let llm = Llm::without_model();
    let eval = SlowWords.scored_by(maximize(out_of_ten).with_pass_mark(0.2));
    let raw: RawEvalRecord<_, _> = eval.run(&llm, collected_raw("two words")).await;
    assert!(raw.passed());
    let record: EvalRecord<_, _> = eval.run(&llm, collected("one")).await;
    assert!(!record.passed() && record.error().is_none());
}

#[tokio::test]
async fn an_error_of_the_eval_is_not_a_failed_score() {
    let eval = SlowWords.scored_by(maximize(out_of_ten));
    let record = eval.run(&Llm::without_model(), collected(" ")).await;
    assert_eq!((record.passed(), record.score()), (false, None));
    assert_eq!(record.error().unwrap().to_string(), "no words");
}

#[test]
fn an_eval_of_a_borrowed_form_takes_the_owned_output() {
    let first = from_fn(|_, words: &[String]| words.first().cloned().ok_or("no words"));
    let words = vec!["two".to_owned(), "words".to_owned()];
    let collected = Collected::new(words, TraceSnapshot::default());
    assert_eq!(first.run_collected(&collected), Ok("two".to_owned()));
}

#[test]
fn the_error_of_a_boxed_error_goes_through_the_question_mark() {
    fn judge(answer: &str) -> Result<f32, Box<dyn Error + Send + Sync>> {
        type BoxError = Box<dyn Error + Send + Sync>;
        let eval = from_fn(|_, answer: &str| Ok::<f32, BoxError>(answer.parse()?));
        let scored = eval
            .scored_by(maximize(|number: &f32| *number))
            .run_collected(&Collected::new(answer.to_owned(), TraceSnapshot::default()))?;
        Ok(scored.score.value())
    }
    assert_eq!(judge("0.5").unwrap().to_string(), "0.5");
    assert_eq!(judge("half").unwrap_err().to_string(), "invalid float literal");
    assert!(judge("7").unwrap_err().to_string().starts_with("objective gave 7,"));
}
