//! The `keywright` command, which the wheel brings along.

use crate::errors::guard;
use pyo3::prelude::*;
use std::ffi::OsString;

/// Runs the command with the program's name as the first of its arguments, or called in another way;
/// gives its exit status.
#[pyfunction]
#[pyo3(signature = (arguments, called = None))]
pub(crate) fn run_cli(
    py: Python<'_>,
    arguments: Vec<OsString>,
    called: Option<String>,
) -> PyResult<i32> {
    let run = || match called {
        Some(called) => keywright_cli::run_called(&called, arguments),
        None => keywright_cli::run(arguments),
    };
    guard(None, || Ok(py.detach(run)))
}
