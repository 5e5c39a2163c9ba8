//! The `keywright` command, which the wheel brings along.

use crate::errors::guard;
use pyo3::prelude::*;
use std::ffi::OsString;

/// Runs the command with the program's name as the first of its arguments; gives its exit status.
#[pyfunction]
pub(crate) fn run_cli(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<i32> {
    guard(None, || Ok(py.detach(|| keywright_cli::run(arguments))))
}
