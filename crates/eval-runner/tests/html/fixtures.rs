//! Four runs: a small one, one beside a baseline, a large one, and one with trials that were not graded.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Write},
    time::{Duration, UNIX_EPOCH},
};

use futures::{StreamExt as _, stream};
use probity_eval_runner::{
    Failure, Outcome, Report, TaskTally,
    html::{Mark, Page, TrialRow, TrialSummary},
    stats::Tally,
    store::{
        self, Creation, ManifestCase, RunId, RunManifest, RunStore, Scores, Stored, StoredTrial,
        TrialKey,
    },
    suite::{Fingerprint, Judgment},
    trial_seed,
};
use probity_trace::{RawTraceSnapshot, TraceSnapshot, testing::TraceBuilder};
use serde_json::{Value, json};

/// A run of made-up trials, which are made anew whenever they are asked for.
pub(crate) struct Run {
    pub(crate) name: &'static str,
    pub(crate) cases: usize,
    pub(crate) trials: u32,
    /// How much better than usual the agent is, in percent.
    pub(crate) skill: u64,
    /// How many of a hundred trials are not graded.
    pub(crate) outages: u64,
}

impl Run {
    pub(crate) fn small() -> Self {
        Self { name: "airline-agent", cases: 12, trials: 8, skill: 18, outages: 0 }
    }

    pub(crate) fn better() -> Self {
        Self { name: "airline-agent/opus", cases: 80, trials: 5, skill: 34, outages: 1 }
    }

    pub(crate) fn baseline() -> Self {
        Self { name: "airline-agent/sonnet", cases: 80, trials: 5, skill: 6, outages: 0 }
    }

    pub(crate) fn large() -> Self {
        Self { name: "regression", cases: 2_500, trials: 4, skill: 25, outages: 1 }
    }

    pub(crate) fn with_outages() -> Self {
        Self { name: "airline-agent", cases: 24, trials: 6, skill: 25, outages: 17 }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = TrialRow<'static>> {
        self.all().map(|(case, trial)| self.with_traces(self.row(case, trial)))
    }

    pub(crate) fn report(&self) -> Report {
        let mut tasks: BTreeMap<usize, Tally> = BTreeMap::new();
        for case in 0..self.cases {
            for trial in 0..self.trials {
                let tally = match Mark::of(&self.outcome(case, trial)) {
                    Mark::Passed => Tally::new(1, 0, 0),
                    Mark::Failed => Tally::new(0, 1, 0),
                    _ => Tally::new(0, 0, 1),
                };
                let sum = tasks.entry(case).or_default();
                *sum = sum.plus(tally);
            }
        }
        let named = tasks.into_iter().map(|(case, tally)| TaskTally::new(case_name(case), tally));
        Report::new(self.name, named.collect()).unwrap()
    }

    pub(crate) fn page(&self) -> Page {
        let summaries = self.all().map(|(case, trial)| TrialSummary::from(&self.row(case, trial)));
        Page::new(self.report(), summaries)
            .with_seed(7)
            .with_started_at(UNIX_EPOCH + Duration::from_secs(1_780_000_000))
    }

    pub(crate) fn write(&self, page: &Page, out: impl Write) -> io::Result<()> {
        page.write(out, self.rows().map(Ok))
    }

