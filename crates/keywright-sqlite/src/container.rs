//! The inside of a backup file: what stands where, and how much of it is believed.
