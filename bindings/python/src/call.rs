//! A call that has begun: the caller either waits for it, or an event loop polls it. There is no
//! runtime and there are no threads of this skin's: the library's futures need none.

use crate::bell::Bell;
use crate::detached::detached;
use crate::errors::{guard, raise};
use crate::log::LogQueue;
use crate::opened::Opened;
use keywright::{Error, ErrorCode, KeyManager};
use pyo3::BoundObject;
use pyo3::inspect::{PyStaticConstant, PyStaticExpr};
use pyo3::prelude::*;
use pyo3::{type_hint_identifier, type_hint_subscript};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// How long a waiting caller may be deaf to signals.
const DEAF: Duration = Duration::from_millis(100);

/// Makes Python's object out of the outcome.
type Convert = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;
type Outcome = keywright::Result<Convert>;
type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// A call that has begun. Python knows it by the protocol `keywright._call.Call`.
#[pyclass(frozen, name = "Call", module = "keywright._native")]
pub(crate) struct RunningCall {
    opened: Option<Opened>,
    log: Arc<LogQueue>,
    state: Mutex<State>,
}

enum State {
    Running(Running),
    Done(Outcome),
    /// Waited for, taken, or dropped.
    Gone,
}

#[pymethods]
impl RunningCall {
    /// Waits until it is done. A signal (Ctrl-C) ends the waiting; what was submitted may still
    /// take place.
    fn wait(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(self.keys(), || {
            let State::Running(mut running) = self.take() else {
                return Err(gone());
            };
            let outcome = run(py, running.as_mut())?;
            self.finish(py, outcome)
        })
    }

    /// Goes on with it as far as it goes; whether it is done. If not, the bell will ring with this
    /// token when it can go on.
    fn poll(&self, py: Python<'_>, bell: &Bell, token: u64) -> PyResult<bool> {
        guard(self.keys(), || {
            let State::Running(mut running) = self.take() else {
                return Err(gone());
            };
            let waker = bell.waker(token);
            let polled = detached(py, || {
                running.as_mut().poll(&mut Context::from_waker(&waker))
            })?;
            let (state, done) = match polled {
                Poll::Ready(outcome) => (State::Done(outcome), true),
                Poll::Pending => (State::Running(running), false),
            };
            self.put(state);
            Ok(done)
        })
    }

    /// What came of it, once it is done.
    fn result(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(self.keys(), || match self.take() {
            State::Done(outcome) => self.finish(py, outcome),
            State::Running(_) | State::Gone => Err(gone()),
        })
    }

    /// Lets it go. What was submitted may still take place.
    fn drop(&self, py: Python<'_>) -> PyResult<()> {
        let state = self.take();
        guard(self.keys(), || detached(py, || drop(state)))
    }
}

impl RunningCall {
    fn keys(&self) -> Option<&KeyManager> {
        self.opened.as_ref().map(|opened| &opened.keys)
    }

    fn take(&self) -> State {
        self.put(State::Gone)
    }

    fn put(&self, state: State) -> State {
        let mut slot = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *slot, state)
    }

    fn finish(&self, py: Python<'_>, outcome: Outcome) -> PyResult<Py<PyAny>> {
        self.log.tell(py);
        outcome.map_err(raise)?(py)
    }
}

fn gone() -> PyErr {
    raise(Error::new(
        ErrorCode::InvalidState,
        "what can be awaited once was awaited before",
    ))
}

/// A call whose outcome is a `T`: only for the type stub.
pub(crate) struct Call<T>(RunningCall, PhantomData<T>);

impl<T> Call<T>
where
    T: for<'py> IntoPyObject<'py> + Send + 'static,
{
    /// Begins a call on a manager.
    pub(crate) fn on(
        opened: &Opened,
        future: impl Future<Output = keywright::Result<T>> + Send + 'static,
    ) -> Self {
        Self::begin(Some(opened.clone()), Arc::clone(&opened.log), future)
    }

    /// Begins a call.
    pub(crate) fn begin(
        opened: Option<Opened>,
        log: Arc<LogQueue>,
        future: impl Future<Output = keywright::Result<T>> + Send + 'static,
    ) -> Self {
        let running = async move {
            let value = future.await?;
            Ok(Box::new(move |py: Python<'_>| to_python(py, value)) as Convert)
        };
        let call = RunningCall {
            opened,
            log,
            state: Mutex::new(State::Running(Box::pin(running))),
        };
        Self(call, PhantomData)
    }
}

fn to_python<T: for<'py> IntoPyObject<'py>>(py: Python<'_>, value: T) -> PyResult<Py<PyAny>> {
    value
        .into_pyobject(py)
        .map(|object| object.into_any().unbind())
        .map_err(Into::into)
}

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Call<T> {
    type Target = RunningCall;
    type Output = Bound<'py, RunningCall>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("keywright._call", "Call"),
        T::OUTPUT_TYPE
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Bound::new(py, self.0)
    }
}

/// The outcome of a call that gives nothing: Python's `None`.
pub(crate) struct Nothing;

impl<'py> IntoPyObject<'py> for Nothing {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = std::convert::Infallible;

    const OUTPUT_TYPE: PyStaticExpr = PyStaticExpr::Constant {
        value: PyStaticConstant::None,
    };

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(py.None().into_bound(py))
    }
}

/// Waits for a future with the interpreter let go. A signal handler that raises ends the waiting.
pub(crate) fn run<T: Send>(py: Python<'_>, future: impl Future<Output = T> + Send) -> PyResult<T> {
    let mut future = std::pin::pin!(future);
    loop {
        if let Some(outcome) = detached(py, || poll_for(future.as_mut(), DEAF))? {
            return Ok(outcome);
        }
        py.check_signals()?;
    }
}

/// Polls until it is done or time is up.
fn poll_for<T>(mut future: Pin<&mut impl Future<Output = T>>, span: Duration) -> Option<T> {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let end = Instant::now() + span;
    loop {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return Some(outcome);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        std::thread::park_timeout(left);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
