//! The tables. Every row that decides something carries a seal (see [`keywright_core::seal`]); a
//! version has no column for its key's id, since the seal binds the two whatever `key_n` says.

/// Marks the file as ours in its header: `KWRT`.
pub(crate) const APPLICATION_ID: i32 = 0x4B57_5254;

/// The schema that this program writes, in the header's `user_version`.
pub(crate) const VERSION: i32 = 1;

/// Version 1.
pub(crate) const CREATE: &str = "
CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE peppers (
    number INTEGER PRIMARY KEY NOT NULL,
    check_value BLOB NOT NULL
) STRICT;

CREATE TABLE projects (
    n INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    row_version INTEGER NOT NULL,
    name TEXT NOT NULL,
    default_account TEXT NOT NULL,
    default_lifetime INTEGER,
    max_lifetime INTEGER,
    created_at INTEGER NOT NULL,
    archived_at INTEGER,
    seal BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX projects_by_name ON projects (name) WHERE archived_at IS NULL;

CREATE TABLE accounts (
    n INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    row_version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    project_id TEXT,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    seal BLOB NOT NULL
) STRICT;
CREATE INDEX accounts_by_project ON accounts (kind, project_id) WHERE deleted_at IS NULL;

CREATE TABLE keys (
    n INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    row_version INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    class TEXT NOT NULL,
    brand TEXT NOT NULL,
    name TEXT NOT NULL,
    metadata TEXT,
    scopes TEXT,
    networks TEXT,
    limits TEXT,
    state TEXT NOT NULL,
    revoked_at INTEGER,
    revoked_for TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    seal BLOB NOT NULL,
    admin INTEGER NOT NULL GENERATED ALWAYS AS (class = 'admin') VIRTUAL,
    revoked INTEGER NOT NULL GENERATED ALWAYS AS (state = 'revoked') VIRTUAL
) STRICT;
CREATE INDEX keys_by_kind ON keys (admin, revoked);
CREATE INDEX keys_by_project ON keys (project_id, admin, revoked);
CREATE INDEX keys_by_owner ON keys (owner_id, owner_kind, admin, revoked);

CREATE TABLE versions (
    n INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    key_n INTEGER NOT NULL,
    number INTEGER NOT NULL,
    row_version INTEGER NOT NULL,
    locator TEXT NOT NULL UNIQUE,
    lookup BLOB,
    digest BLOB,
    peppers TEXT,
    foreign_hash TEXT,
    redacted_value TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER, -- negative where somebody ended it; see codec.rs
    unconfirmed INTEGER NOT NULL,
    seal BLOB NOT NULL,
    UNIQUE (key_n, number)
) STRICT;
CREATE UNIQUE INDEX versions_by_lookup ON versions (lookup) WHERE lookup IS NOT NULL;

-- Apart from the versions: it is written all the time, and a small table is cheap to write.
CREATE TABLE uses (
    version_n INTEGER PRIMARY KEY NOT NULL,
    last_used_at INTEGER NOT NULL,
    daily BLOB -- how often on which day; see keywright_core::daily
) STRICT;

CREATE TABLE counters (
    key_n INTEGER NOT NULL,
    limit_name TEXT NOT NULL,
    counter BLOB NOT NULL,
    PRIMARY KEY (key_n, limit_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    key_hash BLOB PRIMARY KEY NOT NULL,
    fingerprint BLOB NOT NULL,
    key_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE foreign_schemes (
    name TEXT PRIMARY KEY NOT NULL,
    sealed_key BLOB,
    seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    address TEXT,
    event_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    project_id TEXT,
    outcome TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    mac BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_object ON audit (object_id);

-- What the revocation log has still to take; see log.rs.
CREATE TABLE outbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    row_version INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;
";
