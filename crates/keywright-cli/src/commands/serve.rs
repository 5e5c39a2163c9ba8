//! `keywright serve`

use crate::app::App;
use crate::args::serve::Serve;
use crate::failure::{Failure, Outcome, Status};
use crate::input::words;
use crate::output::card::Card;
use crate::output::json;
use crate::store::Access;
use keywright::{HttpOptions, HttpPolicy};
use serde::Serialize;
use std::io;
use std::net::SocketAddr;

/// Where to listen, and whose word on addresses counts, where the flags don't say.
const ENV_LISTEN: &str = "KEYWRIGHT_LISTEN";
const ENV_TRUSTED_PROXIES: &str = "KEYWRIGHT_TRUSTED_PROXIES";
const DEFAULT_LISTEN: &str = "127.0.0.1:8787";

/// What counts: flags before the environment, and that before the default.
#[derive(Serialize)]
struct Config {
    store: String,
    listen: SocketAddr,
    trusted_proxies: Vec<String>,
}

#[derive(Serialize)]
struct Listening {
    url: String,
}

pub(crate) fn run(app: &App, args: Serve) -> Outcome {
    let print_config = args.print_config;
    let (config, policy) = Config::read(app, args)?;
    if print_config {
        return config.show(app);
    }
    if config.store == "memory:" {
        return Err(Failure::usage(
            "a store in memory has no admin key, and nobody could make one",
        )
        .hint("name a file with --store"));
    }
    if !config.listen.ip().is_loopback() {
        app.warn(
            "the connection is not encrypted, and other machines can reach it",
            Some("put a proxy before it that does TLS, and listen on 127.0.0.1"),
        );
    }
    keywright::for_skins::tell_only_where();
    raise_open_files();
    app.with_store(Access::Serve, async |keys| {
        app.warn_of_pepper();
        let listening = |address| listening(app, address).map_err(io::Error::other);
        keywright_server::serve_until_signal(keys.clone(), config.listen, policy, listening)
            .map_err(|error| {
                Failure::io("the server can't listen", &error)
                    .hint("is another one running there? name another place with --listen")
            })?;
        app.note("stopped; what was accepted is done");
        Ok(Status::Done)
    })
}

/// Each connection is an open file, and what a shell allows by default is soon used up by slow ones.
#[cfg(unix)]
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where that is refused, the limit stays what it is.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    );
}

#[cfg(not(unix))]
fn raise_open_files() {}

fn listening(app: &App, address: SocketAddr) -> Result<(), String> {
    let url = format!("http://{address}");
    let told = if app.json {
        json::object(app, &Listening { url })
    } else {
        app.out.print(&format!("listening on {url}\n"))
    };
    told.map_err(|failure| failure.message)?;
    let next = app.next(["admin-key", "create", "NAME"]);
    app.note(&format!("an admin key: {next}"));
    Ok(())
}

impl Config {
    fn read(app: &App, args: Serve) -> Outcome<(Self, HttpPolicy)> {
        let listen = match given(args.listen, ENV_LISTEN)? {
            Some(text) => text,
            None => DEFAULT_LISTEN.to_owned(),
        };
        let listen = listen.parse().map_err(|_| {
            Failure::usage("that is no address to listen on")
                .hint("give an address and a port, for example 127.0.0.1:8787 or [::1]:8787")
        })?;
        let trusted_proxies = given(args.trusted_proxies, ENV_TRUSTED_PROXIES)?;
        let trusted_proxies = trusted_proxies.as_deref().map(words::list);
        let options = HttpOptions {
            trusted_proxies: trusted_proxies.unwrap_or_default(),
            ..HttpOptions::default()
        };
        let policy = HttpPolicy::new(&options)?;
        let config = Self {
            store: app.store_name(),
            listen,
            trusted_proxies: options.trusted_proxies,
        };
        Ok((config, policy))
    }

    fn show(&self, app: &App) -> Outcome {
        if app.json {
            json::object(app, self)?;
            return Ok(Status::Done);
        }
        let mut card = Card::default();
        card.line("Store", &self.store);
        card.line("Listen", &self.listen.to_string());
        let trusted = if self.trusted_proxies.is_empty() {
            "none".to_owned()
        } else {
            self.trusted_proxies.join(", ")
        };
        card.line("Proxies", &trusted);
        app.out.print(&card.render(app.out.style))?;
        Ok(Status::Done)
    }
}

/// A flag, or else a variable; an empty variable counts as absent.
fn given(flag: Option<String>, variable: &str) -> Outcome<Option<String>> {
    if flag.is_some() {
        return Ok(flag);
    }
    match std::env::var(variable) {
        Ok(text) if !text.is_empty() => Ok(Some(text)),
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::usage(format!("{variable} is not valid UTF-8")))
        }
    }
}
