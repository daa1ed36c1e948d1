//! Work that waits for the disk or computes for long, away from the threads that answer requests.

use super::error::ApiError;

/// Does some work on a thread where it may take its time.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "work behind a request ended early");
        Err(ApiError::Internal)
    })
}
