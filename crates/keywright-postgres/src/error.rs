//! What PostgreSQL and the network report, in the project's own words. No message carries a value
//! that came from outside: neither a parameter of a statement nor a part of the URL but its host.

use keywright_core::{Error, ErrorCode, Result};
use std::fmt::Display;
use std::io;
use std::path::Path;
use tokio_postgres::error::SqlState;

/// What a failure means for the transaction that met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The statement was refused; the connection is sound.
    Refused,
    /// Somebody else's transaction was in the way: running it again may do.
    Conflict,
    /// The connection is of no more use.
    Lost,
}

/// What it means.
pub(crate) fn meaning(error: &tokio_postgres::Error) -> Meaning {
    let Some(state) = error.code() else {
        return if is_conversion(error) {
            Meaning::Refused
        } else {
            Meaning::Lost
        };
    };
    match state.code() {
        // Serialization failure, deadlock.
        "40001" | "40P01" => Meaning::Conflict,
        // The server goes down, or has ended this session; or somebody has changed the tables under a
        // prepared statement.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "0A000" | "26000" => Meaning::Lost,
        code if code.starts_with("08") => Meaning::Lost,
        _ => Meaning::Refused,
    }
}

/// Whether a parameter or a column was of another type than the statement expects: no fault of the
/// connection. The driver has no other way to tell.
fn is_conversion(error: &tokio_postgres::Error) -> bool {
    let text = error.to_string();
    text.starts_with("error serializing parameter")
        || text.starts_with("error deserializing column")
        || text.starts_with("invalid column")
        || text.starts_with("expected ")
}

/// A failure of a statement, as the caller is told.
pub(crate) fn postgres(error: &tokio_postgres::Error) -> Error {
    let Some(state) = error.code() else {
        return if meaning(error) == Meaning::Refused {
            internal("the database was used wrongly: a value has another type than its column")
        } else {
            lost()
        };
    };
    let code = state.code();
    let unavailable = |message: &str| {
        Error::new(
            ErrorCode::Unavailable,
            format!("{message} (PostgreSQL {code})"),
        )
    };
    if *state == SqlState::UNIQUE_VIOLATION {
        return Error::new(
            ErrorCode::AlreadyExists,
            "there is a key with this id, secret or prefix already",
        );
    }
    match code {
        "40001" | "40P01" => unavailable("other transactions were in the way again and again")
            .hint("try again in a moment"),
        "55P03" => unavailable("another server has held the store for too long")
            .hint("try again; if it stays like this, look for a transaction that hangs in pg_stat_activity"),
        "57014" => unavailable("the database took too long to answer")
            .hint("look at the database's load"),
        "25006" => read_only(),
        "42501" => unavailable("the database user may not do this")
            .hint("give it all rights on keywright's schema, or let it own that schema"),
        "42P01" | "42703" | "3F000" => {
            unavailable("tables of the store are missing, or were changed outside keywright")
                .hint("restore a dump")
        }
        "53100" => unavailable("the database's disk is full").hint("make room, then try again"),
        "53300" => unavailable("the database takes no more connections")
            .hint("raise max_connections, or give `pool=` in the URL a smaller number"),
        _ if code.starts_with("28") => unavailable("the database refused the user or the password")
            .hint("look at user and password in the URL, and at pg_hba.conf"),
        "3D000" => unavailable("there is no database of that name on the server")
            .hint("make it first: createdb NAME"),
        _ if code.starts_with("53") => unavailable("the database has run out of something")
            .hint("look at its log"),
        _ if code.starts_with("57P") || code.starts_with("08") || code.starts_with("25P") => lost(),
        _ if code.starts_with("58") || code.starts_with("XX") => {
            unavailable("the database failed inside").hint("look at its log")
        }
        _ => internal(format!("PostgreSQL refused a statement ({code})")),
    }
}

