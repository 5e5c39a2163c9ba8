//! Whom a connection trusts.

use crate::place::Place;
use futures_executor::block_on;
use keywright_core::{Error, ErrorCode};
use keywright_postgres::{Address, PostgresStore};
use keywright_testkit::postgres::PostgresServer;
use std::path::Path;
use std::process::Command;

/// An authority and a certificate by it for `localhost`, in this folder.
fn make_certificates(folder: &Path) {
    let run = |arguments: &str| {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .output()
            .expect("openssl, which comes with PostgreSQL on Debian: apt-get install openssl");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments}: {told}");
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    run(&format!(
        "req -x509 {key} -keyout ca.key -out ca.pem -days 30 -subj /CN=authority"
    ));
    run(&format!(
        "req {key} -keyout server.key -out server.csr -subj /CN=localhost"
    ));
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    run(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 30 -extfile names",
    );
}

#[test]
fn a_server_is_trusted_as_far_as_the_url_says() {
    let folder = tempfile::tempdir().unwrap();
    make_certificates(folder.path());
    let server: &PostgresServer = Box::leak(Box::new(PostgresServer::start()));
    let opened = |host: &str, parameters: &str| -> Result<(), Error> {
        let place = Place::on(server);
        let url = format!(
            "postgres://keywright:hunter2@{host}:{}/postgres?schema={}{parameters}",
            server.port(),
            place.schema
        );
        let mut options = place.options(1);
        options.address = Address::parse(&url)?;
        let opened = block_on(PostgresStore::open(options));
        opened.map(drop).inspect_err(|error| {
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        })
    };
    let root = format!("&sslrootcert={}", folder.path().join("ca.pem").display());
    let refused = |host: &str, parameters: &str| {
        let error = opened(host, parameters).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unavailable, "{host} {parameters}");
        error.message
    };
    // A server without TLS is good for nothing but `disable`.
    for parameters in ["", "&sslmode=verify-ca", "&sslmode=require"] {
        assert!(
            refused("localhost", parameters).contains("TLS"),
            "{parameters}"
        );
    }
    assert_eq!(opened("127.0.0.1", "&sslmode=disable"), Ok(()));

    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let certificate = server.give_file("server.pem", &read("server.pem"));
    let key = server.give_file("server.key", &read("server.key"));
    server.stop("fast");
    server.set("ssl", "on");
    server.set("ssl_cert_file", &certificate.display().to_string());
    server.set("ssl_key_file", &key.display().to_string());
    server.start_again();

    assert_eq!(opened("localhost", &root), Ok(()));
    // Another name, another authority: the system's don't know this one.
    assert!(refused("127.0.0.1", &root).contains("TLS"));
    assert!(
        refused("localhost", "").contains("TLS") || refused("localhost", "").contains("authority")
    );
    let any_name = format!("&sslmode=verify-ca{root}");
    assert_eq!(opened("127.0.0.1", &any_name), Ok(()));
    let wrong = format!(
        "&sslmode=verify-ca&sslrootcert={}",
        folder.path().join("server.key").display()
    );
    assert!(refused("localhost", &wrong).contains("sslrootcert"));
    assert!(
        refused("localhost", "&sslmode=verify-ca").contains("TLS")
            || cfg!(not(target_os = "linux"))
    );
    assert_eq!(opened("127.0.0.1", "&sslmode=require"), Ok(()));
    assert!(refused("localhost", "&sslrootcert=/nothing/there").contains("can't be read"));
}
