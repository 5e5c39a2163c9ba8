//! Moments are aware datetimes, spans are timedeltas or whole seconds. A time without a zone is
//! refused: nobody knows when it is.

use crate::arguments::{Whole, no_bool};
use crate::errors::invalid;
use keywright::Timestamp;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDelta, PyDeltaAccess, PyTzInfo, PyTzInfoAccess};
use pyo3::{Borrowed, PyTypeInfo, type_hint_identifier, type_hint_union};
use std::time::Duration;

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// An aware `datetime`, in whole seconds: fractions are dropped.
#[derive(Clone, Copy)]
pub(crate) struct Moment(pub(crate) Timestamp);

/// The moment of an optional argument.
pub(crate) fn moment(moment: Option<Moment>) -> Option<Timestamp> {
    moment.map(|Moment(moment)| moment)
}

impl<'py> IntoPyObject<'py> for Moment {
    type Target = PyDateTime;
    type Output = Bound<'py, PyDateTime>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = PyDateTime::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let seconds = self.0.unix();
        let days = i32::try_from(seconds.div_euclid(SECONDS_PER_DAY))?;
        let rest = i32::try_from(seconds.rem_euclid(SECONDS_PER_DAY))?;
        let since = PyDelta::new(py, days, rest, 0, true)?;
        Ok(epoch(py)?.add(since)?.cast_into()?)
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Moment {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = PyDateTime::TYPE_HINT;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let moment = object.cast::<PyDateTime>()?;
        if moment.get_tzinfo().is_none() || moment.call_method0("utcoffset")?.is_none() {
            return Err(invalid(
                "a time without a zone is refused",
                "give an aware datetime, for example datetime.now(timezone.utc)",
            ));
        }
        let since = moment.sub(epoch(object.py())?)?;
        let since = since.cast::<PyDelta>()?;
        let seconds =
            i64::from(since.get_days()) * SECONDS_PER_DAY + i64::from(since.get_seconds());
        from_unix(seconds)
    }
}

/// An aware `datetime`, or Unix seconds as they stand in files.
pub(crate) struct MomentOrSeconds(pub(crate) Timestamp);

impl<'a, 'py> FromPyObject<'a, 'py> for MomentOrSeconds {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        PyDateTime::TYPE_HINT,
        type_hint_identifier!("builtins", "int")
    );

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyDateTime>() {
            return object.extract().map(|Moment(moment)| Self(moment));
        }
        no_bool(object)?;
        let seconds = object.extract::<i64>().map_err(|error| {
            if error.is_instance_of::<pyo3::exceptions::PyOverflowError>(object.py()) {
                out_of_range()
            } else {
                error
            }
        })?;
        from_unix(seconds).map(|Moment(moment)| Self(moment))
    }
}

fn from_unix(seconds: i64) -> PyResult<Moment> {
    Timestamp::from_unix(seconds)
        .map(Moment)
        .ok_or_else(out_of_range)
}

fn out_of_range() -> PyErr {
    invalid("a time is out of range", "give one from 1970 to 9999")
}

fn epoch(py: Python<'_>) -> PyResult<Bound<'_, PyDateTime>> {
    PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?))
}

/// A `timedelta` of whole seconds, or their number.
#[derive(Clone, Copy)]
pub(crate) struct Span(pub(crate) Duration);

/// The span of an optional argument.
pub(crate) fn span(span: Option<Span>) -> Option<Duration> {
    span.map(|Span(span)| span)
}

impl<'py> IntoPyObject<'py> for Span {
    type Target = PyDelta;
    type Output = Bound<'py, PyDelta>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = PyDelta::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        self.0.into_pyobject(py)
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Span {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr =
        type_hint_union!(PyDelta::TYPE_HINT, type_hint_identifier!("builtins", "int"));

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(delta) = object.cast::<PyDelta>() {
            if delta.get_days() < 0 {
                return Err(invalid("a span of time is negative", "give a positive one"));
            }
            // Dropping it would make half a second none at all, which ends a secret at once.
            if delta.get_microseconds() != 0 {
                return Err(invalid(
                    "a span of time is not in whole seconds",
                    "round it, for example up with timedelta(seconds=math.ceil(span.total_seconds()))",
                ));
            }
            return delta.extract().map(Self);
        }
        let Whole(seconds) = object.extract()?;
        Ok(Self(Duration::from_secs(seconds)))
    }
}
