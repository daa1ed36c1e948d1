//! A certificate and its key, which are read again when their files change.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::{Error, Result};
use crate::server::watch::{Stamp, stamp};

/// What connections are encrypted with.
pub struct Tls {
    files: Files,
    config: ArcSwap<ServerConfig>,
    /// What the files looked like when they were last read.
    seen: Mutex<Option<Seen>>,
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// What both files look like.
type Seen = [Stamp; 2];

impl Tls {
    /// Reads a certificate, with those between it and a known authority behind it, and its private key, both in
    /// PEM.
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`].
    pub fn open(certificate: &Path, key: &Path) -> Result<Self> {
        let files = Files { certificate: certificate.to_owned(), key: key.to_owned() };
        let seen = Mutex::new(files.look());
        let config = ArcSwap::from_pointee(files.read()?);
        Ok(Self { files, config, seen })
    }

    /// What the next connection is encrypted with.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.load_full())
    }

    /// Reads the files if they have changed.
    pub(super) fn look(&self) {
        let now = self.files.look();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // While one of them is being replaced it may be gone, and before both are there they may not fit.
        if now.is_none() || now == *seen {
            return;
        }
        *seen = now;
        match self.files.read() {
            Ok(config) => {
                self.config.store(Arc::new(config));
                tracing::info!(certificate = %self.files.certificate.display(), "read the certificate anew");
            }
            Err(error) => {
                tracing::error!(%error, "the changed certificate cannot be used; the former one still is");
            }
        }
    }
}

impl Files {
    fn look(&self) -> Option<Seen> {
        Some([stamp(&self.certificate)?, stamp(&self.key)?])
    }

    fn read(&self) -> Result<ServerConfig> {
        let of_certificate = |problem| certificate_error(&self.certificate, problem);
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
            .map_err(|error| of_certificate(problem(&error, "certificate")))?;
        if chain.is_empty() {
            return Err(of_certificate(problem(&pem::Error::NoItemsFound, "certificate")));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| certificate_error(&self.key, problem(&error, "private key")))?;
        let versions = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions();
        let config = versions
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| {
                let key = self.key.display();
                of_certificate(format!("it cannot be used with the key {key}: {error}"))
            });
        let mut config = config?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn certificate_error(path: &Path, problem: String) -> Error {
    Error::Certificate { path: path.to_owned(), problem }
}

fn problem(error: &pem::Error, what: &str) -> String {
    match error {
        pem::Error::NoItemsFound => {
            format!("there is no {what} in it; a file in PEM is needed, with a line -----BEGIN ...")
        }
        pem::Error::Io(error) => error.to_string(),
        error => format!("it is no {what} in PEM: {error:?}"),
    }
}