    /// Keeps the run in a store, as a runner does.
    pub(crate) async fn keep(&self, store: &dyn RunStore) -> RunId {
        let print = |text: &str| Fingerprint::of(&text).unwrap();
        let names = (0..self.cases).map(case_name);
        let cases = names.map(|name| ManifestCase::new(name.clone(), print(&name)));
        let mut run = RunManifest::new(self.name, print("agent"), print("evals"), cases);
        (run.trials, run.seed) = (self.trials, 7);
        run.created_at = UNIX_EPOCH + Duration::from_secs(1_780_000_000);
        assert_eq!(store.create_run(&run).await.unwrap(), Creation::Created);
        // Those that end together share a commit.
        let finish = |row: TrialRow<'static>| async move {
            let stored = store.finish(run.id, &stored(row, print("evals"))).await.unwrap();
            assert_eq!(stored, Stored::Now);
        };
        stream::iter(self.rows()).for_each_concurrent(256, finish).await;
        run.id
    }

    fn all(&self) -> impl Iterator<Item = (usize, u32)> {
        let trials = self.trials;
        (0..self.cases).flat_map(move |case| (0..trials).map(move |trial| (case, trial)))
    }

    fn draw(&self, case: usize, trial: u32) -> u64 {
        trial_seed(1, &format!("{} {case}", self.name), trial) % 1_000
    }

    fn outcome(&self, case: usize, trial: u32) -> Outcome {
        let draw = self.draw(case, trial);
        // Some cases are easy, some hard.
        let ease = trial_seed(3, &case_name(case), 0) % 1_400;
        let passes = (ease + self.skill * 10).saturating_sub(300);
        if draw % 100 < self.outages {
            let reasons = [
                "model call failed with 429",
                "model call failed with timeout",
                "polite: the judge gave no verdict",
            ];
            Outcome::NotGraded(reasons[usize::try_from(draw % 3).unwrap()].to_owned())
        } else if draw < passes {
            Outcome::Passed
        } else {
            Outcome::Failed(match draw % 11 {
                0 => Failure::OutOfTime(Duration::from_secs(30)),
                1 => Failure::Error("the tool refund_flight is not known".to_owned()),
                2 => Failure::Panicked(
                    "index out of bounds: the len is 3 but the index is 7".to_owned(),
                ),
                _ => Failure::Wrong,
            })
        }
    }

    fn row(&self, case: usize, trial: u32) -> TrialRow<'static> {
        let name = case_name(case);
        let outcome = self.outcome(case, trial);
        let draw = self.draw(case, trial);
        let took = Duration::from_millis(900 + draw * 7);
        let (passed, wrong) = (outcome.is_passed(), outcome == Outcome::Failed(Failure::Wrong));
        let mut row = TrialRow::new(name.clone(), trial, outcome);
        row.seed = Some(trial_seed(7, &name, trial));
        row.started_at = Some(UNIX_EPOCH + Duration::from_secs(1_780_000_000 + u64::from(trial)));
        row.duration = took;
        row.attempts = if row.outcome.is_not_graded() { 3 } else { 1 };
        if passed || wrong {
            row.artifact = Some(Cow::Owned(artifact(passed)));
            row.judgments = Cow::Owned(judgments(passed));
        }
        row
    }

    fn with_traces(&self, mut row: TrialRow<'static>) -> TrialRow<'static> {
        row.trace = Some(trace(&row.case, row.duration, row.outcome.is_passed()));
        row.raw = (self.cases < 100).then(raw);
        row
    }
}

/// A trial as a store keeps it.
fn stored(row: TrialRow<'static>, evals: Fingerprint) -> StoredTrial {
    let scores = Scores::new(evals, row.outcome.into_owned(), row.judgments.into_owned());
    let key = TrialKey::new(row.case, row.index);
    let mut summary = store::TrialSummary::new(key, row.seed.unwrap(), scores);
    (summary.duration, summary.attempts) = (row.duration, row.attempts);
    summary.started_at = row.started_at.unwrap();
    let mut trial = StoredTrial::new(summary, row.trace.unwrap());
    trial.artifact = row.artifact.map(Cow::into_owned);
    trial.raw = row.raw;
    trial
}

/// The name of a made-up case.
pub(crate) fn case_name(case: usize) -> String {
    let kinds = [
        "refund-late-flight",
        "change-seat",
        "cancel-within-24h",
        "lost-baggage",
        "upgrade-with-miles",
    ];
    let kind = kinds[case % kinds.len()];
    if case < kinds.len() { kind.to_owned() } else { format!("{kind}-{}", case / kinds.len() + 1) }
}

/// Makes a judgment, which only the crate itself can put together.
pub(crate) fn judgment(value: Value) -> Judgment {
    serde_json::from_value(value).unwrap()
}

fn artifact(passed: bool) -> Value {
    json!({
        "reply": if passed {
            "Your flight was 4 hours late, so you get 600 EUR back within 7 days."
        } else {
            "I am sorry, flights that are late cannot be refunded."
        },
        "refund_eur": if passed { 600 } else { 0 },
        "booking": {"code": "QX7F2A", "legs": ["OSL-CDG", "CDG-JFK"]},
    })
}

