//! Whatever a program does with its spans, the trace says what a simple model says.

use probity_trace::{TraceSnapshot, capture_sync};
use proptest::{collection::vec, prelude::*, test_runner::RngSeed};
use tracing::{Span, dispatcher, info, info_span};

use crate::stack::with_layer;

/// What a program may do; numbers name spans, modulo those that there are.
#[derive(Debug, Clone)]
enum Step {
    Open,
    OpenUnder(usize),
    OpenRoot,
    Enter(usize),
    Exit(usize),
    Say,
    SayTo(usize),
    SayAlone,
    Record(usize),
    Close(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let which = || 0..12_usize;
    prop_oneof![
        3 => Just(Step::Open),
        1 => which().prop_map(Step::OpenUnder),
        1 => Just(Step::OpenRoot),
        4 => which().prop_map(Step::Enter),
        4 => which().prop_map(Step::Exit),
        3 => Just(Step::Say),
        1 => which().prop_map(Step::SayTo),
        1 => Just(Step::SayAlone),
        1 => which().prop_map(Step::Record),
        2 => which().prop_map(Step::Close),
    ]
}

/// What is expected of a span.
#[derive(Debug, Clone, Default, PartialEq)]
struct Expected {
    parent: Option<u64>,
    value: u64,
    open: bool,
}

/// A program that runs, and what its trace is to be.
#[derive(Default)]
struct Program {
    /// The spans that it holds, each with the number of times that it is entered.
    held: Vec<(u64, Span, usize)>,
    /// The numbers of entered spans, most recent last.
    entered: Vec<u64>,
    spans: Vec<Expected>,
    events: Vec<Option<u64>>,
}

impl Program {
    fn current(&self) -> Option<u64> {
        self.entered.last().copied()
    }

    fn pick(&self, which: usize) -> Option<usize> {
        (!self.held.is_empty()).then(|| which % self.held.len())
    }

    fn hold(&mut self, span: Span, parent: Option<u64>) {
        let number = self.spans.len() as u64;
        self.held.push((number, span, 0));
        self.spans.push(Expected { parent, value: 0, open: true });
    }

    fn next_number(&self) -> u64 {
        self.spans.len() as u64
    }

    fn open(&mut self, step: &Step) {
        let number = self.next_number();
        match *step {
            Step::Open => self.hold(info_span!("span", number, value = 0), self.current()),
            Step::OpenRoot => self.hold(info_span!(parent: None, "span", number, value = 0), None),
            Step::OpenUnder(which) => {
                let Some(at) = self.pick(which) else { return };
                let (parent, span, _) = &self.held[at];
                let child = info_span!(parent: span, "span", number, value = 0);
                self.hold(child, Some(*parent));
            }
            _ => {}
        }
    }

    fn enter_or_exit(&mut self, step: &Step) {
        let (Step::Enter(which) | Step::Exit(which)) = *step else { return };
        let Some(at) = self.pick(which) else { return };
        let current = self.current();
        let (number, span, times) = &mut self.held[at];
        let (number, id) = (*number, span.id().unwrap());
        if matches!(step, Step::Enter(_)) {
            // Where a span is entered again below another, the registry and the layer differ on
            // which of the two is the current one.
            if *times > 0 && current != Some(number) {
                return;
            }
            *times += 1;
            self.entered.push(number);
            dispatcher::get_default(|subscriber| subscriber.enter(&id));
        } else if *times > 0 {
            *times -= 1;
            let last = self.entered.iter().rposition(|entered| *entered == number).unwrap();
            self.entered.remove(last);
            dispatcher::get_default(|subscriber| subscriber.exit(&id));
        }
    }

    fn say(&mut self, step: &Step) {
        match *step {
            Step::Say => {
                info!("said");
                self.events.push(self.current());
            }
            Step::SayAlone => {
                info!(parent: None, "said");
                self.events.push(None);
            }
            Step::SayTo(which) => {
                let Some(at) = self.pick(which) else { return };
                let (number, span, _) = &self.held[at];
                info!(parent: span, "said");
                self.events.push(Some(*number));
            }
            _ => {}
        }
    }

    fn record(&mut self, which: usize) {
        let Some(at) = self.pick(which) else { return };
        let (number, span, _) = &self.held[at];
        let expected = &mut self.spans[usize::try_from(*number).unwrap()];
        expected.value += 1;
        span.record("value", expected.value);
    }

    /// Lets a span go, as often as it must be left first.
    fn close(&mut self, which: usize) {
        let Some(at) = self.pick(which) else { return };
        while self.held[at].2 > 0 {
            self.enter_or_exit(&Step::Exit(at));
        }
        self.held.remove(at);
    }

    fn run(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Open | Step::OpenUnder(_) | Step::OpenRoot => self.open(step),
                Step::Enter(_) | Step::Exit(_) => self.enter_or_exit(step),
                Step::Say | Step::SayTo(_) | Step::SayAlone => self.say(step),
                Step::Record(which) => self.record(*which),
                Step::Close(which) => self.close(*which),
            }
        }
    }

    /// A span is open while it, or one below it, is held.
    fn settle(&mut self) {
        let mut open = vec![false; self.spans.len()];
        for (number, _, _) in &self.held {
            let mut next = Some(*number);
            while let Some(number) = next {
                let at = usize::try_from(number).unwrap();
                open[at] = true;
                next = self.spans[at].parent;
            }
        }
        for (span, open) in self.spans.iter_mut().zip(open) {
            span.open = open;
        }
    }
}

fn found(trace: &TraceSnapshot) -> Vec<Expected> {
    let number = |span: probity_trace::SpanRef<'_>| span.field("number").unwrap().as_u64().unwrap();
    let expected = |span: probity_trace::SpanRef<'_>| Expected {
        parent: span.parent().map(number),
        value: span.field("value").unwrap().as_u64().unwrap(),
        open: span.is_open(),
    };
    trace.all_spans().map(expected).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_trace_says_what_the_program_did(steps in vec(step(), 0..200)) {
        let mut program = Program::default();
        let trace = dispatcher::with_default(&with_layer(), || {
            let trace = capture_sync(|| program.run(&steps)).trace;
            // What is still entered must be left under the same subscriber.
            program.settle();
            while !program.held.is_empty() {
                program.close(0);
            }
            trace
        });

        prop_assert_eq!(found(&trace), program.spans);
        let events: Vec<_> = trace
            .all_events()
            .map(|event| Some(event.span()?.field("number").unwrap().as_u64().unwrap()))
            .collect();
        prop_assert_eq!(events, program.events);
        let children: usize = trace.all_spans().map(|span| span.children().len()).sum();
        prop_assert_eq!(children + trace.roots().len(), trace.len());
    }
}
