//! A PostgreSQL server of the tests' own: made in a temporary folder, never as root, gone with the
//! process that started it, however that ends. It is stopped and started again where a test wants
//! that.

use std::fmt::Write as _;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// What is told where PostgreSQL isn't installed.
const MISSING: &str = "PostgreSQL's server is not installed, so this can't be tested: \
    apt-get install postgresql (or your system's; PATH, /usr/lib/postgresql/*/bin and pg_config --bindir are searched)";

/// Who owns the tables.
const USER: &str = "keywright";

/// A running server.
pub struct PostgresServer {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    /// Cleans up once its standard input is closed, which it also is when this process is killed.
    watcher: Child,
}

impl PostgresServer {
    /// The server that all tests of this process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A new server.
    ///
    /// # Panics
    /// If there is none on this machine, or it doesn't start.
    #[must_use]
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let programs = programs().expect(MISSING);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("keywright-postgres-{}-{count}", std::process::id());
        let folder = roomy_memory().unwrap_or_else(std::env::temp_dir).join(name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        if let Some(user) = other_user() {
            run(Command::new("chown").arg(user).arg(&folder));
        }
        let data = folder.join("data");
        run(of_server(&programs, "initdb")
            .args([
                "--no-sync",
                "--no-locale",
                "--encoding=UTF8",
                "--auth=trust",
            ])
            .arg(format!("--username={USER}"))
            .arg("--pgdata")
            .arg(&data));
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let mut stop = String::new();
        for word in words(&of_server(&programs, "pg_ctl")) {
            let _ = write!(stop, "'{word}' ");
        }
        let (data, shown) = (data.display(), folder.display());
        let script = format!(
            "trap '' INT TERM HUP; cat >/dev/null; \
             {stop} stop --mode=immediate --pgdata='{data}' >/dev/null 2>&1; rm -rf '{shown}'"
        );
        let watcher = Command::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .spawn()
            .expect("a shell");
        let server = Self {
            programs,
            folder,
            port,
            watcher,
        };
        server.set(
            "unix_socket_directories",
            &server.folder.display().to_string(),
        );
        server.set("fsync", "off");
        server.set("max_connections", "400");
        server.start_again();
        server
    }

    /// Changes a setting; it counts from the next start on.
    ///
    /// # Panics
    /// If its file can't be written.
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn set(&self, name: &str, value: &str) {
        use std::io::Write as _;
        std::fs::OpenOptions::new()
            .append(true)
            .open(self.data().join("postgresql.conf"))
            .and_then(|mut file| writeln!(file, "{name} = '{value}'"))
            .expect("the server's settings");
    }

    /// Starts it once it was stopped.
    ///
    /// # Panics
    /// If it doesn't.
    pub fn start_again(&self) {
        run(self
            .control("start")
            .arg("--wait")
            .arg("--log")
            .arg(self.folder.join("log"))
            .arg(format!("--options=-p {} -h 127.0.0.1", self.port)));
    }

    /// Stops it: `fast` ends all connections in an orderly way, `immediate` is like a crash.
    ///
    /// # Panics
    /// If it doesn't stop.
    pub fn stop(&self, mode: &str) {
        run(self.control("stop").arg("--wait").arg("--mode").arg(mode));
    }

    /// The URL of a store in a schema, over the server's socket.
    #[must_use]
    pub fn url(&self, schema: &str) -> String {
        format!(
            "postgres://{USER}@/postgres?host={}&port={}&sslmode=disable&schema={schema}",
            self.folder.display(),
            self.port
        )
    }

