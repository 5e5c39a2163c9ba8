//! Gives a backup back, checked whole before anything is put in place, and never revives what was
//! revoked since it was made.
