//! Errors become the classes of `keywright.errors`, and a panic becomes one of them too.

use crate::detached::inside;
use keywright::{Error, ErrorCode, KeyManager, for_skins};
use pyo3::{PyErr, PyResult};
use std::panic::{AssertUnwindSafe, catch_unwind};

macro_rules! classes {
    ($($code:ident => $class:ident,)+) => {
        mod classes {
            $(pyo3::import_exception!(keywright.errors, $class);)+
        }

        /// The exception for an error.
        pub(crate) fn raise(error: Error) -> PyErr {
            let Error { code, message, hint, key_id } = error;
            let arguments = (message, hint, key_id);
            match code {
                $(ErrorCode::$code => classes::$class::new_err(arguments),)+
            }
        }
    };
}

classes! {
    InvalidArgument => InvalidArgumentError,
    NotFound => NotFoundError,
    AlreadyExists => AlreadyExistsError,
    InvalidState => InvalidStateError,
    RotationInProgress => RotationInProgressError,
    AlreadyIssued => AlreadyIssuedError,
    IdempotencyConflict => IdempotencyConflictError,
    Unsupported => UnsupportedError,
    Pepper => PepperError,
    SchemaVersion => SchemaVersionError,
    Tampered => TamperedError,
    Unavailable => UnavailableError,
    Closed => ClosedError,
    Cancelled => CancelledError,
    Internal => InternalError,
}

/// An `InvalidArgumentError`.
pub(crate) fn invalid(message: &str, hint: &str) -> PyErr {
    raise(Error::invalid(message).hint(hint))
}

/// Runs what could panic. A panic must neither end the process nor pass as a `BaseException`: it
/// becomes an `InternalError`, and the manager, which may be half done, refuses to go on.
pub(crate) fn guard<T>(
    keys: Option<&KeyManager>,
    run: impl FnOnce() -> PyResult<T>,
) -> PyResult<T> {
    let _inside = inside();
    catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|panic| Err(raise(for_skins::failed(keys, panic))))
}
