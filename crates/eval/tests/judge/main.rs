//! Evals that ask a model, over models that answer by a script.

mod combinators;
mod corrections;
mod errors;
mod fences;
mod hostile;
mod pairwise;
mod panel;
mod rubric;
mod rubric_errors;
mod spans;
mod support;
mod typed;