    /// A schema that nobody has used yet.
    #[must_use]
    pub fn new_schema(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        format!(
            "keys_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        )
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The folder with its data.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A file that the server may read and no one else, with these contents.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn give_file(&self, name: &str, contents: &[u8]) -> PathBuf {
        let path = self.data().join(name);
        std::fs::write(&path, contents).expect("a file");
        run(Command::new("chmod").arg("600").arg(&path));
        if let Some(user) = other_user() {
            run(Command::new("chown").arg(user).arg(&path));
        }
        path
    }

    /// Does something by hand in a schema, as somebody would who can write to the database.
    ///
    /// # Panics
    /// If it fails.
    #[expect(clippy::must_use_candidate, reason = "often it only has to be done")]
    pub fn sql(&self, schema: &str, sql: &str) -> String {
        let told = run(self
            .client("psql")
            .args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"])
            .args(["--set", "ON_ERROR_STOP=1"])
            .args(["--command", &format!("SET search_path = {schema}")])
            .args(["--command", sql]));
        told.trim().to_owned()
    }

    /// A program that connects to it.
    #[must_use]
    pub fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .env("PGHOST", &self.folder)
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", USER)
            .env("PGDATABASE", "postgres");
        command
    }

    /// One of the server's own programs, as the user that it runs as.
    #[must_use]
    pub fn program(&self, program: &str) -> Command {
        of_server(&self.programs, program)
    }

    fn control(&self, what: &str) -> Command {
        let mut command = of_server(&self.programs, "pg_ctl");
        command
            .arg(what)
            .arg("--silent")
            .arg("--pgdata")
            .arg(self.data());
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

/// A folder in memory, if there is one with room: where a disk is busy with other things a server on
/// it may answer to nothing for seconds.
fn roomy_memory() -> Option<PathBuf> {
    const ROOM_IN_KIB: u64 = 2 * 1024 * 1024;
    let folder = "/dev/shm";
    let told = Command::new("df").args(["-Pk", folder]).output().ok()?;
    let text = String::from_utf8(told.stdout).ok()?;
    let available: u64 = text
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    (available >= ROOM_IN_KIB).then(|| PathBuf::from(folder))
}

/// Where the programs are.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = Vec::new();
    if let Ok(installed) = std::fs::read_dir("/usr/lib/postgresql") {
        places.extend(installed.flatten().map(|it| it.path().join("bin")));
        // The newest first.
        places.sort();
        places.reverse();
    }
    let told = Command::new("pg_config").arg("--bindir").output();
    places.extend(told.ok().map(|it| {
        let text = String::from_utf8_lossy(&it.stdout);
        PathBuf::from(text.trim())
    }));
    places.extend(std::env::split_paths(&path));
    let has_all = |place: &PathBuf| {
        ["initdb", "pg_ctl", "postgres", "psql"]
            .iter()
            .all(|program| place.join(program).is_file())
    };
    places.into_iter().find(has_all)
}

/// Whom to run the server as, where this is root: it refuses to be.
fn other_user() -> Option<&'static str> {
    static USER: OnceLock<Option<&'static str>> = OnceLock::new();
    *USER.get_or_init(|| {
        let told = |arguments: &[&str]| {
            let output = Command::new("id").args(arguments).output().ok()?;
            let text = String::from_utf8(output.stdout).ok()?;
            output.status.success().then(|| text.trim().to_owned())
        };
        if told(&["-u"])? != "0" {
            return None;
        }
        Some(if told(&["-u", "postgres"]).is_some() {
            "postgres"
        } else {
            "nobody"
        })
    })
}

fn of_server(programs: &Path, program: &str) -> Command {
    let program = programs.join(program);
    let mut command = match other_user() {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
    };
    command.current_dir("/").env("LC_ALL", "C");
    command
}

fn words(command: &Command) -> Vec<String> {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

/// Runs a program to its end; what it wrote.
#[expect(clippy::expect_used, clippy::panic, reason = "this is test code")]
fn run(command: &mut Command) -> String {
    // A server that is started keeps what it inherits: it must not be a pipe that is read to its end.
    let mut kept = tempfile::tempfile().expect("a temporary file");
    let output = kept.try_clone().expect("a second handle");
    let errors = kept.try_clone().expect("a third handle");
    let status = command
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .status()
        .unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
    let mut told = String::new();
    std::io::Seek::rewind(&mut kept).expect("the start of a file");
    let _ = kept.read_to_string(&mut told);
    assert!(status.success(), "{:?}: {told}", words(command));
    told
}

/// Waits until something holds, half a minute at most.
///
/// # Panics
/// If it doesn't by then.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
