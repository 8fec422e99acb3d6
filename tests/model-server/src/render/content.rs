//! Renders what a reply says.

use axum::{body::Bytes, http::StatusCode};

use crate::{
    body::Step,
    dialect::Dialect,
    frame::Frame,
    received::Received,
    render::steps,
    reply::{Answer, Content, Delivery, Failure, Fault},
};

/// Data that no client can read.
const NOT_JSON: &str = r#"{"choices": [{"delta": "#;

/// What a reply says, in the protocol and mode of a request.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(String, String)>,
    pub(super) steps: Vec<Step>,
}

impl Rendered {
    fn new(status: StatusCode, content_type: &str, steps: Vec<Step>) -> Self {
        Self { status, headers: vec![header("content-type", content_type)], steps }
    }
}

/// Renders what a reply says to one request.
pub(super) struct Renderer<'r> {
    dialect: &'r dyn Dialect,
    received: &'r Received,
    delivery: &'r Delivery,
    request_id: String,
}

impl<'r> Renderer<'r> {
    pub(super) fn new(
        dialect: &'r dyn Dialect,
        received: &'r Received,
        delivery: &'r Delivery,
    ) -> Self {
        let made = || format!("req_{}", received.number());
        let request_id = delivery.request_id.clone().unwrap_or_else(made);
        Self { dialect, received, delivery, request_id }
    }

    /// Returns the headers that do not depend on what is said.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let id = header(self.dialect.request_id_header(), &self.request_id);
        let limits = self.delivery.rate_limit.iter();
        [id].into_iter().chain(limits.flat_map(|limit| self.dialect.rate_limit(limit))).collect()
    }

    /// Renders what is said; `None` where nothing ever is.
    pub(super) fn render(&self, content: &Content) -> Option<Rendered> {
        let rendered = match (content, &self.delivery.fault) {
            (Content::Never | Content::Reset, _) => return None,
            (Content::Answer(answer), _) if self.received.is_stream() => self.stream(answer),
            (Content::Failure(failure), _) | (_, Some((_, Fault::Error(failure)))) => {
                self.failure(failure)
            }
            (Content::Answer(answer), _) => {
                let message = self.dialect.message(answer, self.received);
                self.whole(StatusCode::OK, "application/json", message.to_string().into())
            }
            (Content::Raw(raw), _) => {
                self.whole(raw.status(), raw.content_type(), raw.body().clone())
            }
        };
        Some(rendered)
    }

    fn stream(&self, answer: &Answer) -> Rendered {
        let frames = self.dialect.frames(answer, self.received, self.delivery.delta_size);
        let told = self.delivery.fault.as_ref().and_then(|(_, fault)| self.told(fault));
        let steps = steps::streamed(frames, self.delivery, told);
        let mut rendered = Rendered::new(StatusCode::OK, "text/event-stream; charset=utf-8", steps);
        rendered.headers.push(header("cache-control", "no-cache"));
        rendered
    }

    /// Returns the frame that a fault puts into the stream.
    fn told(&self, fault: &Fault) -> Option<Frame> {
        match fault {
            Fault::Error(failure) => {
                let (_, body) = self.dialect.failure(failure, &self.request_id);
                Some(self.dialect.frame("error", &body.to_string()))
            }
            Fault::NotJson => Some(self.dialect.frame("content_block_delta", NOT_JSON)),
            Fault::Reset | Fault::Hangup | Fault::Truncated | Fault::Stall => None,
        }
    }

    fn failure(&self, failure: &Failure) -> Rendered {
        let (status, body) = self.dialect.failure(failure, &self.request_id);
        let mut rendered = self.whole(status, "application/json", body.to_string().into());
        let waits = failure.retry_after().iter();
        rendered.headers.extend(waits.map(|(name, wait)| header(name, &wait.to_string())));
        rendered
    }

    fn whole(&self, status: StatusCode, content_type: &str, body: Bytes) -> Rendered {
        let fault = self.delivery.fault.as_ref().map(|(_, fault)| fault);
        Rendered::new(status, content_type, steps::whole(body, fault))
    }
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
