//! What an API key is and what may happen to it: format, lifecycle, verification, limits, audit. No I/O.
