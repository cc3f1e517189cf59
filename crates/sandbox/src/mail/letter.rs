//! A letter as a mail program shows it.

use std::collections::BTreeMap;

use mail_parser::{HeaderForm, Message, MessageParser, PartType};
use serde::Serialize;

use super::reply::Reply;
use crate::code::code_in;

/// One letter in one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Letter {
    pub(crate) id: u64,
    /// As the sender wrote it.
    pub(crate) to: String,
    /// As people read it; the same for every spelling of `to`.
    pub(crate) mailbox: String,
    #[serde(flatten)]
    pub(crate) content: Content,
    pub(crate) received_at: i64,
    /// Came over TLS.
    pub(crate) tls: bool,
    /// Its sender had signed in.
    pub(crate) authenticated: bool,
    /// Sent with SMTPUTF8.
    pub(crate) smtputf8: bool,
}

/// What is written in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Content {
    from: String,
    subject: String,
    /// The plain text, if it has one.
    text: Option<String>,
    /// The HTML, if it has one.
    pub(crate) html: Option<String>,
    /// Decoded. Several of one name are joined by line breaks.
    headers: BTreeMap<String, String>,
    /// The one-time code in the subject or the text.
    code: Option<String>,
}

impl Content {
    /// Reads a letter, or says what keeps it from being one.
    pub(super) fn read(octets: &[u8], smtputf8: bool) -> Result<Self, Reply> {
        let alone = |at: usize, octet: u8| match octet {
            b'\n' => at == 0 || octets[at - 1] != b'\r',
            b'\r' => octets.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        if octets.iter().enumerate().any(|(at, octet)| alone(at, *octet)) {
            return Err(Reply::new(550, "5.6.11", "a line ends in CR or LF alone"));
        }
        let headers = octets.windows(4).position(|end| end == b"\r\n\r\n").map_or(octets, |end| &octets[..end]);
        if !smtputf8 && !headers.is_ascii() {
            return Err(Reply::new(554, "5.6.9", "headers beyond ASCII need SMTPUTF8"));
        }
        let message = MessageParser::default().parse(octets).ok_or_else(|| no_letter("has no headers"))?;
        let from = message.from().and_then(|from| from.first()).ok_or_else(|| no_letter("has no From"))?;
        if message.date().is_none() {
            return Err(no_letter("has no Date"));
        }
        let address = from.address().unwrap_or_default();
        let subject = message.subject().unwrap_or_default().to_owned();
        let text = message.text_bodies().find_map(|part| match &part.body {
            PartType::Text(text) => Some(text.replace("\r\n", "\n")),
            _ => None,
        });
        let html = message.html_bodies().find_map(|part| match &part.body {
            PartType::Html(html) => Some(html.to_string()),
            _ => None,
        });
        // A year or a price in a letter is no code, and no code of Mostik is that short.
        let code = code_in(&subject, 4..=8).or_else(|| code_in(&message.body_text(0).unwrap_or_default(), 6..=8));
        Ok(Self {
            from: from.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>")),
            headers: headers_of(&message),
            subject,
            text,
            html,
            code,
        })
    }
}

fn headers_of(message: &Message<'_>) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    for header in message.headers() {
        let values = message.header_as(header.name().to_owned(), HeaderForm::Text);
        let values: Vec<_> = values.iter().filter_map(|value| value.as_text()).collect();
        headers.insert(header.name().to_owned(), values.join("\n"));
    }
    headers
}

fn no_letter(why: &str) -> Reply {
    Reply::new(554, "5.6.0", &format!("the letter {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(letter: &str, smtputf8: bool) -> String {
        Content::read(letter.as_bytes(), smtputf8).expect_err("no letter").short()
    }

    #[test]
    fn what_is_no_letter_is_refused() {
        for letter in ["", "hello", "From: a@b.example\r\n\r\n", "Date: Sun, 22 Nov 2026 10:00:00 +0300\r\n\r\n"] {
            assert_eq!(refusal(letter, false), "554 5.6.0", "{letter}");
        }
        assert_eq!(refusal("From: a@b.example\nSubject: x\n\n", false), "550 5.6.11");
        assert_eq!(refusal("From: a@b.example\r\nSubject: код\r\n\r\n", false), "554 5.6.9");
    }

    #[test]
    fn a_letter_is_read_with_both_its_bodies() {
        let letter = "From: =?utf-8?b?0JzQvtGB0YLQuNC6?= <no-reply@mostik.example>\r\nTo: anya@example.ru\r\n\
            Date: Sun, 22 Nov 2026 10:00:00 +0300\r\nSubject: =?utf-8?b?0JrQvtC0IDQ4MSA5MjA=?=\r\n\
            Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\
            \r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nКод 481920, 2026 год\r\n\
            --x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Код <b>481920</b>\r\n--x--\r\n";
        let content = Content::read(letter.as_bytes(), false).expect("a letter");
        assert_eq!(
            (content.from.as_str(), content.subject.as_str()),
            ("Мостик <no-reply@mostik.example>", "Код 481 920")
        );
        assert_eq!(content.code.as_deref(), Some("481920"));
        assert_eq!(content.text.as_deref().map(str::trim), Some("Код 481920, 2026 год"));
        assert!(content.html.is_some_and(|html| html.contains("<b>481920</b>")));
        assert_eq!(content.headers["Auto-Submitted"], "auto-generated");
    }

    #[test]
    fn a_letter_may_have_no_code_and_one_body() {
        let letter = "From: a@b.example\r\nDate: Sun, 22 Nov 2026 10:00:00 +0300\r\n\r\nВ 2026 году сменили пароль\r\n";
        let content = Content::read(letter.as_bytes(), false).expect("a letter");
        assert_eq!((content.code, content.html, content.subject), (None, None, String::new()));
    }
}
