//! The calls that are told while a run goes on are those of the view afterwards.

use probity_eval::{CaptureProbeExt as _, Probe};
use probity_trace::{
    capture,
    genai::{LlmCall, Usage},
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngSeed},
};
use tracing::info_span;

#[derive(Debug, Default)]
struct Calls {
    usage: Usage,
    count: usize,
}

impl Probe for Calls {
    fn on_turn_finished(&mut self, call: &LlmCall) {
        self.usage += call.usage;
        self.count += 1;
    }
}

/// A tree of spans: what each is, and what lies in it.
#[derive(Clone, Debug)]
enum Tree {
    Plain(Vec<Tree>),
    Chat(u64, Vec<Tree>),
    Agent(u64, Vec<Tree>),
}

impl Tree {
    fn run(&self) {
        let (span, inner) = match self {
            Self::Plain(inner) => (info_span!("step"), inner),
            Self::Chat(tokens, inner) => {
                let span = info_span!(
                    "chat",
                    gen_ai.operation.name = "chat",
                    gen_ai.usage.input_tokens = tokens,
                );
                (span, inner)
            }
            Self::Agent(tokens, inner) => {
                let span = info_span!(
                    "invoke_agent",
                    gen_ai.operation.name = "invoke_agent",
                    gen_ai.usage.input_tokens = tokens,
                );
                (span, inner)
            }
        };
        span.in_scope(|| inner.iter().for_each(Self::run));
    }
}

fn trees() -> impl Strategy<Value = Vec<Tree>> {
    let leaf = (1_u64..50).prop_map(|tokens| Tree::Chat(tokens, Vec::new()));
    let tree = leaf.prop_recursive(4, 24, 4, |inner| {
        let inner = vec(inner, 0..4);
        prop_oneof![
            inner.clone().prop_map(Tree::Plain),
            (1_u64..50, inner.clone()).prop_map(|(tokens, inner)| Tree::Chat(tokens, inner)),
            (1_u64..50, inner).prop_map(|(tokens, inner)| Tree::Agent(tokens, inner)),
        ]
    });
    vec(tree, 0..4)
}

proptest! {
    #![proptest_config(Config {
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..Config::with_cases(128)
    })]

    #[test]
    fn a_probe_is_told_the_calls_that_the_view_has(trees in trees()) {
        let run = capture(async { trees.iter().for_each(Tree::run) }).probe(Calls::default());
        let collected = futures::executor::block_on(run);
        let view = collected.trace.genai();
        prop_assert_eq!(collected.probe.count, view.llm_calls().len());
        prop_assert_eq!(collected.probe.usage, view.usage());
    }
}
