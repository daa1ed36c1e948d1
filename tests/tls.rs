//! Encrypted connections, and certificates that change while the server runs.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use server::{Server, request_with, segmenta};
use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A certificate for `localhost`, written to two files.
fn certificate(folder: &Path) -> (CertificateDer<'static>, [PathBuf; 2]) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = [folder.join("cert.pem"), folder.join("key.pem")];
    fs::write(&files[0], cert.pem()).unwrap();
    fs::write(&files[1], signing_key.serialize_pem()).unwrap();
    (cert.der().clone(), files)
}

fn start(folder: &Path, files: &[PathBuf; 2]) -> Server {
    let [certificate, key] = files.each_ref().map(|path| path.to_str().unwrap());
    Server::start(&folder.join("data"), &["--tls-cert", certificate, "--tls-key", key])
}

/// Asks for a prediction as somebody who trusts only this certificate.
fn predict(server: &Server, trusted: &CertificateDer<'static>) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, server.connect());
    let body = r#"{"annual_income": 50, "spending_score": 50}"#;
    stream.write_all(request_with(body.len(), body).as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn is_healthy(server: &Server, certificate: &Path) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
    command.args(["healthcheck", "--addr", &server.address, "--tls-cert"]).arg(certificate);
    command.stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn a_certificate_that_changes_is_used_at_once() {
    let folder = TempDir::new().unwrap();
    let (first, files) = certificate(folder.path());
    let server = start(folder.path(), &files);
    assert!(predict(&server, &first).unwrap().contains("\"persona\":\"Standard\""));
    assert!(is_healthy(&server, &files[0]));

    // One that cannot be used changes nothing.
    fs::write(&files[0], "-----BEGIN").unwrap();
    loop {
        let entry = server.log.recv_timeout(server::PATIENCE).unwrap();
        if entry["message"].as_str().unwrap().contains("the former one still is") {
            assert!(entry["error"].as_str().unwrap().contains("cert.pem"), "{entry}");
            break;
        }
    }
    assert!(predict(&server, &first).unwrap().contains("\"persona\":\"Standard\""));

    let (second, _) = certificate(folder.path());
    while predict(&server, &second).is_err() {
        thread::sleep(Duration::from_millis(50));
    }
    assert!(predict(&server, &first).is_err());
    assert!(is_healthy(&server, &files[0]));
    // Another one's certificate is not that of this server.
    let elsewhere = TempDir::new().unwrap();
    let (_, [other, _]) = certificate(elsewhere.path());
    assert!(!is_healthy(&server, &other));
}

#[test]
fn who_speaks_no_tls_gets_nothing_and_harms_nobody() {
    let folder = TempDir::new().unwrap();
    let (trusted, files) = certificate(folder.path());
    let server = start(folder.path(), &files);
    let mut silent = server.connect();
    silent.write_all(b"GET /stats HTTP/1.1\r\nhost: t\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = silent.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{answer:?}");
    assert!(predict(&server, &trusted).unwrap().contains("\"persona\":\"Standard\""));
}

#[test]
fn files_that_are_no_certificate_are_named() {
    let folder = TempDir::new().unwrap();
    let (_, [certificate, key]) = certificate(folder.path());
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let missing = folder.path().join("missing.pem");
    for (certificate, key, says) in [
        (&empty, &key, "empty.pem: there is no certificate in it"),
        (&certificate, &certificate, "cert.pem: there is no private key in it"),
        (&missing, &key, "missing.pem: No such file"),
    ] {
        let [certificate, key] = [certificate, key].map(|path| path.to_str().unwrap());
        let options = ["--tls-cert", certificate, "--tls-key", key];
        let output = segmenta(&folder.path().join("data"), &options).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(says), "{stderr}");
    }
}
