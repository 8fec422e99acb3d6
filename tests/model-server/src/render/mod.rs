//! Turns a reply into the response to one request.

mod content;
mod steps;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

use crate::{
    anthropic::Anthropic,
    body,
    connection::Breaker,
    dialect::Dialect,
    openai::OpenAi,
    protocol::Protocol,
    received::Received,
    render::content::Renderer,
    reply::{Content, Reply},
};

/// Headers that follow from the body; others than those that fit it would break the server.
const FRAMING: [HeaderName; 2] = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING];

/// Returns how a protocol is spoken.
pub(crate) fn dialect(protocol: Protocol) -> &'static dyn Dialect {
    match protocol {
        Protocol::OpenAi => &OpenAi,
        Protocol::Anthropic => &Anthropic,
    }
}

/// Returns the response to a request; `None` where there is never one.
///
/// # Errors
///
/// Says which header of the reply cannot be sent.
pub(crate) fn response(
    reply: &Reply,
    received: &Received,
    breaker: &Breaker,
) -> Result<Option<Response>, String> {
    if let Content::Reset = reply.content() {
        // The connection takes no byte of what is responded.
        breaker.reset();
        return Ok(Some(Response::default()));
    }
    let delivery = reply.delivery();
    let renderer = Renderer::new(dialect(received.protocol()), received, delivery);
    let Some(content) = renderer.render(reply.content()) else {
        return Ok(None);
    };
    let set = delivery.headers.iter().cloned();
    let headers = headers(renderer.headers().into_iter().chain(content.headers).chain(set))?;
    let steps = match delivery.chunk_size {
        Some(size) => body::cut(content.steps, size),
        None => content.steps,
    };
    let mut response = Response::new(body::body(steps, breaker.clone()));
    *response.status_mut() = content.status;
    *response.headers_mut() = headers;
    Ok(Some(response))
}

/// Returns headers of these names and values; a later one takes the place of an earlier one.
fn headers(pairs: impl Iterator<Item = (String, String)>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let header = HeaderName::try_from(&name).ok().zip(HeaderValue::try_from(value).ok());
        let Some((name, value)) = header.filter(|(name, _)| !FRAMING.contains(name)) else {
            return Err(format!("the script sets the header {name:?}, which it cannot set so"));
        };
        headers.insert(name, value);
    }
    Ok(headers)
}