/// No connection could be made.
pub(crate) fn not_connected(place: &dyn Display, error: &tokio_postgres::Error) -> Error {
    if error.code().is_some() {
        return postgres(error);
    }
    let text = error.to_string();
    if text.starts_with("error performing TLS handshake") {
        return Error::new(
            ErrorCode::Unavailable,
            format!("no trusted connection to {place}: TLS failed"),
        )
        .hint(
            "the server must offer TLS with a certificate for this host name from a known authority; \
             name its authority's file with sslrootcert=FILE",
        );
    }
    if text.starts_with("invalid configuration") || text.starts_with("authentication error") {
        return Error::new(
            ErrorCode::Unavailable,
            format!("{place} asks for a login that the URL does not give"),
        )
        .hint("give the user and the password in the URL: postgres://USER:PASSWORD@HOST/DATABASE");
    }
    unreachable(place)
}

/// Nobody answers there.
pub(crate) fn unreachable(place: &dyn Display) -> Error {
    Error::new(ErrorCode::Unavailable, format!("{place} can't be reached"))
        .hint("look whether the server runs, and at the host and port in the URL")
}

/// The connection broke.
pub(crate) fn lost() -> Error {
    Error::new(
        ErrorCode::Unavailable,
        "the connection to the database was lost",
    )
    .hint("it is made again by itself; try again in a moment")
}

/// A standby, which may be behind.
pub(crate) fn read_only() -> Error {
    Error::new(
        ErrorCode::Unavailable,
        "the server is a standby or read-only, where a revoked key could still look good",
    )
    .hint("name the primary in the URL; with several hosts in it the primary is looked for")
}

/// Something that cannot happen, did.
pub(crate) fn internal(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Internal, message)
}

/// A row that nobody with the pepper wrote like this.
pub(crate) fn tampered(what: &str, id: impl Display) -> Error {
    Error::new(
        ErrorCode::Tampered,
        format!("the {what} {id} was changed outside keywright, and is refused"),
    )
    .hint("find out who wrote to the database; then put the row back from a dump")
}

/// A row that is older than what the revocation log says of it.
pub(crate) fn outdated(what: &str, id: impl Display) -> Error {
    Error::new(
        ErrorCode::Tampered,
        format!("the {what} {id} is older than the revocation log says, and is refused: an old state was put back"),
    )
    .hint("revoke the key and create another; what was revoked stays so when a dump is put back")
}

/// The database's revocation log is not the one that this server has seen.
pub(crate) fn taken_back() -> Error {
    Error::new(
        ErrorCode::Tampered,
        "the database was taken back to an older state; what was revoked since is being told to it again",
    )
    .hint("if a dump was put back on purpose, try again in a moment; else find out who wrote to the database")
}

/// The database's revocation log holds something that keywright did not write.
pub(crate) fn forged_log(entry: u64) -> Error {
    Error::new(
        ErrorCode::Tampered,
        format!(
            "entry {entry} of the revocation log was not written by keywright with this pepper"
        ),
    )
    .hint("put the table `revocations` back from a dump; until then nothing is verified")
}

/// A failure of the file system.
pub(crate) fn file(what: &str, path: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "make the folder first, or name another path",
        io::ErrorKind::PermissionDenied => "look at the permissions of the file and its folder",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, then try again",
        _ => "look at the path and at the system's log",
    };
    Error::new(
        ErrorCode::Unavailable,
        format!("{what} {}: {}", path.display(), error.kind()),
    )
    .hint(hint)
}

/// The store was closed.
pub(crate) fn closed() -> Error {
    Error::new(ErrorCode::Closed, "the store is closed").hint("open it again")
}

/// The process is a child of the one that opened the store.
pub(crate) fn forked() -> Error {
    Error::new(
        ErrorCode::Closed,
        "the store was opened by the parent process, and can't be used in its child",
    )
    .hint("close it before the process forks, then open it in the child")
}

/// A row that an operation has just read is gone, or is another one: its own transaction rules that
/// out.
pub(crate) fn conflict() -> Error {
    internal("a row changed within its own transaction")
}

/// Shortens what the driver's results need where no transaction is concerned.
pub(crate) trait OrError<T> {
    fn or_error(self) -> Result<T>;
}

impl<T> OrError<T> for Result<T, tokio_postgres::Error> {
    fn or_error(self) -> Result<T> {
        self.map_err(|error| postgres(&error))
    }
}
