//! Who can reach the server, and whether they have to show a token.

use std::net::ToSocketAddrs;

use anyhow::Result;
use segmenta::model::store::Store;

use crate::cli::failure::Usage;

/// Makes sure that a server which others can reach does not let everybody do everything by accident.
///
/// # Errors
///
/// [`Usage`] for an address that others can reach, without a token that is good and without being told that this is
/// meant; as [`Store::tokens`].
pub fn check(addr: &str, store: &Store, is_insecure: bool) -> Result<()> {
    let tokens = store.tokens()?;
    // What cannot be resolved cannot be listened at either, which is told then.
    let is_reachable = addr.to_socket_addrs().is_ok_and(|mut addresses| {
        addresses.any(|address| !address.ip().to_canonical().is_loopback())
    });
    match tokens {
        Some(tokens) if tokens.is_any_good() => Ok(()),
        // Nobody is let in, which is what was asked for by revoking the last one.
        Some(_) => {
            tracing::warn!(
                "no token is good any more, so nobody is let in; `segmenta token create` makes one"
            );
            Ok(())
        }
        None if !is_reachable => Ok(()),
        None if is_insecure => {
            tracing::warn!(
                addr,
                "whoever reaches the server may do everything, as --insecure says"
            );
            Ok(())
        }
        None => {
            let folder = store.path().display();
            Err(Usage(format!(
                "--addr {addr}: others could reach the server and do everything; make a token first: segmenta token \
                 create --name NAME --role admin --data-dir {folder} (or give --insecure, if nobody else can come there)"
            ))
            .into())
        }
    }
}
