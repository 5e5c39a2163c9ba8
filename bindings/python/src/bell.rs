//! How a future tells an event loop that it can go on: a byte in a pipe that the loop watches.
//!
//! The threads of the library only ever write that byte. None of them touches the interpreter, so
//! none can be caught in it when the interpreter ends.

use crate::errors::{guard, raise};
use keywright::{Error, ErrorCode};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// What an event loop watches.
#[pyclass(frozen)]
pub(crate) struct Bell(Arc<Shared>);

struct Shared {
    ready: Mutex<Vec<u64>>,
    pipe: pipe::Pipe,
}

#[pymethods]
impl Bell {
    /// `UnsupportedError` where the system has no pipe that an event loop could watch.
    #[new]
    fn new() -> PyResult<Self> {
        let pipe = pipe::Pipe::new().map_err(|_| {
            raise(Error::new(
                ErrorCode::Unsupported,
                "there is no pipe to wake the event loop by",
            ))
        })?;
        Ok(Self(Arc::new(Shared {
            ready: Mutex::default(),
            pipe,
        })))
    }

    /// What to watch for reading.
    fn fileno(&self) -> i64 {
        self.0.pipe.watched()
    }

    /// The tokens of the calls that can go on.
    fn ready(&self) -> PyResult<Vec<u64>> {
        guard(None, || {
            // First the pipe, then the list: what is added in between comes along, and what comes
            // later rings again.
            self.0.pipe.clear();
            let mut ready = self.0.ready.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(std::mem::take(&mut *ready))
        })
    }
}

impl Bell {
    /// Rings with this token.
    pub(crate) fn waker(&self, token: u64) -> Waker {
        Waker::from(Arc::new(Ring {
            bell: Arc::clone(&self.0),
            token,
        }))
    }
}

struct Ring {
    bell: Arc<Shared>,
    token: u64,
}

impl Wake for Ring {
    fn wake(self: Arc<Self>) {
        let mut ready = self
            .bell
            .ready
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ready.push(self.token);
        if ready.len() == 1 {
            self.bell.pipe.ring();
        }
    }
}

#[cfg(unix)]
mod pipe {
    use std::io::{Read, Result, Write};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;

    /// Both ends live as long as anyone could ring: writing never meets a closed one.
    pub(super) struct Pipe {
        ringing: UnixStream,
        watched: UnixStream,
    }

    impl Pipe {
        pub(super) fn new() -> Result<Self> {
            let (ringing, watched) = UnixStream::pair()?;
            ringing.set_nonblocking(true)?;
            watched.set_nonblocking(true)?;
            Ok(Self { ringing, watched })
        }

        pub(super) fn watched(&self) -> i64 {
            i64::from(self.watched.as_raw_fd())
        }

        pub(super) fn ring(&self) {
            // If it is full the loop has enough to wake up for.
            let _ = (&self.ringing).write(&[1]);
        }

        pub(super) fn clear(&self) {
            let mut buffer = [0; 64];
            while matches!((&self.watched).read(&mut buffer), Ok(64)) {}
        }
    }
}

#[cfg(not(unix))]
mod pipe {
    use std::io::{Error, ErrorKind, Result};

    /// There is none: calls wait on a thread of the event loop's own instead.
    pub(super) enum Pipe {}

    impl Pipe {
        pub(super) fn new() -> Result<Self> {
            Err(Error::from(ErrorKind::Unsupported))
        }

        pub(super) fn watched(&self) -> i64 {
            match *self {}
        }

        pub(super) fn ring(&self) {
            match *self {}
        }

        pub(super) fn clear(&self) {
            match *self {}
        }
    }
}
