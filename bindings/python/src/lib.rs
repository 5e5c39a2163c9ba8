//! The python skin.
