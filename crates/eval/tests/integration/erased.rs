//! Evals whose types are erased live together in one list.

use std::sync::Arc;

use probity_eval::{
    BoxEval, BoxPureEval, Eval, EvalExt as _, Llm, Objective, PureEval, PureEvalExt as _, Scored,
    all_of, any_of, from_fn, maximize, minimize, pass_fail,
};
use probity_trace::{Collected, TraceSnapshot};

use crate::evals::{ResponseLength, SlowWords, out_of_ten};

fn answer() -> Collected<String> {
    Collected::new("two words".to_owned(), TraceSnapshot::default())
}

#[test]
fn plain_trait_objects_need_no_boxed() {
    let evals: Vec<Box<dyn PureEval<Artifact = String, Report = usize, Error = _>>> =
        vec![Box::new(ResponseLength), Box::new(ResponseLength.map_report(|n| n * 2))];
    let reports: Vec<_> = evals.iter().map(|eval| eval.run_collected(&answer())).collect();
    assert_eq!(reports, [Ok(9), Ok(18)]);
    let shared: Arc<dyn PureEval<Artifact = String, Report = usize, Error = _> + Send + Sync> =
        Arc::new(ResponseLength);
    assert_eq!(Arc::clone(&shared).map_report(|n| n + 1).run_collected(&answer()), Ok(10));
    assert_eq!(shared.run_collected(&answer()), Ok(9));
}

#[test]
fn different_pure_evals_fit_into_one_list() {
    let evals: Vec<BoxPureEval<'static, String, Scored<()>, String>> = vec![
        ResponseLength
            .scored_by(maximize(out_of_ten))
            .map_report(|scored| scored.map(drop))
            .map_error(|error| error.to_string())
            .named("length")
            .boxed(),
        from_fn(|_, answer: &str| Ok::<_, String>(answer.contains("word")))
            .contramap_artifact(|answer: &String| answer.as_str())
            .scored_by(pass_fail(|said: &bool| *said))
            .map_report(|scored| scored.map(drop))
            .map_error(|error| error.to_string())
            .named("word")
            .boxed(),
    ];
    let scored = all_of(&evals).run_collected(&answer()).unwrap();
    let names: Vec<_> = scored.report.iter().filter_map(|part| part.name.as_deref()).collect();
    assert_eq!((names, scored.passed), (vec!["length", "word"], true));
    assert!(any_of(evals).run(answer()).passed());
}

#[tokio::test]
async fn async_and_lifted_evals_fit_into_one_list() {
    let evals: Vec<BoxEval<'static, String, usize, String>> = vec![
        SlowWords.map_error(|error| error.to_string()).boxed(),
        ResponseLength.lift().map_error(|never| match never {}).boxed(),
    ];
    let mut reports = Vec::new();
    for eval in &evals {
        reports.push(eval.run_collected(&Llm::without_model(), &answer()).await);
    }
    assert_eq!(reports, [Ok(2), Ok(9)]);
    let object: &dyn Eval<Artifact = String, Report = usize, Error = String> = &*evals[0];
    let collected = Collected::new(String::new(), TraceSnapshot::default());
    let error = object.run_collected(&Llm::without_model(), &collected).await.unwrap_err();
    assert_eq!(error, "no words");
}

#[test]
fn objectives_fit_into_one_list_too() {
    let objectives: [Box<dyn Objective<usize> + Send + Sync>; 3] = [
        Box::new(maximize(out_of_ten)),
        Box::new(minimize(out_of_ten)),
        Box::new(pass_fail(|length: &usize| *length > 3)),
    ];
    let passed = objectives.map(|by| ResponseLength.scored_by(by).run(answer()).passed());
    assert_eq!(passed, [true, false, true]);
}
