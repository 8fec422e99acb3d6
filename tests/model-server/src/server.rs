//! The server on its port.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time,
};

use crate::{
    connection::{Breaker, Connection},
    received::Received,
    respond::Responder,
    routes,
    script::Script,
};

/// How long the server waits where the system gives it no connection, mostly for want of files.
const PAUSE: Duration = Duration::from_millis(10);

/// A model provider on a port of 127.0.0.1 that is free.
///
/// Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    responder: Arc<Responder>,
    accepting: JoinHandle<()>,
}

impl ModelServer {
    /// Starts a server on the runtime of the caller, which is one of tokio with I/O and time.
    ///
    /// # Errors
    ///
    /// The system gives no port.
    pub async fn start(script: impl Into<Script>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let responder = Arc::new(Responder::new(script.into()));
        let accepting = tokio::spawn(accept(listener, routes::routes(Arc::clone(&responder))));
        Ok(Self { address, responder, accepting })
    }

    /// Returns the address of the server, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the address for clients of OpenAI, such as `http://127.0.0.1:40123/v1`.
    pub fn openai_url(&self) -> String {
        format!("{}/v1", self.url())
    }

    /// Returns the requests that have arrived, those that were refused among them.
    pub fn requests(&self) -> Vec<Arc<Received>> {
        self.responder.log().borrow().clone()
    }

    /// Waits until so many requests have arrived, and returns all of them.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<Arc<Received>> {
        let mut log = self.responder.log();
        match log.wait_for(|log| log.len() >= count).await {
            Ok(log) => log.clone(),
            Err(_) => self.requests(), // Only where the server is gone, which it is not.
        }
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, routes: Router) {
    let mut connections = JoinSet::new();
    // Declared last and so closed first: whoever loses a connection finds no server any more.
    let listener = listener;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, routes.clone()));
                }
                Err(_) => time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, routes: Router) {
    // Where this fails, small chunks come late and perhaps joined, but none is lost.
    let _ = stream.set_nodelay(true);
    let breaker = Breaker::default();
    let service = TowerToHyperService::new(routes.layer(Extension(breaker.clone())));
    let connection = TokioIo::new(Connection::new(stream, breaker));
    // The client sees every error as well: it is one that the script asks for, or its own leaving.
    let _ = http1::Builder::new().serve_connection(connection, service).await;
}
