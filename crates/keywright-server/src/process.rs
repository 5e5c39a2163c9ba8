//! A server as a whole process: a runtime of its own, and signals that end it.

use crate::serve::Server;
use keywright::{HttpPolicy, KeyManager};
use std::io;
use std::net::SocketAddr;
use tokio::sync::watch;

/// Listens, tells where, and serves until the process is asked to end (SIGINT, SIGTERM); a second
/// time, it does so at once. What was accepted by then is finished. The store stays open.
///
/// # Errors
/// What the system says of the address or the signals, or `listening`.
pub fn serve_until_signal(
    keys: KeyManager,
    address: SocketAddr,
    policy: HttpPolicy,
    listening: impl FnOnce(SocketAddr) -> io::Result<()>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("keywright-server")
        .build()?;
    runtime.block_on(async {
        let server = Server::bind(address).await?;
        // Before anybody is told where: whoever reads that may send a signal.
        let asked = count_signals()?;
        listening(server.address())?;
        server
            .run(keys, policy, reached(asked.clone(), 1), reached(asked, 2))
            .await;
        Ok(())
    })
}

/// How often the process was asked to end.
fn count_signals() -> io::Result<watch::Receiver<u32>> {
    let (sender, receiver) = watch::channel(0);
    let mut signals = Signals::new()?;
    tokio::spawn(async move {
        loop {
            signals.next().await;
            sender.send_modify(|count| *count += 1);
        }
    });
    Ok(receiver)
}

async fn reached(mut asked: watch::Receiver<u32>, times: u32) {
    // The other side lives as long as the runtime.
    let _ = asked.wait_for(|count| *count >= times).await;
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without it the process can only be ended from outside.
            std::future::pending().await
        }
    }
}
