//! What the model layer costs besides the model: a judge's structured turn, and a streamed turn of 1,000 pieces.
//!
//! Run with `cargo bench -p probity-eval --bench model_layer`. Each figure is the median of many rounds, in
//! each of which every contender runs once, so that a machine that slows down slows all of them and what
//! interrupts one run is not in the median. Nothing is asserted: the figures are for reading.

use std::{env, hint::black_box, sync::Arc, time::Instant};

use futures::{StreamExt as _, executor::block_on};
use probity_eval::{
    Budget, Llm, Model as _, Probe, Session,
    model::{ModelInput, ModelRequest},
    schemars,
    scripted::{Reply, ScriptedModel, WhenUsedUp},
};
use probity_trace::capture;
use serde::{Deserialize, Serialize};
use tracing_subscriber::layer::SubscriberExt as _;

const ROUNDS: usize = 5_001;

/// What a judge says.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(crate = "probity_eval::schemars")]
struct Verdict {
    score: f64,
    reason: String,
}

/// Watches, and does nothing.
struct Idle;

impl Probe for Idle {}

/// A thing to be done, and its name.
type Contender<'a> = (&'static str, Box<dyn Fn(&ScriptedModel) + 'a>);

fn main() {
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    // Fails only where there is one already, which there is not.
    let _ = tracing::subscriber::set_global_default(subscriber);
    judge();
    deltas();
}

fn judge() {
    let verdict = Verdict { score: 0.75, reason: "It names the capital, and rambles.".to_owned() };
    let model = always(Reply::json(&verdict));
    let mut session = Session::new();
    session.push_system("You judge answers. Say a score from 0 to 1, and why.");
    session.push_user(
        "Question: the capital of France?\n\nAnswer: Paris, of course, and before that ...",
    );
    let request = ModelRequest::new(ModelInput::from(session.messages().to_vec()));

    let ask = |llm: Llm| {
        let turn = session.structured_turn::<Verdict>(&llm).temperature(0.0).max_output_tokens(256);
        block_on(capture(turn.collect())).output.map(|answer| answer.value)
    };
    let figures = measure(
        &model,
        &[
            ("the model alone", Box::new(|model| drain(model, &request))),
            ("a structured turn in a capture", Box::new(|model| drop(black_box(ask(llm(model)))))),
            (
                "the same with messages on the span",
                Box::new(|model| {
                    drop(black_box(ask(llm(model).with_content_capture(true))));
                }),
            ),
        ],
    );
    println!("a judge's structured turn");
    report(&figures);
}

fn deltas() {
    let text = "word ".repeat(1_000);
    let model = always(Reply::text(text.trim_end()));
    let request = ModelRequest::new(ModelInput::from("Write a thousand words."));
    let ask = |model: &ScriptedModel| llm(model).completion("Write a thousand words.");
    let figures = measure(
        &model,
        &[
            ("the model alone", Box::new(|model| drain(model, &request))),
            ("collect", Box::new(|model| drop(black_box(block_on(capture(ask(model).collect())))))),
            (
                "collect_with an idle probe",
                Box::new(|model| {
                    drop(black_box(block_on(capture(ask(model).collect_with(Idle)))));
                }),
            ),
            (
                "stream",
                Box::new(|model| {
                    let read = async { ask(model).stream().count().await };
                    assert!(block_on(capture(read)).output > 1_000);
                }),
            ),
        ],
    );
    println!("\na text turn of 1,000 pieces in a capture");
    report(&figures);
    let [_, (_, collect), (_, probed), _] = &figures[..] else { return };
    let more = probed.iter().zip(collect).map(|(probed, collect)| probed / collect - 1.0);
    println!("  an idle probe adds {:.1} % in the median round", median(more.collect()) * 100.0);
}

fn always(reply: Reply) -> ScriptedModel {
    ScriptedModel::replies([reply]).when_used_up(WhenUsedUp::RepeatLast)
}

fn llm(model: &ScriptedModel) -> Llm {
    Llm::new(Arc::new(model.clone()), Budget::unlimited()).with_content_capture(false)
}

/// Asks a model without anything around it.
fn drain(model: &ScriptedModel, request: &ModelRequest) {
    let answered = block_on(async {
        match model.stream(request).await {
            Ok(answer) => answer.count().await,
            Err(_) => 0,
        }
    });
    assert!(black_box(answered) > 0);
}

/// What each contender took in each round, in microseconds.
type Figures = Vec<(&'static str, Vec<f64>)>;

fn measure(model: &ScriptedModel, contenders: &[Contender<'_>]) -> Figures {
    // Cargo says so when it is asked for benches; tests want to know only that this runs.
    let is_bench = env::args().any(|argument| argument == "--bench");
    let rounds = if is_bench { ROUNDS } else { 1 };
    let mut figures: Figures = contenders.iter().map(|(name, _)| (*name, Vec::new())).collect();
    // The first round warms up.
    for round in 0..=rounds {
        for ((_, run), (_, taken)) in contenders.iter().zip(&mut figures) {
            // A model keeps the requests that it got, so each round has its own.
            let fork = model.fork(0);
            let begun = Instant::now();
            run(&fork);
            let once = begun.elapsed();
            if round > 0 {
                taken.push(once.as_secs_f64() * 1e6);
            }
        }
    }
    figures
}

fn median(mut taken: Vec<f64>) -> f64 {
    taken.sort_unstable_by(f64::total_cmp);
    taken.get(taken.len() / 2).copied().unwrap_or_default()
}

fn report(figures: &Figures) {
    let alone = figures.first().map_or(0.0, |(_, taken)| median(taken.clone()));
    for (name, taken) in figures {
        let once = median(taken.clone());
        println!("  {name:<36} {once:>8.1} µs, besides the model {:>6.1} µs", once - alone);
    }
}
