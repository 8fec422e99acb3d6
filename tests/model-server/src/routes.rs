//! The paths of the server.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Request, State},
    response::Response,
    routing::post,
};

use crate::{connection::Breaker, respond::Responder};

/// Returns the routes; each request brings the [`Breaker`] of its connection as an extension.
pub(crate) fn routes(responder: Arc<Responder>) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(known))
        .route("/chat/completions", post(known))
        .route("/v1/messages", post(known))
        .method_not_allowed_fallback(unknown)
        .fallback(unknown)
        .with_state(responder)
}

async fn known(
    State(responder): State<Arc<Responder>>,
    Extension(breaker): Extension<Breaker>,
    request: Request,
) -> Response {
    responder.respond(request, breaker).await
}

async fn unknown(
    State(responder): State<Arc<Responder>>,
    Extension(breaker): Extension<Breaker>,
    request: Request,
) -> Response {
    responder.respond_unknown(request, breaker).await
}
