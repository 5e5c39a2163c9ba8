//! The SQLite store of keywright: WAL, one writer with group commit, sealed rows, revocation log, backup.
