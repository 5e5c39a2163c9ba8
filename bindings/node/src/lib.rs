//! The node skin.
