//! From words to a letter: text and HTML, and headers that tell machines what it is.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use mostik_wire::{Email, Millis};

use super::texts::{Letter, Words};
use crate::{language::Language, page::escaped};

/// Why a letter cannot be written; never its text.
#[derive(Debug, thiserror::Error)]
#[error("a letter cannot be written: {0}")]
pub struct Unwritable(&'static str);

/// Writes a letter. The same outbox row gives the same Message-ID and Date each time, so that a mailbox that gets it twice
/// shows it once.
pub fn write(from: &Email, to: &Email, id: &str, at: Millis, letter: &Letter) -> Result<Message, Unwritable> {
    let sender = match letter.language {
        Language::Ru => "Мостик",
        Language::En => "Mostik",
    };
    let domain = from.address().rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_owned());
    let words = letter.words();
    let (from, to) = (address(from)?, address(to)?);
    // Said outright, or it would be read out of the headers again.
    let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(|_| Unwritable("its envelope"))?;
    let builder = Message::builder()
        .envelope(envelope)
        .from(Mailbox::new(Some(sender.into()), from))
        .to(Mailbox::new(None, to))
        .subject(words.subject.clone())
        .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(at.0).unwrap_or_default()))
        .message_id(Some(format!("<{id}@{domain}>")))
        // RFC 3834: no holiday notice answers it.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Content-Language"), letter.language.tag().into()));
    builder
        .multipart(MultiPart::alternative_plain_html(plain(&words), html(&words, letter.language)))
        .map_err(|_| Unwritable("its parts"))
}

// As it was read: lettre knows fewer of the signs that RFC 6531 allows.
fn address(email: &Email) -> Result<Address, Unwritable> {
    let address = email.address();
    let (local, domain) = address.rsplit_once('@').ok_or(Unwritable("an address"))?;
    Ok(Address::new_dangerous(local, domain))
}

fn plain(words: &Words) -> String {
    let mut parts = words.paragraphs.clone();
    if let Some(code) = &words.code {
        parts.insert(1.min(parts.len()), format!("    {code}"));
    }
    parts.join("\n\n") + "\n"
}

fn html(words: &Words, language: Language) -> String {
    let mut parts: Vec<String> = words.paragraphs.iter().map(|p| format!("<p>{}</p>", escaped(p))).collect();
    if let Some(code) = &words.code {
        let large = "font:700 32px/1.3 ui-monospace,monospace;letter-spacing:4px;margin:16px 0";
        parts.insert(1.min(parts.len()), format!("<p style=\"{large}\">{}</p>", escaped(code)));
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body style=\"font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:24px auto;padding:0 16px\">\n{}\n</body></html>\n",
        language.tag(),
        escaped(&words.subject),
        parts.join("\n"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{News, texts::Event};

    fn written(to: &str, news: News) -> String {
        let (from, to) = (Email::parse("no-reply@школа.рф").unwrap(), Email::parse(to).unwrap());
        let letter = Letter { language: Language::Ru, news };
        let message = write(&from, &to, "row-1", Millis(1_795_413_600_000), &letter).unwrap();
        String::from_utf8(message.formatted()).unwrap()
    }

    #[test]
    fn one_row_has_one_message_id_and_one_date() {
        let letter = || written("olga@mail.ru", News::Code { code: "481902".into() });
        for header in [
            "Message-ID: <row-1@xn--80aa0aqbf.xn--p1ai>\r\n".replace("xn--80aa0aqbf", "xn--80asb1ac"),
            "Date: Mon, 23 Nov 2026".into(),
            "Auto-Submitted: auto-generated\r\n".into(),
        ] {
            let shown = letter();
            let name = header.split(':').next().unwrap();
            let line = shown.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
            if name == "Message-ID" {
                assert!(line.starts_with("Message-ID: <row-1@xn--") && line.ends_with(".xn--p1ai>"), "{line}");
            } else {
                assert!(format!("{line}\r\n").starts_with(&header), "{line}");
            }
        }
    }

    #[test]
    fn a_name_out_of_the_diary_is_a_text_and_no_markup() {
        let words = Letter {
            language: Language::Ru,
            news: News::Linked { name: "<b>Аня</b>".into(), event: Event { at: Millis(0), device: None } },
        }
        .words();
        assert!(html(&words, Language::Ru).contains("&lt;b&gt;Аня&lt;/b&gt;"));
    }

    #[test]
    fn a_cyrillic_local_part_is_written_as_it_is() {
        assert!(written("аня@почта.рф", News::Code { code: "1".into() }).contains("To: аня@xn--"));
    }
}
