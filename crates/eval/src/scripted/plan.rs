//! What a reply becomes on its way: the pieces of the answer, and the place where it breaks.

use probity_trace::genai::{FinishReason, Usage};

use super::{
    fault::{Fault, FaultKind},
    reply::{Reply, Reported},
};
use crate::model::{ModelEvent, ModelRequest, ResponseHead, estimate};

/// What comes next of an answer.
#[derive(Debug)]
pub(super) enum Step {
    Event(ModelEvent),
    Break(Box<Fault>),
}

impl Reply {
    /// Puts a fault in the place of the one that the reply has.
    pub(super) fn struck_by(mut self, fault: Option<Fault>) -> Self {
        self.fault = fault.or(self.fault);
        let Some(fault) = self.fault.as_ref().filter(|fault| !fault.breaks()) else {
            return self;
        };
        self.refusal = (fault.kind == FaultKind::Refusal).then(|| fault.body.clone());
        (self.text, self.reasoning, self.finish) = (String::new(), String::new(), None);
        self.tool_calls.clear();
        self
    }

    /// Returns the fault that leaves no answer at all.
    pub(super) fn fault_before_answer(&self) -> Option<&Fault> {
        self.fault.as_ref().filter(|fault| fault.breaks() && fault.after.is_none())
    }

    /// Fills what the provider says of the answer from the number of the request.
    pub(super) fn head(&self, number: u64, model: &str) -> ResponseHead {
        let ResponseHead { response_id, request_id, model: answering } = self.head.clone();
        ResponseHead {
            response_id: response_id.or_else(|| Some(format!("resp_{number}"))),
            request_id: request_id.or_else(|| Some(format!("req_{number}"))),
            model: answering.or_else(|| Some(model.to_owned())),
        }
    }

    /// Returns the answer piece by piece, from its head to its end or to where it breaks.
    pub(super) fn steps(
        &self,
        request: &ModelRequest,
        number: u64,
        head: ResponseHead,
    ) -> Vec<Step> {
        let fault = self.fault.as_ref().filter(|fault| fault.breaks());
        let mut steps = vec![Step::Event(ModelEvent::Started(head))];
        self.add_pieces(number, |piece| steps.push(Step::Event(piece)));
        if let Some(fault) = fault {
            steps.truncate(fault.after.unwrap_or(0).saturating_add(1));
            steps.push(Step::Break(Box::new(fault.clone())));
            return steps;
        }
        steps.extend(self.usage(request).map(|usage| Step::Event(ModelEvent::Usage(usage))));
        steps.push(Step::Event(ModelEvent::Finished(self.finish_reason())));
        steps
    }

    fn add_pieces(&self, number: u64, mut add: impl FnMut(ModelEvent)) {
        let cut = |text| self.cut.pieces(text).map(str::to_owned);
        cut(&self.reasoning).map(ModelEvent::ReasoningDelta).for_each(&mut add);
        cut(&self.text).map(ModelEvent::TextDelta).for_each(&mut add);
        if let Some(refusal) = &self.refusal {
            cut(refusal).map(ModelEvent::RefusalDelta).for_each(&mut add);
            if refusal.is_empty() {
                add(ModelEvent::RefusalDelta(String::new()));
            }
        }
        for (index, call) in self.tool_calls.iter().enumerate() {
            let id = call.id.clone().unwrap_or_else(|| format!("call_{number}_{index}"));
            add(ModelEvent::ToolCallDelta {
                index,
                id: Some(id),
                name: Some(call.name.clone()),
                arguments: String::new(),
            });
            let fragments = self.cut.of_arguments().pieces(&call.arguments);
            for fragment in fragments {
                let arguments = fragment.to_owned();
                add(ModelEvent::ToolCallDelta { index, id: None, name: None, arguments });
            }
        }
    }

    fn usage(&self, request: &ModelRequest) -> Option<Usage> {
        match self.usage {
            Reported::Nothing => None,
            Reported::Given(usage) => Some(usage),
            Reported::Estimated => {
                let calls =
                    self.tool_calls.iter().map(|call| call.name.len() + call.arguments.len());
                let refusal = self.refusal.as_ref().map_or(0, String::len);
                let output =
                    self.text.len() + self.reasoning.len() + refusal + calls.sum::<usize>();
                let input = estimate::tokens_of_messages(&request.input.messages);
                let usage = Usage::new(input, estimate::tokens_of_bytes(output));
                let reasoning = estimate::tokens_of_bytes(self.reasoning.len());
                Some(if reasoning == 0 { usage } else { usage.with_reasoning(reasoning) })
            }
        }
    }

    fn finish_reason(&self) -> FinishReason {
        let derived = || {
            if self.refusal.is_some() {
                FinishReason::ContentFilter
            } else if self.tool_calls.is_empty() {
                FinishReason::Stop
            } else {
                FinishReason::ToolCall
            }
        };
        self.finish.clone().unwrap_or_else(derived)
    }
}
