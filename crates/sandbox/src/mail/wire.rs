//! Lines and letters over a connection, plain or TLS.

use std::time::Duration;

use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver, MAX_LINE_LENGTH};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::dialog::MOST_OCTETS;
use super::reply::Reply;

/// Nobody keeps a server waiting for longer (RFC 5321, 4.5.3.2.7).
const PATIENCE: Duration = Duration::from_secs(300);
/// How far a letter may go past the limit before the server hangs up in place of an answer.
const MOST_EXCESS: usize = 8 * MOST_OCTETS;

/// A connection, and what came over it that nobody has read yet.
pub(super) struct Wire<S> {
    stream: S,
    unread: Vec<u8>,
}

/// What a line turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Whole(Vec<u8>),
    TooLong,
    /// Octets that no line of SMTP has, such as the beginning of a TLS session.
    Garbage,
    /// The other side is gone, or silent for too long.
    Gone,
}

/// What a letter turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Text {
    Whole(Vec<u8>),
    TooLarge,
    Gone,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, unread: Vec::new() }
    }

    /// The bare connection; `None` when more came than was asked for, which nobody may trust after STARTTLS.
    pub(super) fn into_stream(self) -> Option<S> {
        self.unread.is_empty().then_some(self.stream)
    }

    pub(super) async fn say(&mut self, reply: &Reply) -> bool {
        self.stream.write_all(&reply.octets()).await.is_ok() && self.stream.flush().await.is_ok()
    }

    /// Says goodbye in the way of the transport.
    pub(super) async fn end(&mut self) {
        // The other side may be gone already.
        self.stream.shutdown().await.ok();
    }

    /// The next line, with its end.
    pub(super) async fn line(&mut self) -> Line {
        loop {
            let end = self.unread.iter().position(|octet| *octet == b'\n');
            let line = &self.unread[..end.map_or(self.unread.len(), |end| end + 1)];
            if line.iter().any(|octet| *octet < b' ' && !b"\r\n\t".contains(octet)) {
                return Line::Garbage;
            }
            if line.len() > MAX_LINE_LENGTH {
                return Line::TooLong;
            }
            if let Some(end) = end {
                return Line::Whole(self.unread.drain(..=end).collect());
            }
            if !self.read().await {
                return Line::Gone;
            }
        }
    }

    /// A letter, up to the dot on a line of its own, with doubled dots made single.
    pub(super) async fn text(&mut self) -> Text {
        let mut receiver = DataReceiver::new();
        let mut text = Vec::new();
        // The command that came before ended a line, so a dot may stand at the very beginning.
        receiver.ingest(&mut b"\r\n".iter(), &mut Vec::new());
        loop {
            let mut octets = self.unread.iter();
            let whole = receiver.ingest(&mut octets, &mut text);
            let left = octets.as_slice().len();
            self.unread.drain(..self.unread.len() - left);
            if whole {
                return if text.len() > MOST_OCTETS { Text::TooLarge } else { Text::Whole(text) };
            }
            if text.len() > MOST_OCTETS {
                return self.excess(&receiver).await;
            }
            if !self.read().await {
                return Text::Gone;
            }
        }
    }

    /// Reads the rest of a letter that is too large, so that the refusal is heard.
    async fn excess(&mut self, receiver: &DataReceiver) -> Text {
        let mut receiver = DummyDataReceiver::new_data(receiver);
        let mut most = MOST_EXCESS;
        loop {
            self.unread.clear();
            if most == 0 || !self.read().await {
                return Text::Gone;
            }
            most = most.saturating_sub(self.unread.len());
            let mut octets = self.unread.iter();
            if receiver.ingest(&mut octets) {
                let left = octets.as_slice().len();
                self.unread.drain(..self.unread.len() - left);
                return Text::TooLarge;
            }
        }
    }

    async fn read(&mut self) -> bool {
        let read = tokio::time::timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await;
        matches!(read, Ok(Ok(count)) if count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(octets: &[u8]) -> Wire<tokio::io::DuplexStream> {
        let (mut far, near) = tokio::io::duplex(64 << 10);
        far.write_all(octets).await.expect("room for it");
        Wire::new(near)
    }

    #[tokio::test]
    async fn lines_that_are_none_are_told_apart() {
        assert_eq!(sent(&[b'a'; 5000]).await.line().await, Line::TooLong);
        assert_eq!(sent(b"\x16\x03\x01\x02\x00").await.line().await, Line::Garbage, "a TLS hello");
        assert_eq!(sent(b"QUI").await.line().await, Line::Gone);
    }

    #[tokio::test]
    async fn a_letter_that_never_ends_is_hung_up_on() {
        let mut wire = sent(b"Subject: x\r\n\r\nhalf").await;
        assert_eq!(wire.text().await, Text::Gone);
    }

    #[tokio::test]
    async fn only_a_dot_between_two_line_ends_closes_a_letter() {
        let mut wire = sent(b"one\n.\ntwo\r\n..three\r\n.\r\nNOOP\r\n").await;
        let text = b"one\n.\ntwo\r\n.three\r\n".to_vec();
        assert_eq!(wire.text().await, Text::Whole(text));
        assert_eq!(wire.line().await, Line::Whole(b"NOOP\r\n".to_vec()), "what was pipelined is still there");
    }

    #[tokio::test]
    async fn an_empty_letter_ends_at_once() {
        assert_eq!(sent(b".\r\n").await.text().await, Text::Whole(Vec::new()));
    }
}
