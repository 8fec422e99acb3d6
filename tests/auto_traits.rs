//! What may cross threads, be held across panics, and be stored: promises that no compiler error
//! reminds of when a private field breaks them.

use std::{
    cell::Cell,
    fmt::Debug,
    future::{Ready, ready},
    panic::{RefUnwindSafe, UnwindSafe},
    rc::Rc,
};

use probity::{
    Case, Collected, EvalRecord, KMetric, Llm, NotGraded, Report, Scored, SpanRef, TraceEvent,
    TraceSnapshot, Trial, TrialError,
    adapters::tau_bench,
    capture, capture_raw, capture_sync,
    eval::{self, BoxEval, BoxPureEval, Score},
    pass_at_k, run_trials,
    runner::{self, TrialRecord, TrialRun},
    trace::{
        self, Capture, CaptureHandle, CaptureRaw, CollectedRaw, EventRef, RawTraceSnapshot,
        ValueRef,
    },
};

fn send_sync<T: Send + Sync>() {}
fn sent<T: Send + 'static>() {}
fn unwind_safe<T: UnwindSafe + RefUnwindSafe>() {}
fn owned<T: Send + Sync + Unpin + Debug + 'static>() {}
fn copied<T: Copy + Send + Sync>() {}
fn error<E: std::error::Error + Send + Sync + 'static>() {}
fn is_send<T: Send>(_: &T) {}
fn is_static<T: Send + 'static>(_: T) {}

#[test]
fn snapshots_and_what_holds_them_may_go_anywhere() {
    owned::<TraceSnapshot>();
    unwind_safe::<TraceSnapshot>();
    owned::<Collected<String>>();
    owned::<CollectedRaw<String>>();
    owned::<RawTraceSnapshot>();
    owned::<TraceEvent>();
    owned::<trace::SpanNode>();
    owned::<EvalRecord<String, String>>();
    owned::<eval::RawEvalRecord<String, String>>();
}

#[test]
fn views_of_a_snapshot_are_copied_and_shared() {
    copied::<SpanRef<'_>>();
    copied::<EventRef<'_>>();
    copied::<ValueRef<'_>>();
}

#[test]
fn a_capture_is_as_free_as_its_future() {
    sent::<Capture<Ready<u8>>>();
    sent::<CaptureRaw<Ready<u8>>>();
    owned::<CaptureHandle>();
    send_sync::<trace::CaptureLayer>();
    is_static(capture(async { tokio::task::yield_now().await }));
    is_static(capture_raw(ready(1)).listen_spans(drop));
    is_static(capture(ready(1)).anchored("agent").listen_events(drop));
}

#[test]
fn what_is_captured_need_be_neither_send_nor_static() {
    let local = Rc::new(Cell::new(1));
    let collected = capture_sync(|| local.replace(2));
    assert_eq!((collected.output, local.get()), (1, 2));
}

#[test]
fn evals_whose_type_is_erased_may_be_shared_between_threads() {
    send_sync::<BoxPureEval<'static, str, Scored<bool>, String>>();
    send_sync::<BoxEval<'static, str, Scored<bool>, String>>();
    owned::<Llm>();
    owned::<Score>();
    owned::<Scored<String>>();
}

#[test]
fn trials_may_be_spawned_where_the_agent_may() {
    let trials = pass_at_k(2, 1, || async { Ok(true) }).trials(4);
    is_static(IntoFuture::into_future(trials));
    let cases = [Case::new("only", 1)];
    let run = run_trials(&cases, 1, |case| ready(Ok::<_, TrialError>(case.input == 1)));
    is_send(&IntoFuture::into_future(run));
}

#[test]
fn results_of_trials_are_plain_data() {
    owned::<KMetric>();
    owned::<Report>();
    owned::<Trial>();
    owned::<TrialRecord>();
    owned::<TrialRun>();
    owned::<Case<String>>();
    unwind_safe::<Report>();
}

#[test]
fn errors_may_be_boxed_and_sent() {
    error::<NotGraded>();
    error::<runner::KMetricError>();
    error::<runner::RunTrialsError>();
    error::<runner::ReportError>();
    error::<eval::ScoredError<String>>();
    error::<eval::GroupError<String>>();
    error::<eval::ObjectiveError>();
    error::<trace::NotCaptured<String>>();
    error::<trace::Stopped>();
    error::<trace::FromJsonError>();
    error::<tau_bench::ReadError>();
    error::<tau_bench::ParseError>();
}

#[test]
fn records_of_tau_bench_are_plain_data() {
    owned::<tau_bench::Results>();
    owned::<tau_bench::Record>();
    owned::<tau_bench::Replay>();
}
