//! API keys from birth to death: issue, show once, verify, rotate, revoke.
