//! A connection whose client is watched: one that sends its headers a byte at a time, or does not take what it
//! asked for, is hung up on.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::server::limits::Limit;
use crate::server::metrics::Metrics;
use crate::server::state::AppState;

/// The longest that a client is listened to which has been told that it is not.
const FAREWELL: Duration = Duration::from_secs(2);

/// What a connection is about.
#[derive(Clone, Default)]
pub(super) struct Activity(Arc<AtomicU8>);

const RESTING: u8 = 0;
const ASKED: u8 = 1;
const HANGING_UP: u8 = 2;

impl Activity {
    /// A request has come, with all of its headers.
    pub(super) fn asked(&self) {
        self.0.store(ASKED, Ordering::Relaxed);
    }

    /// What comes next are the headers of another request.
    pub(super) fn answered(&self) {
        self.0.store(RESTING, Ordering::Relaxed);
    }

    /// The client may still be sending what nobody will read.
    pub(super) fn hanging_up(&self) {
        self.0.store(HANGING_UP, Ordering::Relaxed);
    }

    fn is(&self, what: u8) -> bool {
        self.0.load(Ordering::Relaxed) == what
    }
}

/// A stream of bytes to and from a client.
pub(super) struct Watched<S> {
    stream: S,
    activity: Activity,
    state: AppState,
    header_timeout: Duration,
    /// When the headers that are coming have to be whole.
    headers_until: Option<Instant>,
    /// Since when the client has had to take something, and how long it had to before.
    writing_since: Option<Instant>,
    waited: Duration,
    written: u64,
    farewell_until: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    pub(super) fn new(
        stream: S,
        activity: Activity,
        state: AppState,
        header_timeout: Duration,
    ) -> Self {
        Self {
            stream,
            activity,
            state,
            header_timeout,
            headers_until: None,
            writing_since: None,
            waited: Duration::ZERO,
            written: 0,
            farewell_until: None,
            alarm: None,
        }
    }

    fn metrics(&self) -> &Metrics {
        self.state.metrics()
    }

    /// Done when a moment has come, and not before.
    fn poll_alarm(&mut self, at: Instant, context: &mut Context<'_>) -> Poll<()> {
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if alarm.deadline() != at {
            alarm.as_mut().reset(at);
        }
        alarm.as_mut().poll(context)
    }

    /// The longest that the client may wait now with taking: never longer than a request may take, since buffers on
    /// the way take a lot that it has not taken, and not longer than it has earned by what it took before.
    fn patience(&self) -> Duration {
        let settings = self.state.settings();
        let earned = Duration::from_millis(
            self.written.saturating_mul(1000) / settings.limits.least_rate.max(1),
        );
        let longest = settings.request_timeout;
        (longest + earned).saturating_sub(self.waited).min(longest)
    }

    fn took(&mut self, bytes: usize) {
        if let Some(since) = self.writing_since.take() {
            self.waited += since.elapsed();
        }
        self.written += bytes as u64;
    }

    /// Whether the client has still time to take what is there.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let since = *self.writing_since.get_or_insert_with(Instant::now);
        let until = since + self.patience();
        ready!(self.poll_alarm(until, context));
        self.metrics().limited(Limit::AnswerRate);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let is_resting = self.activity.is(RESTING);
        if !is_resting {
            self.headers_until = None;
        } else if read.is_ready() && buffer.filled().len() > before && self.headers_until.is_none()
        {
            self.headers_until = Some(Instant::now() + self.header_timeout);
        }
        if read.is_pending()
            && let Some(until) = self.headers_until
        {
            ready!(self.poll_alarm(until, context));
            self.metrics().limited(Limit::HeaderTime);
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Ready(written) => {
                self.took(written.as_ref().copied().unwrap_or_default());
                Poll::Ready(written)
            }
            Poll::Pending => self.poll_patience(context),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(context, slices) {
            Poll::Ready(written) => {
                self.took(written.as_ref().copied().unwrap_or_default());
                Poll::Ready(written)
            }
            Poll::Pending => self.poll_patience(context),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Ready(flushed) => {
                self.took(0);
                Poll::Ready(flushed)
            }
            Poll::Pending => self.poll_patience(context).map_ok(|_| ()),
        }
    }

    /// Says that nothing more will come. A client that is still sending would lose the answer if the connection
    /// were closed at once, so what it sends is thrown away for a while.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(until) = self.farewell_until else {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            if !self.activity.is(HANGING_UP) {
                return Poll::Ready(Ok(()));
            }
            self.farewell_until = Some(Instant::now() + FAREWELL);
            return self.poll_shutdown(context);
        };
        let mut away = [0; 8192];
        loop {
            if self.poll_alarm(until, context).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut away);
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
