//! Listening, and the end of it: what was accepted is finished, within bounds.

use crate::around::LARGEST_HEAD;
use crate::credential::Peer;
use crate::routes::router;
use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use keywright::{HttpPolicy, KeyManager};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;

/// How long the head of a request may take to arrive: slow ones hold no thread, only a socket.
const SLOWEST_HEAD: Duration = Duration::from_secs(30);
/// How long requests under way have when the server ends.
const LONGEST_END: Duration = Duration::from_secs(30);
/// The rest after an accept that failed, where trying again at once would only fail again.
const PAUSE: Duration = Duration::from_millis(50);

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens; port 0 is any that is free.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `end` comes, then finishes what was accepted, unless `at_once` comes or it takes
    /// too long. The store stays open.
    pub async fn run(
        self,
        keys: KeyManager,
        policy: HttpPolicy,
        end: impl Future<Output = ()>,
        at_once: impl Future<Output = ()>,
    ) {
        let app = router(keys, policy);
        let graceful = GracefulShutdown::new();
        let mut end = std::pin::pin!(end);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut end => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let connection = connection(stream, peer, app.clone(), graceful.watcher());
                    tokio::spawn(connection);
                }
                // Too many open files, or a peer that was gone at once.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        drop(self.listener);
        tokio::select! {
            () = graceful.shutdown() => {}
            () = at_once => {}
            () = tokio::time::sleep(LONGEST_END) => {}
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, app: Router, watcher: Watcher) {
    // Answers are small and whole: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        app.clone().call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SLOWEST_HEAD)
        // A little more than is allowed, so that what is too much can be told so.
        .max_buf_size(LARGEST_HEAD * 2)
        .serve_connection(TokioIo::new(stream), service);
    // What a peer does wrong on its own connection is its own affair.
    let _ = watcher.watch(connection).await;
}
