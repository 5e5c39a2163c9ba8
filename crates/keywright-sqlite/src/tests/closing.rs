//! Closing: whoever is told that the store is closed may rely on it.

use super::group::store;
use futures_executor::block_on;
use keywright_core::store::Store;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

#[test]
fn of_two_that_close_a_store_at_once_neither_goes_on_before_it_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let (begun, running) = mpsc::channel();
    let (closed, told) = mpsc::channel::<()>();
    let (early, was_early) = mpsc::channel();
    thread::scope(|scope| {
        let store = &store;
        // Something that is still being written.
        scope.spawn(move || {
            block_on(store.write(Box::new(move |_| {
                begun.send(()).unwrap();
                let told = told.recv_timeout(Duration::from_millis(100));
                early.send(told.is_ok()).unwrap();
                Ok(())
            })))
        });
        running.recv().unwrap();
        for _ in 0..2 {
            let closed = closed.clone();
            scope.spawn(move || {
                store.shut();
                let _ = closed.send(());
            });
        }
        assert!(!was_early.recv().unwrap(), "one went on too early");
    });
}
