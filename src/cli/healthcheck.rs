//! `segmenta healthcheck`: whether a server on this machine is ready, for containers that have no other program to
//! ask with.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error,
    SignatureScheme, StreamOwned,
};

use super::output;
use super::values;

/// The longest answer that is read. A server says that it is ready in far less.
const LONGEST: u64 = 4096;

/// Which server.
#[derive(Debug, Args)]
pub struct HealthcheckArgs {
    /// The address of the server, as it was given to it
    #[arg(long, env = "SEGMENTA_ADDR", default_value = "127.0.0.1:8000", value_parser = values::address, value_name = "HOST:PORT")]
    addr: String,
    /// The certificate of the server, if connections are encrypted
    #[arg(long, env = "SEGMENTA_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Ask whether it lives, not whether it is ready
    #[arg(long)]
    live: bool,
    /// The longest to wait, in seconds
    #[arg(long, default_value_t = 3, value_parser = values::seconds, value_name = "SECONDS")]
    timeout: u64,
    /// A file in TOML with the server's options
    #[arg(long, env = "SEGMENTA_CONFIG", value_name = "FILE")]
    #[allow(dead_code)] // read before the command line is
    config: Option<PathBuf>,
}

/// Asks, and says what was answered.
pub fn run(args: &HealthcheckArgs) -> Result<()> {
    let address = reachable(&args.addr)?;
    let path = if args.live { "/healthz" } else { "/readyz" };
    let patience = Duration::from_secs(args.timeout);
    let stream = TcpStream::connect_timeout(&address, patience)
        .with_context(|| format!("no server answers at {address}"))?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let answer = match &args.tls_cert {
        None => ask(stream, address, path),
        Some(file) => ask(encrypted(stream, file)?, address, path),
    };
    let answer = answer.with_context(|| format!("the server at {address} does not answer"))?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        bail!("the server at {address} answers {path} with {status}");
    }
    output::note(format_args!("the server at {address} answers {path}"));
    Ok(())
}

/// Where a server can be reached that listens at an address. One that listens everywhere does so here.
fn reachable(address: &str) -> Result<SocketAddr> {
    let found =
        address.to_socket_addrs().with_context(|| format!("there is no address {address}"))?;
    let mut address =
        found.into_iter().next().ok_or_else(|| anyhow!("there is no address {address}"))?;
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    Ok(address)
}

fn ask(mut stream: impl Read + Write, address: SocketAddr, path: &str) -> Result<String> {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    stream.flush()?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn encrypted(stream: TcpStream, file: &Path) -> Result<StreamOwned<ClientConnection, TcpStream>> {
    let certificate = CertificateDer::from_pem_file(file)
        .map_err(|error| anyhow!("{}: no certificate in PEM: {error:?}", file.display()))?;
    let provider = Arc::new(ring::default_provider());
    let known = Arc::new(Known { certificate, provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(known)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost")?;
    Ok(StreamOwned::new(ClientConnection::new(Arc::new(config), name)?, stream))
}

/// Trusts one certificate, whatever name it is for: the server is asked by its address on this machine.
#[derive(Debug)]
struct Known {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *end_entity == self.certificate {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::UnknownIssuer.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
