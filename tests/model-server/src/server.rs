//! The server on its port.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
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

/// How many connections the system may keep that were not yet accepted; as many as the runtime asks for by itself.
const BACKLOG: u32 = 1_024;

/// A model provider on a port of 127.0.0.1 that is free.
///
/// Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    responder: Arc<Responder>,
    /// None while the server is away.
    accepting: Mutex<Option<JoinHandle<()>>>,
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
        let server = Self { address, responder, accepting: Mutex::default() };
        server.accept_from(listener);
        Ok(server)
    }

    /// Is away for a while, as a provider that has crashed: closes its port and every connection, and listens on the
    /// same port again after so long. Meanwhile connections are refused, since nobody else gets the port.
    ///
    /// A future that is dropped before leaves the server away for good.
    ///
    /// # Errors
    ///
    /// The system does not give the port back. The server then is away for good.
    pub async fn go_away_for(&self, time: Duration) -> io::Result<()> {
        let accepting = self.lock().take();
        if let Some(accepting) = accepting {
            accepting.abort();
            // Only then is the port closed. The error is that it was aborted.
            let _ = accepting.await;
        }
        // Bound and not listening: the port is taken, and refuses.
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        time::sleep(time).await;
        self.accept_from(socket.listen(BACKLOG)?);
        Ok(())
    }

    fn accept_from(&self, listener: TcpListener) {
        let routes = routes::routes(Arc::clone(&self.responder));
        *self.lock() = Some(tokio::spawn(accept(listener, routes)));
    }

    fn lock(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.accepting.lock().unwrap_or_else(PoisonError::into_inner)
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
        if let Some(accepting) = self.lock().take() {
            accepting.abort();
        }
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
