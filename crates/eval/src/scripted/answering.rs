//! How a scripted model answers a request.

use std::sync::Arc;

use async_trait::async_trait;
use futures_timer::Delay;

use super::{
    fault::{Fault, FaultKind},
    model::ScriptedModel,
    playback::Playback,
    random::Random,
    reply::Reply,
    turn::Turn,
    wire,
};
use crate::model::{
    Model, ModelError, ModelErrorKind, ModelRequest, ModelStream, RawTap, ResponseHead,
};

/// What separates the random numbers of replies from those that decide on faults.
const OF_REPLIES: u64 = 0;
const OF_FAULTS: u64 = 1;

/// A decision on one request.
struct Decision {
    turn: Turn,
    fault: Option<Fault>,
    /// How many replies of a list were given before.
    given: usize,
}

#[async_trait]
impl Model for ScriptedModel {
    fn provider(&self) -> &str {
        &self.provider
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn fork(&self, seed: u64) -> Option<Arc<dyn Model>> {
        Some(Arc::new(Self::fork(self, seed)))
    }

    async fn stream(&self, request: &ModelRequest) -> Result<ModelStream, ModelError> {
        let tap = RawTap::new(request);
        if tap.is_active() {
            let body = wire::request(&self.name, request);
            tap.request("POST", wire::URL, self.headers.0.clone(), body);
        }
        let (number, reply) = self.reply(request).inspect_err(|error| {
            tap.request_error(&error.to_string(), None, None, Some(false));
        })?;
        if !reply.delay.is_zero() {
            Delay::new(reply.delay).await;
        }
        let head = reply.head(number, &self.name);
        if let Some(fault) = reply.fault_before_answer() {
            return Err(fail(fault, &head, &tap));
        }
        if tap.is_active() {
            tap.response(200, wire::headers(&head, &reply.headers), None);
        }
        let steps = reply.steps(request, number, head);
        Ok(Box::pin(Playback::new(steps, reply.delay_between, tap)))
    }
}

impl ScriptedModel {
    /// Returns the number of a request, and the reply to it.
    fn reply(&self, request: &ModelRequest) -> Result<(u64, Reply), ModelError> {
        // A closure is asked while nothing is locked: it may look at the requests.
        let Decision { mut turn, fault, given } = self.decide(request);
        let reply = self.script.reply(request, &mut turn, given, self.then)?;
        if let Some(reason) = &reply.unwritable {
            let message = format!("the scripted reply cannot be written as JSON: {reason}");
            return Err(ModelError::new(ModelErrorKind::Other, message));
        }
        Ok((turn.number(), reply.struck_by(fault)))
    }

    fn decide(&self, request: &ModelRequest) -> Decision {
        let mut progress = self.progress();
        let place = progress.note(request);
        let seed = request.settings.seed;
        let (has_seed, seed) = (u64::from(seed.is_some()), seed.unwrap_or(0));
        let random = |purpose| Random::of(&[self.seed, has_seed, seed, place.of_seed, purpose]);
        let fault = self.fault(&mut random(OF_FAULTS));
        let given = progress.given;
        if !fault.as_ref().is_some_and(Fault::breaks) {
            progress.given = given.saturating_add(1);
        }
        drop(progress);
        Decision { turn: Turn::new(place.number, random(OF_REPLIES)), fault, given }
    }

    fn fault(&self, random: &mut Random) -> Option<Fault> {
        let struck = self.faults.iter().filter(|(probability, _)| random.chance(*probability));
        // All are drawn, so that one more at the end of the list changes nothing for the others.
        struck.fold(None, |first, (_, fault)| first.or_else(|| Some(fault.clone())))
    }
}

/// Returns the error of a request that has no answer, and shows it to a raw capture.
fn fail(fault: &Fault, head: &ResponseHead, tap: &RawTap) -> ModelError {
    let error = fault.error(false);
    let retryable = Some(error.is_retryable());
    let FaultKind::Status(status) = fault.kind else {
        tap.request_error(&error.to_string(), None, None, retryable);
        return error;
    };
    let error = match &head.request_id {
        Some(id) => error.with_request_id(id),
        None => error,
    };
    if tap.is_active() {
        let body = wire::error(&fault.body);
        let headers = wire::error_headers(head.request_id.as_deref(), fault);
        tap.response(status, headers, Some(body.clone()));
        tap.request_error(&error.to_string(), Some(status), Some(body), retryable);
    }
    error
}
