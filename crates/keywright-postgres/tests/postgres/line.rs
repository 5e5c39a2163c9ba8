//! A line between a store and its database that fails where a test wants it to.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// What a line between store and database does with a `COMMIT`.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// It arrives; its answer doesn't.
    Answer,
    /// It doesn't arrive.
    Question,
    /// From then on nothing arrives at all, until `armed` is zero again.
    Silence,
}

/// A line that is cut at the next `COMMIT` of a key's change once `armed` is above zero.
pub(crate) fn cut_line(to: u16, fault: Fault, armed: Arc<AtomicU32>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(("127.0.0.1", to)).unwrap();
            let (mut from_server, mut to_client) =
                (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
            let armed = Arc::clone(&armed);
            thread::spawn(move || carry(client, server, fault, &armed));
        }
    });
    port
}

fn carry(mut client: TcpStream, mut server: TcpStream, fault: Fault, armed: &AtomicU32) {
    let mut buffer = [0; 8192];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let bytes = &buffer[..length];
        if matches!(fault, Fault::Silence) {
            while armed.load(Ordering::SeqCst) > 0 {
                thread::sleep(Duration::from_millis(10));
            }
        }
        let commits = bytes.windows(8).any(|part| part == b"; COMMIT");
        let cut = commits
            && !matches!(fault, Fault::Silence)
            && armed
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                    left.checked_sub(1)
                })
                .is_ok();
        if cut {
            let _ = client.shutdown(Shutdown::Both);
            if matches!(fault, Fault::Answer) {
                let _ = server.write_all(bytes);
                thread::sleep(Duration::from_millis(200));
            }
            let _ = server.shutdown(Shutdown::Both);
            return;
        }
        if server.write_all(bytes).is_err() {
            return;
        }
    }
}
