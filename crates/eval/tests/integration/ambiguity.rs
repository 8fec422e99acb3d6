//! With everything imported, each call on each kind of eval has one meaning.
//!
//! Most of what is tested here is that it compiles.

use probity_eval::{combinators::*, leaf::*, objectives::*, *};
use probity_trace::{Collected, TraceSnapshot};

use crate::evals::{ResponseLength, SlowWords, out_of_ten};

fn answer() -> Collected<String> {
    Collected::new("two words".to_owned(), TraceSnapshot::default())
}

#[test]
fn a_chain_of_pure_evals_is_pure() {
    let eval = ResponseLength
        .map_report(|length| length + 1)
        .map_error(|never| -> String { match never {} })
        .and_then(Ok)
        .or_else(Err::<_, String>)
        .contramap_artifact(|text: &String| text)
        .contramap_artifact_owned(|text: &str| text.to_uppercase())
        .combine(from_fn(|_, text: &str| Ok(text.len())), |a, b| a + b)
        .named("length")
        .boxed()
        .scored_by(maximize(out_of_ten));
    assert_eq!(eval.name(), Some("length"));
    assert_eq!(eval.evaluate(&TraceSnapshot::default(), "yes").unwrap().report, 7);
    assert_eq!(eval.run_collected(&answer()).unwrap().report, 19);
    assert!(eval.run(answer()).passed());
}

#[tokio::test]
async fn a_chain_of_async_evals_is_async() {
    let llm = Llm::without_model();
    let eval = SlowWords
        .map_report(|words| words + 1)
        .map_error(|error| error.to_string())
        .and_then(Ok)
        .or_else(Err::<_, String>)
        .contramap_artifact(|text: &String| text)
        .contramap_artifact_owned(|text: &str| text.to_uppercase())
        .combine(from_fn(|_, text: &str| Ok(text.len())).lift(), |a, b| a + b)
        .named("words")
        .boxed()
        .scored_by(maximize(out_of_ten));
    assert_eq!(eval.name(), Some("words"));
    assert_eq!(eval.evaluate(&llm, &TraceSnapshot::default(), "yes").await.unwrap().report, 5);
    assert_eq!(eval.run_collected(&llm, &answer()).await.unwrap().report, 12);
    assert!(eval.run(&llm, answer()).await.passed());
}

#[tokio::test]
async fn a_chain_goes_from_pure_to_async_at_lift() {
    let eval = ResponseLength
        .map_report(|length| length * 2)
        .map_error(|never| match never {})
        .lift()
        .combine(SlowWords, |a, b| a + b)
        .named("both")
        .map_report(|sum| sum + 1)
        .scored_by(minimize(out_of_ten));
    let record = eval.run(&Llm::without_model(), answer()).await;
    assert_eq!(record.report(), Some(&21));
    assert!(!record.passed());
}

#[tokio::test]
async fn lists_take_the_kind_of_their_evals() {
    let pure = || ResponseLength.scored_by(maximize(out_of_ten));
    let slow = || SlowWords.scored_by(maximize(out_of_ten));
    let pure = weighted([(1.0, all_of([pure()])), (2.0, all_of([pure()]))]).named("pure");
    let slow = weighted([(1.0, any_of([slow()])), (2.0, any_of([slow()]))]).named("slow");
    assert!(pure.run(answer()).passed());
    assert!(!slow.run(&Llm::without_model(), answer()).await.passed());
}

#[tokio::test]
async fn references_take_the_kind_of_what_they_point_to() {
    let (pure, slow) = (&ResponseLength, &SlowWords);
    let reports = (
        pure.map_report(|length| length + 1).run_collected(&answer()),
        (&pure).boxed().run_collected(&answer()),
    );
    assert_eq!(reports, (Ok(10), Ok(9)));
    let llm = Llm::without_model();
    let words = slow.map_report(|words| words + 1).run_collected(&llm, &answer()).await.unwrap();
    let boxed = (&slow).boxed().run_collected(&llm, &answer()).await.unwrap();
    assert_eq!((words, boxed), (3, 2));
}

#[tokio::test]
async fn a_bound_on_one_trait_is_enough_for_its_menu() {
    fn doubled<E: PureEval<Report = usize>>(
        eval: E,
    ) -> impl PureEval<Artifact = E::Artifact, Report = usize, Error = E::Error> {
        eval.map_report(|n| n * 2).named("doubled")
    }
    fn doubled_async<E: Eval<Report = usize>>(
        eval: E,
    ) -> impl Eval<Artifact = E::Artifact, Report = usize, Error = E::Error> {
        eval.map_report(|n| n * 2).named("doubled")
    }
    let llm = Llm::without_model();
    assert_eq!(doubled(ResponseLength).run_collected(&answer()), Ok(18));
    assert_eq!(doubled_async(SlowWords).run_collected(&llm, &answer()).await.unwrap(), 4);
}

#[test]
fn no_shipped_type_is_both() {
    /// Has one implementation for a type that is not an `Eval` and two for one that is, so that
    /// `not_async` compiles only for the first. `NotPure` is the same for `PureEval`.
    trait NotAsync<Marker> {}
    impl<T: ?Sized> NotAsync<()> for T {}
    impl<T: Eval + ?Sized> NotAsync<u8> for T {}
    fn not_async<Marker>(_: &impl NotAsync<Marker>) {}

    trait NotPure<Marker> {}
    impl<T: ?Sized> NotPure<()> for T {}
    impl<T: PureEval + ?Sized> NotPure<u8> for T {}
    fn not_pure<Marker>(_: &impl NotPure<Marker>) {}

    not_async(&from_fn(|_, text: &str| Ok::<_, String>(text.len())));
    not_async(&ResponseLength.map_report(|n| n).boxed());
    not_async(&all_of([ResponseLength.scored_by(maximize(out_of_ten))]));
    not_pure(&ResponseLength.lift());
    not_pure(&ResponseLength.lift().map_report(|n| n).boxed());
    not_pure(&all_of([ResponseLength.lift().scored_by(maximize(out_of_ten))]));
    not_pure(&from_async_fn(|_, _, text: &str| {
        Box::pin(async move { Ok::<_, String>(text.len()) })
    }));
}
