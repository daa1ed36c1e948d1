//! When the server is told to stop.

use std::time::Duration;

use anyhow::Result;
use tokio::signal;

/// Done on Ctrl-C, and on SIGTERM where there is one, with the time that others get to hear of it: whoever sends a
/// SIGTERM may send requests too, who presses Ctrl-C waits for the end.
pub fn told_to_stop(notice: Duration) -> Result<impl Future<Output = Duration>> {
    #[cfg(unix)]
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        let terminated = async { terminate.recv().await };
        #[cfg(not(unix))]
        let terminated = std::future::pending::<Option<()>>();
        tokio::select! {
            _ = signal::ctrl_c() => Duration::ZERO,
            _ = terminated => notice,
        }
    })
}
