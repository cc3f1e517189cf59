//! `text/event-stream`, as far as it is needed (HTML standard, 9.2): bytes in, the data of events out.

use std::time::Duration;

/// An event larger than this is none of the contract's.
const LARGEST_EVENT: usize = 1024 * 1024;

/// Where the stream stood; it outlives a connection.
#[derive(Debug, Default)]
pub struct Position {
    last_event: Option<String>,
    retry: Option<Duration>,
}

impl Position {
    /// `Last-Event-ID` for the next connection.
    pub fn last_event(&self) -> Option<&str> {
        self.last_event.as_deref()
    }

    /// How long the sender wants a new connection to wait.
    pub fn retry(&self) -> Duration {
        self.retry.unwrap_or_default()
    }
}

/// An event beyond all measure.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Reads one connection.
pub struct Parser<'a> {
    position: &'a mut Position,
    line: Vec<u8>,
    data: String,
    has_data: bool,
    id: Option<String>,
    at_start: bool,
    after_return: bool,
}

impl<'a> Parser<'a> {
    pub const fn new(position: &'a mut Position) -> Self {
        Self {
            position,
            line: Vec::new(),
            data: String::new(),
            has_data: false,
            id: None,
            at_start: true,
            after_return: false,
        }
    }

    /// Takes bytes, cut anywhere; gives the data of the events that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLarge> {
        let mut events = Vec::new();
        for &byte in bytes {
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                // The second half of CR LF.
                b'\n' if after_return => {}
                b'\r' | b'\n' => {
                    let line = std::mem::take(&mut self.line);
                    let line = if std::mem::take(&mut self.at_start) {
                        line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line)
                    } else {
                        &line
                    };
                    events.extend(self.line(&String::from_utf8_lossy(line)));
                }
                byte => self.line.push(byte),
            }
            if self.line.len() + self.data.len() > LARGEST_EVENT {
                return Err(TooLarge);
            }
        }
        Ok(events)
    }

    fn line(&mut self, line: &str) -> Option<String> {
        if line.is_empty() {
            if let Some(id) = self.id.take() {
                self.position.last_event = Some(id);
            }
            let data = std::mem::take(&mut self.data);
            return std::mem::take(&mut self.has_data).then_some(data);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|b| b.is_ascii_digit()) => {
                self.position.retry = value.parse().ok().map(Duration::from_millis);
            }
            // A comment (an empty field), `event`, and what is not known.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> (Vec<String>, Position) {
        let mut position = Position::default();
        let events = Parser::new(&mut position).push(text).unwrap();
        (events, position)
    }

    #[test]
    fn an_event_without_end_is_refused() {
        let mut position = Position::default();
        let mut parser = Parser::new(&mut position);
        let chunk = vec![b'x'; LARGEST_EVENT / 2];
        parser.push(&chunk).unwrap();
        assert_eq!(parser.push(&chunk).and_then(|_| parser.push(b"x")), Err(TooLarge));
    }

    #[test]
    fn what_is_not_finished_is_no_event_and_moves_nothing() {
        let (events, position) = read(b"id: 7\ndata: a\n");
        assert!(events.is_empty());
        assert_eq!(position.last_event(), None);
    }

    #[test]
    fn comments_and_unknown_fields_say_nothing() {
        let (events, _) = read(b": alive\n\n:\n\nevent: linking\n\nfoo: bar\n\n");
        assert!(events.is_empty());
    }

    #[test]
    fn every_line_ending_and_every_cut_reads_the_same() {
        let text = "\u{feff}: hi\nid: 1\nretry: 1500\ndata: один\ndata:two\n\nid: 2\ndata\n\n";
        for ending in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', ending);
            for cut in 0..=text.len() {
                let mut position = Position::default();
                let mut parser = Parser::new(&mut position);
                let mut events = parser.push(&text.as_bytes()[..cut]).unwrap();
                events.extend(parser.push(&text.as_bytes()[cut..]).unwrap());
                assert_eq!(events, ["один\ntwo", ""], "{ending:?} {cut}");
                assert_eq!(position.last_event(), Some("2"));
                assert_eq!(position.retry(), Duration::from_millis(1500));
            }
        }
    }
}
