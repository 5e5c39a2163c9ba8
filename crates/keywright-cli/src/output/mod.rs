//! What people and programs see: streams, colours, tables, cards, JSON, times.

pub(crate) mod calendar;
pub(crate) mod card;
pub(crate) mod json;
pub(crate) mod key;
pub(crate) mod next;
pub(crate) mod progress;
pub(crate) mod streams;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;
