//! The tables, in a schema of their own. They hold what the SQLite store's hold; every row that
//! decides something carries a seal (see [`keywright_core::seal`]).
//!
//! Texts that are compared or sorted are in the collation `C`: byte by byte, whatever the database
//! was made with.

/// The schema that this program writes, in `meta`.
pub(crate) const VERSION: u32 = 1;

/// Version 1.
pub(crate) const CREATE: &str = r#"
CREATE TABLE meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE peppers (
    number BIGINT PRIMARY KEY,
    check_value BYTEA NOT NULL
);

CREATE TABLE projects (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    row_version BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    default_account TEXT NOT NULL,
    default_lifetime BIGINT,
    max_lifetime BIGINT,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    seal BYTEA NOT NULL
);
CREATE UNIQUE INDEX projects_by_name ON projects (name) WHERE archived_at IS NULL;

CREATE TABLE accounts (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    row_version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    project_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    seal BYTEA NOT NULL
);
CREATE INDEX accounts_by_project ON accounts (kind, project_id, n) WHERE deleted_at IS NULL;

CREATE TABLE keys (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    row_version BIGINT NOT NULL,
    project_id TEXT COLLATE "C" NOT NULL,
    owner_kind TEXT COLLATE "C" NOT NULL,
    owner_id TEXT COLLATE "C" NOT NULL,
    class TEXT NOT NULL,
    brand TEXT NOT NULL,
    name TEXT NOT NULL,
    metadata TEXT,
    scopes TEXT,
    networks TEXT,
    limits TEXT,
    state TEXT NOT NULL,
    revoked_at BIGINT,
    revoked_for TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    seal BYTEA NOT NULL,
    admin BOOLEAN NOT NULL GENERATED ALWAYS AS (class = 'admin') STORED,
    revoked BOOLEAN NOT NULL GENERATED ALWAYS AS (state = 'revoked') STORED
);
CREATE INDEX keys_by_kind ON keys (admin, revoked, n);
CREATE INDEX keys_by_project ON keys (project_id, admin, revoked, n);
CREATE INDEX keys_by_owner ON keys (owner_id, owner_kind, admin, revoked, n);

CREATE TABLE versions (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    key_n BIGINT NOT NULL,
    number BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    locator TEXT COLLATE "C" NOT NULL UNIQUE,
    lookup BYTEA,
    digest BYTEA,
    peppers TEXT,
    foreign_hash TEXT,
    redacted_value TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT, -- negative where somebody ended it; see codec.rs
    unconfirmed BOOLEAN NOT NULL,
    seal BYTEA NOT NULL,
    UNIQUE (key_n, number)
);
CREATE UNIQUE INDEX versions_by_lookup ON versions (lookup) WHERE lookup IS NOT NULL;

-- Apart from the versions: it is written all the time, and a small table is cheap to write.
CREATE TABLE uses (
    version_n BIGINT PRIMARY KEY,
    last_used_at BIGINT NOT NULL,
    daily BYTEA -- how often on which day; see keywright_core::daily
);

CREATE TABLE counters (
    key_n BIGINT NOT NULL,
    limit_name TEXT COLLATE "C" NOT NULL,
    counter BYTEA NOT NULL,
    PRIMARY KEY (key_n, limit_name)
);

CREATE TABLE idempotency (
    key_hash BYTEA PRIMARY KEY,
    fingerprint BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seal BYTEA NOT NULL
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE foreign_schemes (
    name TEXT COLLATE "C" PRIMARY KEY,
    sealed_key BYTEA,
    seal BYTEA NOT NULL
);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT,
    event_type TEXT NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    project_id TEXT,
    outcome TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    mac BYTEA NOT NULL
);
CREATE INDEX audit_by_object ON audit (object_id, seq);

-- The revocation log: sealed entries, each chained to the one before; see log.rs.
CREATE TABLE revocations (
    seq BIGINT PRIMARY KEY,
    entry BYTEA NOT NULL
);

-- Nothing is in it: whoever changes keys holds its lock, so that changes come one after the other.
CREATE TABLE writing ();

-- By its number a server finds out whether a commit took effect that it got no answer to.
CREATE TABLE writers (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    last BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
"#;
