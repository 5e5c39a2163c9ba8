//! Where a PostgreSQL store is: a URL, taken apart once. Its password is never shown.

use keywright_core::{Error, Result};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// How many connections read at the same time, where the URL doesn't say.
const DEFAULT_POOL: usize = 4;
const MOST_POOL: usize = 64;
/// How long a connection may take to be made, where the URL doesn't say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What of a URL goes to the driver as it stands.
const OF_THE_DRIVER: &[&str] = &[
    "application_name",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "password",
    "port",
    "user",
];

/// How the server is known to be the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// No TLS: for a loopback address or a socket file.
    Disable,
    /// TLS with whoever answers.
    Require,
    /// A certificate from a known authority.
    VerifyCa,
    /// A certificate from a known authority, for this host name.
    VerifyFull,
}

/// Where a PostgreSQL store is, and how it is reached.
///
/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, where signs in the password that mean something in
/// a URL are written as `%XX`; several hosts may be named with commas between. Behind a `?`:
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `sslmode` | `verify-full`, `verify-ca`, `require` (encrypted, but with anybody), `disable` | `verify-full` |
/// | `sslrootcert` | a file with the authorities to trust, in PEM | the system's |
/// | `schema` | the PostgreSQL schema that the tables are in: `[a-z_][a-z0-9_]{0,62}` | `keywright` |
/// | `pool` | how many connections read at the same time, 1 to 64; one more writes | 4 |
/// | `connect_timeout` | in seconds | 5 |
/// | `host`, `port`, `user`, `password`, `dbname`, `hostaddr`, `application_name` | as in libpq; `host` may be the folder of a socket file | |
///
/// ```
/// use keywright_postgres::Address;
///
/// let address = Address::parse("postgres://keys:secret@db.example.com/keys")?;
/// assert_eq!(address.to_string(), "postgres://db.example.com:5432");
/// assert!(Address::parse("postgres://db.example.com/keys?sslmode=prefer").is_err());
/// # Ok::<(), keywright_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    config: Config,
    trust: Trust,
    root: Option<PathBuf>,
    schema: String,
    pool: usize,
}

impl Address {
    /// Whether `text` names a store of this kind, well or not.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let scheme = text.split_once(':').map(|(scheme, _)| scheme);
        scheme.is_some_and(|scheme| {
            ["postgres", "postgresql"].contains(&scheme.to_ascii_lowercase().as_str())
        })
    }

    /// Takes a URL apart.
    ///
    /// # Errors
    /// [`InvalidArgument`](keywright_core::ErrorCode::InvalidArgument) for what is no such URL, or
    /// asks for something that isn't known or isn't safe. No message repeats any of it.
    pub fn parse(text: &str) -> Result<Self> {
        let rest = text
            .split_once("://")
            .filter(|_| Self::is_one(text))
            .map(|(_, rest)| rest)
            .ok_or_else(malformed)?;
        let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
        refuse_stray_at(base, query)?;
        let mut own = Own::default();
        let mut passed_on: Vec<&str> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or_else(malformed)?;
            if OF_THE_DRIVER.contains(&name) {
                passed_on.push(pair);
            } else {
                own.take(name, value)?;
            }
        }
        let url = format!("postgres://{base}?{}", passed_on.join("&"));
        let config = url.parse::<Config>().map_err(|_| malformed())?;
        Self {
            config,
            trust: own.trust.unwrap_or(Trust::VerifyFull),
            root: own.root,
            schema: own.schema.unwrap_or_else(|| "keywright".to_owned()),
            pool: own.pool.unwrap_or(DEFAULT_POOL),
        }
        .settle()
    }

    /// Refuses what doesn't go together, and fills in what isn't said.
    fn settle(mut self) -> Result<Self> {
        let hosts = self.config.get_hosts();
        if hosts.is_empty() && self.config.get_hostaddrs().is_empty() {
            return Err(malformed());
        }
        let is_socket = |host: &Host| !matches!(host, Host::Tcp(_));
        if self.trust != Trust::Disable && hosts.iter().any(is_socket) {
            return Err(Error::invalid("a socket file has no TLS")
                .hint("say so with sslmode=disable, or name a host"));
        }
        let fit = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
        let odd = |host: &Host| matches!(host, Host::Tcp(name) if name.is_empty() || !name.chars().all(fit));
        if hosts.iter().any(odd) {
            return Err(malformed());
        }
        if self.root.is_some() && !matches!(self.trust, Trust::VerifyCa | Trust::VerifyFull) {
            return Err(
                Error::invalid("sslrootcert says whom to trust, and sslmode not to look")
                    .hint("leave out sslmode, or make it verify-full"),
            );
        }
        if hosts.len() > 1 {
            self.config
                .target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if self.config.get_connect_timeout().is_none() {
            self.config.connect_timeout(CONNECT_TIMEOUT);
        }
        if self.config.get_application_name().is_none() {
            self.config.application_name("keywright");
        }
        self.config
            .ssl_mode(match self.trust {
                Trust::Disable => SslMode::Disable,
                Trust::Require | Trust::VerifyCa | Trust::VerifyFull => SslMode::Require,
            })
            // By default a cut would be noticed after two hours.
            .keepalives(true)
            .keepalives_idle(Duration::from_secs(5))
            .keepalives_interval(Duration::from_secs(2))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(8));
        Ok(self)
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) const fn trust(&self) -> Trust {
        self.trust
    }

    pub(crate) const fn root(&self) -> Option<&PathBuf> {
        self.root.as_ref()
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    pub(crate) const fn pool(&self) -> usize {
        self.pool
    }
}

