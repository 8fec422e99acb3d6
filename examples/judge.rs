//! Judges answers with a rubric and with a panel, and says what the verdicts are worth beside human labels.
//!
//! ```text
//! cargo run --example judge
//! ```
//!
//! The judges are scripted models that err now and then, so that it runs offline and always prints the same.

use std::{error::Error, sync::Arc};

use probity::{
    Eval as _, EvalExt as _, Llm, TraceSnapshot,
    eval::{
        Budget, Panel, RubricJudge,
        judge::{Criterion, Exhibit, Member, RubricReport},
        model::ModelRequest,
        scripted::{Reply, ScriptedModel, Turn},
    },
    pass_fail,
    runner::{Calibration, calibration::Correction},
    trace::genai::Message,
};
use serde_json::json;

/// An answer of a shop's agent that is asked for the total of an order. Shipping costs 4 euros, and nothing from
/// 50 euros on.
struct Answer {
    order: u32,
    text: String,
}

impl Answer {
    /// Makes the answer of an agent that forgets the shipping of every third order, and the thanks of every
    /// fifth.
    fn to(order: u32) -> Self {
        let shipping = if order >= 50 || order.is_multiple_of(3) { 0 } else { 4 };
        let thanks = if order.is_multiple_of(5) { "" } else { " Thank you for your order!" };
        Self { order, text: format!("That is {} euros in total.{thanks}", order + shipping) }
    }

    /// What a person says who checks the answer: stands in for a file of labels.
    fn label(&self) -> bool {
        let total = if self.order >= 50 { self.order } else { self.order + 4 };
        self.text.contains(&format!("is {total} euros")) && self.text.contains("Thank you")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let rubric = RubricJudge::new([
        Criterion::new("correct", "The total includes 4 euros of shipping below 50 euros."),
        Criterion::new("polite", "The answer thanks the customer."),
    ])?
    .showing(|_trace, answer: &Answer| {
        Exhibit::new(&answer.text).with_task(format!("An order of {} euros.", answer.order))
    })
    .max_output_tokens(300)
    .max_corrections(1);

    // One verdict in full: a score and a reason for each criterion.
    let trace = TraceSnapshot::default();
    let judge = judge_model(1, 0.04);
    let first = rubric.evaluate(&judge, &trace, &Answer::to(12)).await?;
    println!("{first}\n");

    // An answer passes if it meets every criterion.
    let strict = rubric.clone().scored_by(pass_fail(|report: &RubricReport| meets_all(report)));

    // A panel of three models; who errs alone is outvoted.
    let panel = Panel::majority([
        Member::new("small", strict.clone()).with_llm(judge_model(2, 0.15)),
        Member::new("medium", strict.clone()).with_llm(judge_model(3, 0.08)),
        Member::new("large", strict).with_llm(judge_model(4, 0.04)),
    ]);

    // Of two hundred and twenty answers people have labeled every eleventh. Both judge these twenty. An error
    // means: not graded.
    let answers = || (1..=220).map(|n| (n, Answer::to(n * 7 % 80)));
    let small = judge_model(5, 0.15);
    let (mut by_rubric, mut by_panel) = (Vec::new(), Vec::new());
    for (_, answer) in answers().filter(|(n, _)| n % 11 == 0) {
        let verdict = rubric.evaluate(&small, &trace, &answer).await.ok();
        by_rubric.push((answer.label(), verdict.as_ref().map(meets_all)));
        let verdict = panel.evaluate(&Llm::without_model(), &trace, &answer).await.ok();
        by_panel.push((answer.label(), verdict.map(|report| report.passed)));
    }

    // And what the panel says of two hundred answers that nobody has labeled.
    let mut unlabeled = Vec::new();
    for (_, answer) in answers().filter(|(n, _)| n % 11 != 0) {
        let verdict = panel.evaluate(&Llm::without_model(), &trace, &answer).await.ok();
        unlabeled.push(verdict.map(|report| report.passed));
    }

    println!("the small judge alone:\n{}\n", Calibration::new(by_rubric));
    let calibration = Calibration::new(by_panel).with_unlabeled(unlabeled);
    println!("the panel:\n{calibration}");
    let rate = calibration.corrected_pass_rate(Correction::Ppi)?;
    let (lo, hi) = (100.0 * rate.interval.lo, 100.0 * rate.interval.hi);
    println!("\ncorrected pass rate: {:.1}%, {lo:.1} – {hi:.1}", 100.0 * rate.value);
    Ok(())
}

fn meets_all(report: &RubricReport) -> bool {
    report.score.value() >= 1.0
}

/// A judge that says the opposite now and then, and whose replies do not always have the right shape.
fn judge_model(seed: u64, errs: f64) -> Llm {
    let answer = move |request: &ModelRequest, turn: &mut Turn| {
        let asked: String = request.input.messages.iter().map(Message::content).collect();
        let (order, text) = read(&asked);
        let total = if order >= 50 { order } else { order + 4 };
        let mut verdict = |is_met: bool| if is_met == turn.chance(errs) { "no" } else { "yes" };
        let correct = verdict(text.contains(&format!("is {total} euros")));
        let polite = verdict(text.contains("Thank you"));
        if turn.chance(0.1) {
            return Reply::text("I would say it is fine.");
        }
        Reply::json(&json!({
            "correct": {"reason": format!("with shipping it is {total} euros"), "verdict": correct},
            "polite": {"reason": "looked for thanks", "verdict": polite},
        }))
    };
    let model = ScriptedModel::from_fn(answer).with_seed(seed);
    Llm::new(Arc::new(model), Budget::unlimited().max_requests(1_000))
}

/// Reads the order and the answer out of what the judge was asked.
fn read(asked: &str) -> (u32, &str) {
    let order = asked.split("An order of ").nth(1).and_then(|rest| rest.split(' ').next());
    let text = asked.find("That is").and_then(|at| asked.get(at..)).unwrap_or_default();
    (order.and_then(|order| order.parse().ok()).unwrap_or(0), text)
}
