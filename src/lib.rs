//! stub
pub use probity_adapters as adapters;
pub use probity_eval as eval;
pub use probity_eval_runner as runner;
pub use probity_trace as trace;

pub use probity_eval::{
    Eval, EvalExt, EvalRecord, Llm, PureEval, PureEvalExt, Score, Scored, all_of, any_of, from_fn,
    maximize, minimize, pass_fail,
};
pub use probity_eval_runner::{
    Case, KMetric, Trial, TrialError, pass_at_k, pass_hat_k, run_trials,
};
pub use probity_trace::{
    Collected, SpanNode, SpanRef, TraceEvent, TraceSnapshot, capture, capture_raw, capture_sync,
    layer, spawn,
};
