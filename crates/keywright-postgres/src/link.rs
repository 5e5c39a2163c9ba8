//! One connection, used by one thread: it waits for each answer, at most so long. What is checked of
//! a server before it is believed.

use crate::address::Address;
use crate::error::{self, Meaning, meaning, postgres};
use crate::tls::Secure;
use keywright_core::{Error, ErrorCode, Result};
use std::cell::Cell;
use std::collections::HashMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, SimpleQueryMessage, Statement};

/// Parameters of a statement.
pub(crate) type Params<'p> = &'p [&'p (dyn ToSql + Sync)];

/// How long an answer may take before the connection is given up: longer than the server itself
/// lets a statement run, so that this is for connections that hang.
const PATIENCE: Duration = Duration::from_secs(12);
/// How long a connection may take to say goodbye.
const FAREWELL: Duration = Duration::from_millis(500);
/// So many statements are kept prepared.
const MOST_STATEMENTS: usize = 128;
/// Generated columns came with it.
const OLDEST_SERVER: u32 = 120_000;

/// What the server does by itself where something hangs, in milliseconds. A transaction whose server
/// is gone without a trace holds nobody up for longer than the last of these.
const SETTINGS: &str = "SET statement_timeout = 8000; SET lock_timeout = 6000; \
    SET idle_in_transaction_session_timeout = 10000; \
    SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool, \
    current_setting('server_version_num'), current_setting('server_encoding'), \
    current_setting('synchronous_commit'), current_setting('fsync')";

/// A failure, and what it means for whoever met it.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) meaning: Meaning,
    pub(crate) error: Error,
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        trouble.error
    }
}

/// See the module.
pub(crate) struct Link {
    runtime: Runtime,
    client: Client,
    pump: JoinHandle<()>,
    statements: HashMap<String, Statement>,
    /// How long an answer may take.
    patience: Duration,
    /// Whether it is of no more use.
    broken: Cell<bool>,
    /// Whether an answer didn't come in time.
    hung: Cell<bool>,
}

impl Link {
    /// Connects, and looks whether the server is one to be believed.
    pub(crate) fn connect(address: &Address, secure: Option<&Secure>) -> Result<Self> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| error::internal("the system gives nothing to wait for a network with"))?;
        let config = address.config();
        let wait = config.get_connect_timeout().copied().unwrap_or(PATIENCE);
        // The driver counts for each host alone.
        let wait = wait * u32::try_from(config.get_hosts().len()).unwrap_or(1) + FAREWELL;
        let connecting = async {
            match secure {
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    Ok((client, tokio::spawn(ended(connection))))
                }
                Some(secure) => {
                    let (client, connection) = config.connect(secure.clone()).await?;
                    Ok((client, tokio::spawn(ended(connection))))
                }
            }
        };
        let connected = runtime.block_on(async { timeout(wait, connecting).await });
        let (client, pump) = match connected {
            Err(_) => return Err(error::unreachable(address)),
            Ok(Err(failure)) => return Err(error::not_connected(address, &failure)),
            Ok(Ok(connected)) => connected,
        };
        let link = Self {
            runtime,
            client,
            pump,
            statements: HashMap::new(),
            patience: PATIENCE,
            broken: Cell::new(false),
            hung: Cell::new(false),
        };
        link.settle(address)?;
        Ok(link)
    }

    /// Sets what holds for the session, and refuses servers that can't keep the store's promises.
    fn settle(&self, address: &Address) -> Result<()> {
        let sql = format!("SET search_path = \"{}\"; {SETTINGS}", address.schema());
        let messages = self.ask(self.client.simple_query(&sql))?;
        let row = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let told = |place: usize| row.and_then(|row| row.get(place)).unwrap_or_default();
        if told(0) != "f" {
            return Err(error::read_only());
        }
        let unsupported = |message: &str| Error::new(ErrorCode::Unsupported, message);
        if told(1).parse().unwrap_or(0) < OLDEST_SERVER {
            return Err(unsupported("the PostgreSQL server is too old").hint("use 12 or newer"));
        }
        if told(2) != "UTF8" {
            return Err(
                unsupported("the database is not in UTF-8").hint("make it with --encoding=UTF8")
            );
        }
        // What is acknowledged must be durable, whatever the database's default is.
        if told(3) == "off" {
            self.batch("SET synchronous_commit = on")?;
        }
        if told(4) != "on" {
            tracing::warn!(target: "keywright", "the database runs with fsync off: a power cut may bring revoked keys back");
        }
        Ok(())
    }

    /// Lets others see, for as long as this connection lasts, that somebody has the store open: a
    /// further pepper is only taken in by who is alone.
    pub(crate) fn hold_open(&mut self, schema: &str) -> Result<(), Trouble> {
        let key = lock_key("open", schema);
        self.execute("SELECT pg_advisory_lock_shared($1)", &[&key])
            .map(drop)
    }

    /// Asks for rows.
    pub(crate) fn query(&mut self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, Trouble> {
        let statement = self.prepared(sql)?;
        self.ask(self.client.query(&statement, params))
    }

    /// Writes; says how many rows that changed.
    pub(crate) fn execute(&mut self, sql: &str, params: Params<'_>) -> Result<u64, Trouble> {
        let statement = self.prepared(sql)?;
        self.ask(self.client.execute(&statement, params))
    }

    /// Runs statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), Trouble> {
        self.ask(self.client.batch_execute(sql))
    }

    /// Whether it is of no more use.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.get() || self.client.is_closed()
    }

    /// Whether an answer didn't come in time: then another connection will hardly do better.
    pub(crate) fn has_hung(&self) -> bool {
        self.hung.get()
    }

    /// From now on an answer may take so long, and without a bound of its own as long as any.
    pub(crate) fn wait_for(&mut self, patience: Option<Duration>) {
        self.patience = patience.unwrap_or(PATIENCE);
    }

    /// Not to be used any more.
    pub(crate) fn give_up(&self) {
        self.broken.set(true);
    }

    /// Says goodbye to the server.
    pub(crate) fn close(self) {
        let Self {
            runtime,
            client,
            pump,
            ..
        } = self;
        drop(client);
        let _ = runtime.block_on(async { timeout(FAREWELL, pump).await });
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, Trouble> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.ask(self.client.prepare(sql))?;
        if self.statements.len() >= MOST_STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Waits for an answer.
    fn ask<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Trouble> {
        // A server that makes the driver panic must not take the thread along.
        let waiting = || {
            self.runtime
                .block_on(async { timeout(self.patience, answer).await })
        };
        let trouble = match catch_unwind(AssertUnwindSafe(waiting)) {
            Ok(Ok(Ok(answer))) => return Ok(answer),
            Ok(Ok(Err(failure))) => Trouble {
                meaning: meaning(&failure),
                error: postgres(&failure),
            },
            outcome => {
                self.hung.set(outcome.is_ok());
                Trouble {
                    meaning: Meaning::Lost,
                    error: error::lost(),
                }
            }
        };
        if trouble.meaning == Meaning::Lost {
            self.broken.set(true);
        }
        Err(trouble)
    }
}

/// The number of an advisory lock: FNV-1a of what it is for, and of the schema that it is about.
pub(crate) fn lock_key(purpose: &str, schema: &str) -> i64 {
    let text = ["keywright", purpose, schema].join("/");
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::from_ne_bytes(hash.to_ne_bytes())
}

/// What moves a connection's bytes. That it breaks is told by whatever is asked next.
async fn ended(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    let _ = connection.await;
}