/// Hosts and ports alone: neither user nor password nor database.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        let ports = self.config.get_ports();
        for (place, host) in self.config.get_hosts().iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            let port = ports.get(place).or(ports.first()).unwrap_or(&5432);
            write!(f, ":{port}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self}, {:?})", self.trust)
    }
}

/// What the driver doesn't know.
#[derive(Default)]
struct Own {
    trust: Option<Trust>,
    root: Option<PathBuf>,
    schema: Option<String>,
    pool: Option<usize>,
}

impl Own {
    fn take(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "sslmode" => self.trust = Some(trust(value)?),
            "sslrootcert" => self.root = Some(decoded(value).ok_or_else(malformed)?.into()),
            "schema" => {
                if !is_schema(value) {
                    return Err(Error::invalid("that is no name for a schema")
                        .hint("a small letter or _, then at most 62 small letters, digits or _"));
                }
                self.schema = Some(value.to_owned());
            }
            "pool" => {
                let number = value.parse().ok();
                let number = number.filter(|number| (1..=MOST_POOL).contains(number));
                let refuse = || Error::invalid("pool is out of range").hint("1 to 64 connections");
                self.pool = Some(number.ok_or_else(refuse)?);
            }
            _ => {
                return Err(Error::invalid(
                    "the URL of the store has a parameter that isn't known",
                )
                .hint(
                    "known are sslmode, sslrootcert, schema, pool, connect_timeout, host, port, \
                         user, password, dbname, hostaddr and application_name",
                ));
            }
        }
        Ok(())
    }
}

fn trust(value: &str) -> Result<Trust> {
    match value {
        "disable" => Ok(Trust::Disable),
        "require" => Ok(Trust::Require),
        "verify-ca" => Ok(Trust::VerifyCa),
        "verify-full" => Ok(Trust::VerifyFull),
        "prefer" | "allow" => Err(Error::invalid(
            "that sslmode goes without TLS wherever somebody in between wants it to",
        )
        .hint("use verify-full; or disable, for a loopback address or a socket file")),
        _ => Err(Error::invalid("that sslmode isn't known")
            .hint("use verify-full, verify-ca, require or disable")),
    }
}

fn is_schema(name: &str) -> bool {
    let begins = name
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == b'_');
    let fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    begins && name.len() <= 63 && name.bytes().all(fit) && !name.starts_with("pg_")
}

/// An `@` in a password that isn't written as `%40` makes the rest of it a host, which is shown.
fn refuse_stray_at(base: &str, query: &str) -> Result<()> {
    let (authority, path) = base.split_once('/').unwrap_or((base, ""));
    let stray = authority.matches('@').count() > 1 || path.contains('@') || query.contains('@');
    if stray {
        return Err(malformed());
    }
    Ok(())
}

/// Takes `%XX` back to what it stands for.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|it| !it.contains('\0'))
}

fn malformed() -> Error {
    Error::invalid("that is not the URL of a PostgreSQL store").hint(
        "it is postgres://USER:PASSWORD@HOST:PORT/DATABASE; in the password @ is written as %40, \
         / as %2F, ? as %3F and % as %25",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_with_a_known_server_is_what_a_url_means_that_says_nothing() {
        let address = Address::parse("postgres://keys:pw@db.example.com:6543/keys").unwrap();
        assert_eq!(address.trust(), Trust::VerifyFull);
        assert_eq!(address.config().get_ssl_mode(), SslMode::Require);
        assert_eq!((address.schema(), address.pool()), ("keywright", 4));
    }

    #[test]
    fn what_it_says_counts() {
        let address = Address::parse(
            "PostgreSQL://a:1,b:2/keys?sslmode=verify-ca&sslrootcert=/etc/a%20b.pem&schema=k2&pool=9",
        )
        .unwrap();
        assert_eq!(address.root(), Some(&PathBuf::from("/etc/a b.pem")));
        assert_eq!((address.schema(), address.pool()), ("k2", 9));
        assert_eq!(address.to_string(), "postgres://a:1,b:2");
        let attributes = address.config().get_target_session_attrs();
        assert_eq!(attributes, TargetSessionAttrs::ReadWrite);
    }

    #[test]
    fn no_text_of_it_shows_user_password_or_database() {
        let address = Address::parse("postgres://hunter:hunter2@h/hunter3").unwrap();
        assert!(!format!("{address:?} {address}").contains("hunter"));
        for malformed in [
            "postgres://u:hunter@2@h/k",
            "postgres://u:hunter/2@h/k",
            "postgres://u:hunter?2@h/k",
            "postgres://u:p@h/k?hunter=1",
            "postgres://u:p@h/k?sslmode=hunter",
            "postgres://u:p@h/k?schema=Hunter",
            "postgres://u:p@h/k?pool=hunter",
            "postgres://u:p@h:hunter/k",
            "postgres://u:p@/hunter?connect_timeout=x",
            "postgres:hunter",
            "postgres://",
            "postgres://u:p@hun ter/k",
        ] {
            let error = Address::parse(malformed).unwrap_err();
            let told = format!("{error:?} {error}").to_lowercase();
            assert!(!told.contains("hunter"), "{malformed}: {told}");
        }
    }

    #[test]
    fn a_server_that_is_not_known_is_trusted_only_where_the_url_says_so() {
        for refused in ["sslmode=prefer", "sslmode=allow", "sslmode=", "host=/tmp"] {
            assert!(Address::parse(&format!("postgres://u@/k?{refused}")).is_err());
        }
        assert!(Address::parse("postgres://u@/k?host=/tmp&sslmode=disable").is_ok());
        assert!(Address::parse("postgres://u@h/k?sslmode=require&sslrootcert=a").is_err());
    }
}