fn judgments(passed: bool) -> Vec<Judgment> {
    vec![
        judgment(
            json!({"eval": "right amount", "verdict": "scored", "score": f32::from(u8::from(passed)), "passed": passed,
            "report": {"expected": 600, "found": if passed { 600 } else { 0 }}}),
        ),
        judgment(json!({"eval": "polite", "verdict": "scored", "score": 0.875, "passed": true,
            "report": "Greets the customer, says sorry, and names the next step."})),
    ]
}

fn trace(case: &str, lasts: Duration, passed: bool) -> TraceSnapshot {
    let step = lasts / 8;
    let said = json!([
        {"role": "system", "parts": [{"type": "text", "content": "You are the agent of an airline. Follow the policy."}]},
        {"role": "user", "parts": [{"type": "text", "content": format!("My flight was late ({case}). Do I get money back?")}]},
    ]);
    let call = json!([{"role": "assistant", "parts": [
        {"type": "reasoning", "content": "I need the booking first."},
        {"type": "tool_call", "id": "c1", "name": "find_booking", "arguments": {"code": "QX7F2A"}}]}]);
    let answer = json!([{"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1",
        "response": {"code": "QX7F2A", "delay_minutes": 247, "fare": "economy"}}]}]);
    let last = json!([{"role": "assistant", "parts": [{"type": "text", "content":
        if passed { "You get 600 EUR back." } else { "I am sorry, that cannot be refunded." }}]}]);
    let history: Vec<Value> = [&said, &call, &answer]
        .into_iter()
        .flat_map(|messages| messages.as_array().unwrap().clone())
        .collect();
    let chat = |span: TraceBuilder, input: &Value, output: &Value, wait: Duration| {
        span.field("gen_ai.operation.name", "chat")
            .field("gen_ai.provider.name", "anthropic")
            .field("gen_ai.request.model", "opus-4.1")
            .field("gen_ai.usage.input_tokens", 412)
            .field("gen_ai.usage.output_tokens", 58)
            .field("gen_ai.input.messages", input.to_string())
            .field("gen_ai.output.messages", output.to_string())
            .wait(wait)
    };
    TraceBuilder::new()
        .span("probity.trial", |trial| {
            trial.field("probity.case", case).span("invoke_agent", |agent| {
                agent
                    .field("gen_ai.operation.name", "invoke_agent")
                    .field("gen_ai.agent.name", "airline")
                    .wait(step / 4)
                    .span("chat", |span| chat(span, &said, &call, step * 3))
                    .span("execute_tool", |tool| {
                        let tool = tool
                            .field("gen_ai.operation.name", "execute_tool")
                            .field("gen_ai.tool.name", "find_booking")
                            .field("gen_ai.tool.call.arguments", r#"{"code":"QX7F2A"}"#)
                            .field("api_key", "sk-live-0123456789abcdef0123");
                        let tool = tool.span("sql", |sql| sql.field("rows", 1).wait(step / 3));
                        if passed {
                            tool
                        } else {
                            tool.event("no policy for this fare").level(tracing::Level::WARN)
                        }
                    })
                    .span("chat", |span| chat(span, &Value::from(history), &last, step * 2))
                    .event("answered")
            })
        })
        .build()
}

fn raw() -> RawTraceSnapshot {
    serde_json::from_value(json!({"entries": [
        {"unix_nano": "1780000000000000000", "kind": "request", "method": "POST", "url": "https://api.example.com/v1/messages",
         "headers": [["authorization", "Bearer abcdefghijklmnop123456"], ["content-type", "application/json"]],
         "body": "{\"model\":\"opus-4.1\",\"messages\":[{\"role\":\"user\",\"content\":\"My flight was late.\"}]}"},
        {"unix_nano": "1780000001000000000", "kind": "response", "status": 200,
         "headers": [["content-type", "application/json"]],
         "body": "{\"content\":[{\"type\":\"text\",\"text\":\"You get 600 EUR back.\"}]}"},
    ], "dropped": 0})).unwrap()
}
