//! `#[trajectory]`: functions that are trajectories.

use async_trait::async_trait;
use futures::executor::block_on;
use probity_trace::{NestedTrajectory, Tracer, trajectory};

#[derive(Debug)]
enum SolveError {
    Nested(NestedTrajectory),
    TooHard(String),
}

impl std::fmt::Display for SolveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nested(nested) => nested.fmt(f),
            Self::TooHard(task) => write!(f, "{task} is too hard"),
        }
    }
}

impl From<NestedTrajectory> for SolveError {
    fn from(nested: NestedTrajectory) -> Self {
        Self::Nested(nested)
    }
}

#[trajectory(
    tracer = tracer,
    sample = task,
    sandbox_id = format!("box-{task}"),
    metadata(length = task.len(), "is hard" = task.len() > 3),
)]
async fn solve(tracer: &Tracer, task: &str) -> Result<usize, SolveError> {
    futures::future::ready(()).await;
    if task == "hard" {
        return Err(SolveError::TooHard(task.to_owned()));
    }
    Ok(task.len())
}

#[trajectory(tracer = tracer, sample = 7)]
fn solve_blocking(tracer: &Tracer) -> Result<u32, NestedTrajectory> {
    Ok(3)
}

#[trajectory(tracer = tracer, sample = "outer")]
async fn nest(tracer: &Tracer) -> Result<usize, SolveError> {
    solve(tracer, "in").await
}

#[async_trait]
trait Agent {
    async fn run(&self, task: String) -> Result<String, SolveError>;
}

struct Solver {
    tracer: Tracer,
}

#[async_trait]
impl Agent for Solver {
    #[trajectory(tracer = self.tracer, sample = task.as_str())]
    async fn run(&self, task: String) -> Result<String, SolveError> {
        futures::future::ready(()).await;
        Ok(task)
    }
}

fn tracer() -> Tracer {
    Tracer::new("sums", "small")
}

#[test]
fn an_async_function_is_a_trajectory() {
    let tracer = tracer();
    assert_eq!(block_on(solve(&tracer, "sum")).unwrap(), 3);
    let run = serde_json::to_value(tracer.finish()).unwrap();
    let trajectory = &run["trajectories"][0];
    assert_eq!(trajectory["sample"], "sum");
    assert_eq!(trajectory["sandbox_id"], "box-sum");
    assert_eq!(trajectory["metadata"]["length"], 3);
    assert_eq!(trajectory["metadata"]["is hard"], false);
}

#[test]
fn an_error_is_recorded_and_returned() {
    let tracer = tracer();
    assert!(matches!(block_on(solve(&tracer, "hard")), Err(SolveError::TooHard(_))));
    let run = serde_json::to_value(tracer.finish()).unwrap().to_string();
    assert!(run.contains("hard is too hard"), "{run}");
}

#[test]
fn a_blocking_function_is_a_trajectory() {
    let tracer = tracer();
    assert_eq!(solve_blocking(&tracer).unwrap(), 3);
    let run = serde_json::to_value(tracer.finish()).unwrap();
    assert_eq!(run["trajectories"].as_array().unwrap().len(), 1);
}

#[test]
fn a_nested_trajectory_is_refused_as_the_error_of_the_function() {
    let tracer = tracer();
    assert!(matches!(block_on(nest(&tracer)), Err(SolveError::Nested(_))));
}

#[test]
fn a_method_under_async_trait_is_a_trajectory() {
    let agent: Box<dyn Agent> = Box::new(Solver { tracer: tracer() });
    assert_eq!(block_on(agent.run("sum".to_owned())).unwrap(), "sum");
}

macro_rules! make {
    ($name:ident, $tracer:ident, $returned:ty) => {
        #[trajectory(tracer = $tracer, sample = 1)]
        fn $name($tracer: &Tracer) -> $returned {
            #![allow(unused_variables, reason = "that it stays in the braces is what is tested")]
            let unused = 3;
            Ok(4)
        }
    };
}
make!(made, tracer, Result<u32, NestedTrajectory>);

#[test]
fn a_function_that_another_macro_writes_is_a_trajectory() {
    let tracer = tracer();
    assert_eq!(made(&tracer).unwrap(), 4);
    assert_eq!(tracer.finish().trajectories.len(), 1);
}
