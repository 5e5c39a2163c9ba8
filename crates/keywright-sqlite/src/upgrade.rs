//! Takes a store of an older schema to the one that this program writes, and only when asked to.
