//! The suites under test.

use std::{
    convert::Infallible, env, fs, io, path::PathBuf, process::ExitCode, sync::Arc, time::Duration,
};

use probity_eval::{Price, Prices, PureEvalExt as _, from_fn, pass_fail};
use probity_eval_runner::{
    Case, NotGraded, Trial, TrialError,
    command::{self, Setup},
    runner::Runner,
    suite::{Answer, Suite},
};

/// Runs the suite that the environment names, if it names one.
pub(crate) fn run() -> Option<ExitCode> {
    let suite = env::var("PROBITY_TEST_SUITE").ok()?;
    Some(match suite.as_str() {
        "shop" => command::main(|| (shop("1"), Runner::new().trials(4))),
        "shop2" => command::main(|| (shop("2"), Runner::new().trials(4))),
        "odd" => command::main(|| (odd(), Runner::new().trials(4))),
        "uneven" => command::main(|| (uneven(), Runner::new().trials(30).concurrency(1))),
        "gated" => command::main(gated),
        "judged" => command::main(|| judged("1")),
        "judged2" => command::main(|| judged("2")),
        "broken" => command::main(broken),
        "waiting" => command::main_async(async || waiting(wait)),
        "blocking" => command::main_async(async || waiting(block)),
        other => panic!("there is no suite {other}"),
    })
}

type Shop = Suite<Kind, (), String>;

/// What the trials of a case come to.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub(crate) enum Kind {
    Passes,
    /// Three of four.
    PassesMostly,
    Fails,
    /// One of two.
    PassesByTurns,
    /// With a text that steers a terminal and holds a secret.
    FailsLoudly,
    IsNotGraded,
    /// Four of five.
    IsMostlyGraded,
}

fn shop(version: &str) -> Shop {
    let cases = [
        Case::new("refund/late", Kind::Passes).with_tags(["refund"]),
        Case::new("refund/twice", Kind::PassesMostly).with_tags(["refund", "slow"]),
        Case::new("rebook", Kind::Fails),
        Case::new("cancel all", Kind::IsNotGraded),
    ];
    Suite::new("shop", cases).agent(version, |case: Arc<Case<Kind>>| async move {
        say_that_it_ran();
        tokio::task::yield_now().await;
        serve(case.input)
    })
}

/// Of a rule for each case with a bound of one half, one case is decided early and the other never.
fn uneven() -> Shop {
    let cases = [Case::new("sure", Kind::Passes), Case::new("even", Kind::PassesByTurns)];
    Suite::new("uneven", cases).agent("1", |case: Arc<Case<Kind>>| async move {
        say_that_it_ran();
        serve(case.input)
    })
}

fn odd() -> Shop {
    let cases = [Case::new("loud", Kind::FailsLoudly), Case::new("lost", Kind::IsMostlyGraded)];
    Suite::new("odd", cases).agent("1", |case: Arc<Case<Kind>>| async move {
        say_that_it_ran();
        serve(case.input)
    })
}

fn serve(kind: Kind) -> Result<String, TrialError> {
    let index = Trial::current().map_or(0, |trial| trial.index());
    match kind {
        Kind::PassesMostly if index % 4 == 3 => Err("the agent gave up".into()),
        Kind::IsMostlyGraded if index % 5 == 4 => Err(NotGraded::new("the judge is away").into()),
        Kind::PassesByTurns if index % 2 == 1 => Err("not this time".into()),
        Kind::Passes | Kind::PassesMostly | Kind::PassesByTurns | Kind::IsMostlyGraded => {
            Ok("done".to_owned())
        }
        Kind::Fails => Err("no such tool: rebook".into()),
        Kind::FailsLoudly => Err("\u{1b}[31mno access with Bearer abcdefgh1jklmnop!".into()),
        Kind::IsNotGraded => Err(NotGraded::new("the judge is away").into()),
    }
}

/// Adds a line to a file for each trial, where the environment names one.
fn say_that_it_ran() {
    let Some(file) = env::var_os("PROBITY_TEST_LOG") else { return };
    let trial = Trial::current().expect("a trial");
    let line = format!("{} {}\n", trial.case(), trial.index());
    let mut file = fs::OpenOptions::new().append(true).create(true).open(file).expect("a file");
    io::Write::write_all(&mut file, line.as_bytes()).expect("a line");
}

fn gated() -> Result<Setup<Kind, (), String>, Box<dyn std::error::Error>> {
    let gate = "each: pass@1 >= 0.5".parse()?;
    Ok(Setup::new(shop("1")).with_runner(Runner::new().trials(8)).with_gate(gate))
}

/// A suite whose judge makes a model call of a cent for each trial.
fn judged(version: &'static str) -> (Suite<u32, (), u32>, Runner) {
    let paid = from_fn(|_, _: &Answer<u32, (), u32>| {
        let call = tracing::info_span!(
            "chat",
            gen_ai.operation.name = "chat",
            gen_ai.request.model = "small",
            gen_ai.usage.input_tokens = 90,
            gen_ai.usage.output_tokens = 10,
        );
        call.in_scope(|| ());
        Ok::<_, Infallible>(true)
    });
    let suite = Suite::new("judged", [Case::new("one", 1), Case::new("two", 2)])
        .agent("1", |case: Arc<Case<u32>>| async move { Ok(case.input) })
        .eval(("paid", version), paid.scored_by(pass_fail(|passed: &bool| *passed)).lift());
    let prices = Prices::new().with("small", Price::new(100.0, 100.0)).expect("a price");
    (suite, Runner::new().trials(5).prices(prices))
}

fn broken() -> Result<Shop, io::Error> {
    Err(io::Error::other("cases.jsonl: line 3: the id is missing"))
}

/// A suite whose trials of index 0 end at once; the others wait for a file, which says that they may end.
fn waiting<F: Future<Output = ()> + Send + 'static>(
    wait: fn(PathBuf) -> F,
) -> (Suite<u32, (), u32>, Runner) {
    let cases = (0..8).map(|n| Case::new(format!("case {n}"), n));
    let go =
        env::var_os("PROBITY_TEST_GO").map(PathBuf::from).expect("the file that lets trials end");
    let suite = Suite::new("waiting", cases).agent("1", move |case: Arc<Case<u32>>| {
        let go = go.clone();
        async move {
            say_that_it_ran();
            if Trial::current().is_some_and(|trial| trial.index() > 0) {
                wait(go).await;
            }
            Ok(case.input)
        }
    });
    (suite, Runner::new().trials(4).concurrency(4))
}

async fn wait(go: PathBuf) {
    while !go.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Holds its thread, so that it can be neither dropped nor finished.
async fn block(go: PathBuf) {
    while !go.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
}
