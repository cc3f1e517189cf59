//! What goes over a connection, each with its time.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    timer::{Timer, timer, too_late},
    turn::{Answering, Turn},
};
use crate::config::ConnectionsConfig;

/// A connection that ends when the other side lets its time pass: with a request's head, without a request, or without reading on.
pub(super) struct InTime<T> {
    stream: T,
    turn: Turn,
    times: Arc<ConnectionsConfig>,
    /// For what is waited for to come.
    coming: Timer,
    /// For what is written to be read; `None`: nothing waits.
    unread: Option<Timer>,
}

impl<T> InTime<T> {
    pub(super) fn new(stream: T, turn: Turn, times: Arc<ConnectionsConfig>) -> Self {
        Self { stream, turn, coming: timer(times.head_within), times, unread: None }
    }

    // Each byte that is taken gives the reader its time anew: an answer of any length may take as long as it does.
    fn written<R>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        if written.is_ready() {
            self.unread = None;
            return written;
        }
        let unread = self.unread.get_or_insert_with(|| timer(self.times.unread));
        ready!(unread.as_mut().poll(cx));
        Poll::Ready(Err(too_late("the answer is not read")))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for InTime<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buf) {
            if buf.filled().len() > before {
                self.turn.heard();
            }
            return Poll::Ready(read);
        }
        let Some(deadline) = self.turn.deadline(&self.times, cx) else { return Poll::Pending };
        if self.coming.deadline() != deadline {
            self.coming.as_mut().reset(deadline);
        }
        ready!(self.coming.as_mut().poll(cx));
        Poll::Ready(Err(too_late("no request has come")))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for InTime<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.written(cx, ended)
    }
}

/// A request's body, all of which has to come in time.
pub(super) struct Question {
    body: Incoming,
    within: Timer,
}

impl Question {
    pub(super) fn new(body: Incoming, within: Duration) -> Self {
        Self { body, within: timer(within) }
    }
}

impl HttpBody for Question {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::new)));
        }
        ready!(self.within.as_mut().poll(cx));
        Poll::Ready(Some(Err(axum::Error::new(too_late("the body has not come")))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body; with its end it is the other side's turn.
pub(super) struct Answer {
    body: Body,
    _ours: Answering,
}

impl Answer {
    pub(super) fn new(body: Body, ours: Answering) -> Self {
        Self { body, _ours: ours }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
