//! Stores, clocks and scenarios for testing keywright.
